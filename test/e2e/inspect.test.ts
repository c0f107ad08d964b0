import { isDeepStrictEqual } from 'node:util';
import { request } from 'node:http';
import type { ShownStep } from '../../src/cli/inspect/inspected-charts.ts';
import { EventStream } from '../support/event-stream.ts';
import { awaited, kill } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { BACKOFF, inspecting, stopped, crash } from './support/inspecting.ts';

const childOf = ({ snapshot }: ShownStep): unknown => (snapshot.value as { readonly child?: unknown }).child;

/** Those that say what is there, rather than what has happened. */
const present = (steps: readonly ShownStep[]): readonly string[] =>
  steps.flatMap(({ event, name }) => (event === null ? [name] : []));

const RUNNING = { want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } };

test('T-153 the inspector first hears of every chart as it is, then of each step', async () => {
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('--local');
  const stream = new EventStream<ShownStep>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 3 || null, 'three charts');
  expect(present(stream.messages)).toEqual(['overseerd', 'web', 'worker']);
  expect(stream.messages[1]?.snapshot.value).toEqual(RUNNING);
  await crash('web', 2);
  const steps = (): readonly ShownStep[] =>
    stream.messages.filter(({ sessionId, event }) => sessionId === 'job:web' && event !== null);
  const isRunningAgain = (): boolean =>
    steps().filter((step) => isDeepStrictEqual(childOf(step), { Up: 'Running' })).length === 2;
  await awaited(async () => isRunningAgain() || null, 'the second restart');
  const life = [
    ['{"Ending":"Draining"}', 'stopping (SIGKILL)', 'bad', ['job.child.Up ChildExited 0']],
    ['{"AtRest":"Backoff"}', 'backoff (SIGKILL)', 'bad', ['job.child.Ending GroupGone 4']],
    [
      '{"Up":{"Starting":"Spawning"}}',
      'starting',
      'busy',
      [
        'job.child.AtRest.Backoff xstate.after.backoff.job.child.AtRest.Backoff 0',
        'job.child.Waiting.ForDependencies always 0',
        'job.child.Waiting.ForTest always 0',
      ],
    ],
    ['{"Up":{"Starting":"Settling"}}', 'starting', 'busy', [expect.stringContaining('Spawned')]],
    ['{"Up":"Running"}', 'running', 'up', [expect.stringContaining('after.startTime')]],
  ];
  expect(
    steps().map((step) => [JSON.stringify(childOf(step)), step.look?.words, step.look?.tone, step.taken]),
  ).toEqual([...life, ...life]);

  // An inspector that connects late gets the current state.
  const late = new EventStream<ShownStep>(`${inspector.url}events`);
  await awaited(async () => late.messages.length >= 3 || null, 'three charts');
  expect(present(late.messages)).toEqual(['overseerd', 'web', 'worker']);
  expect(late.messages[1]?.snapshot.value).toEqual(RUNNING);

  // A job that comes is shown, one that goes is over.
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('newer'));
  await home.apply();
  await awaited(async () => present(stream.messages).includes('newer') || null, 'a new job');
  const last = stream.messages.findLast(({ sessionId }) => sessionId === 'job:worker');
  expect(last).toMatchObject({
    snapshot: { status: 'stopped', value: { child: 'Gone' } },
  });

  expect(await stopped(inspector)).toMatchObject({ code: 0, stderr: '' });
  await awaited(async () => (stream.hasEnded && late.hasEnded) || null, 'the ends of the streams');
});

test('T-154 inspect shows the named jobs and no others, and goes on with the next daemon', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('web', '--local');
  const stream = new EventStream<ShownStep>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 2 || null, 'two charts');
  await home.overseer('restart', 'worker');
  await home.overseer('die');
  await awaited(async () => stream.named('lost').length > 0 || null, 'the end of the daemon');
  const late = new EventStream<ShownStep>(`${inspector.url}events`);
  await awaited(async () => late.named('lost').length > 0 || null, 'a late viewer that hears of it');
  const before = stream.messages.length;
  await home.apply();
  const isRunning = ({ look }: ShownStep): boolean => look?.state === 'running';
  for (const each of [stream, late]) {
    await awaited(async () => each.named('found').length > 0 || null, 'the next daemon');
    const from = each === stream ? before : 0;
    await awaited(async () => each.messages.slice(from).some(isRunning) || null, 'its job');
  }
  expect(await stopped(inspector)).toMatchObject({
    code: 0,
    stderr: 'the daemon has ended; waiting for the next one\nthe next daemon is there\n',
  });
  expect(new Set(stream.messages.map(({ sessionId }) => sessionId.split(':')[0]))).toEqual(
    new Set(['daemon', 'job']),
  );
  expect(stream.messages.some(({ sessionId }) => sessionId === 'job:worker')).toBe(false);
});

test('T-1182 inspect goes on with the next daemon also when one was killed', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting();
  const stream = new EventStream<ShownStep>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 2 || null, 'two charts');
  kill((await home.status()).daemon.pid, 'SIGKILL');
  await awaited(async () => stream.named('lost').length > 0 || null, 'the end of the daemon');
  const before = stream.messages.length;
  await home.apply();
  await awaited(async () => stream.messages.length >= before + 2 || null, 'the charts of the next');
  expect(await stopped(inspector)).toMatchObject({ code: 0 });
});

test('T-1183 a page can ask what happened to a job before, and to no other job', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('worker'));
  await home.apply();
  await home.overseer('restart', 'web');
  const inspector = await inspecting('web');
  const history = (await (await fetch(`${inspector.url}history/web`)).json()) as { readonly state: string }[];
  expect(history.map(({ state }) => state)).toEqual([
    'starting',
    'running',
    'stopping',
    'starting',
    'running',
  ]);
  const codes = ['worker', 'nobody', '%ff', ''].map(
    async (name) => (await fetch(`${inspector.url}history/${name}`)).status,
  );
  expect(await Promise.all(codes)).toEqual([404, 404, 404, 404]);
  await stopped(inspector);
});

test('T-155 inspect without a daemon, job or port says so and serves nothing', async () => {
  expect(await home.overseer('inspect')).toMatchObject({ code: 3, stdout: '' });
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  expect(await home.overseer('inspect', 'wob')).toMatchObject({ code: 4, stdout: '' });
  const inspector = await inspecting('--local');
  const { port } = new URL(inspector.url);
  const second = await home.overseer('inspect', '--local', '--port', port);
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toMatch(
    /^overseer: cannot serve a page at port \d+: another program listens there\n$/,
  );
  expect(await home.overseer('inspect', '--port', '70000')).toMatchObject({ code: 64 });
  await stopped(inspector);
});

test('the pages need the secret address, under this host and from no other page', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting();
  const { port, pathname } = new URL(inspector.url);
  const code = (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.destroy();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  const wrong = `/${'0'.repeat(32)}/`;
  for (const page of ['', 'local', 'stately', 'events']) expect(await code(pathname + page)).toBe(200);
  expect([
    await code('/'),
    await code(wrong),
    await code(`${wrong}events`),
    await code(`${pathname}constructor`),
  ]).toEqual([404, 404, 404, 404]);
  expect(await code(`${pathname}events`, { host: `rebound.example:${port}` })).toBe(403);
  expect(await code(`${pathname}events`, { origin: 'https://elsewhere.example' })).toBe(403);
  expect(await code(`${pathname}events`, { origin: `http://127.0.0.1:${port}` })).toBe(200);
  expect(await code(pathname, {}, 'POST')).toBe(405);
  await stopped(inspector);
});

test('inspect refuses more jobs than anybody looks at, and more viewers than it serves', async () => {
  // They wait for next year, so that no process is started for them.
  home.write(
    'jobs.toml',
    '[[jobs]]\nname = "many"\ninstances = 1001\nschedule = "0 0 1 1 *"\njob_command = "true"\n' +
      sleeper('web'),
  );
  await home.apply();
  const refused = await home.overseer('inspect', '--local');
  expect(refused).toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('1002 jobs are more than the 1000') as string,
  });
  const inspector = await inspecting('web', '--local');
  const streams = Array.from({ length: 16 }, () => new EventStream<ShownStep>(`${inspector.url}events`));
  await awaited(
    async () => streams.every(({ messages }) => messages.length >= 2) || null,
    'two charts for each viewer',
  );
  const codeOf = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asking = request(`${inspector.url}events`, (response) => {
        response.destroy();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end();
    });
  expect(await codeOf()).toBe(503);
  streams[0]?.close();
  await awaited(async () => (await codeOf()) === 200 || null, 'room for another');
  await stopped(inspector);
});
