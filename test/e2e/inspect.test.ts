import { isDeepStrictEqual } from 'node:util';
import { request } from 'node:http';
import { createMachine } from 'xstate';
import { jobMachine } from '../../machines/job.ts';
import { graphOf } from '../../src/chart/graph.ts';
import { toText } from '../../src/chart/text.ts';
import type { StatelyMessage } from '../../src/cli/inspect/stately.ts';
import { EventStream } from '../support/event-stream.ts';
import { awaited } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { BACKOFF, inspecting, stopped, crash } from './support/inspecting.ts';

const valueOf = (message: StatelyMessage): { readonly child?: unknown } =>
  'snapshot' in message ? (message.snapshot.value as object) : {};

const actors = (messages: readonly StatelyMessage[]): readonly string[] =>
  messages.flatMap((message) => (message.type === '@xstate.actor' ? [message.name] : []));

test('T-153 the inspector first hears of every chart as it is, then of each step', async () => {
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('--local');
  const stream = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 3 || null, 'three charts');
  expect(actors(stream.messages)).toEqual(['overseerd', 'web', 'worker']);
  expect(valueOf(stream.messages[1]!)).toEqual({
    want: 'Yes',
    test: { Idle: 'Quiet' },
    child: { Up: 'Running' },
  });
  await crash('web', 2);
  await home.until('web', ({ state }) => state === 'backoff');
  await home.until('web', ({ state }) => state === 'running');
  const isRunningAgain = (): boolean =>
    stream.messages.filter((message) => isDeepStrictEqual(valueOf(message).child, { Up: 'Running' }))
      .length === 4;
  await awaited(async () => isRunningAgain() || null, 'the second restart');
  const steps = stream.messages.filter(
    ({ sessionId, type }) => sessionId === 'job:web' && type === '@xstate.snapshot',
  );
  const life = [
    '{"Ending":"Draining"}',
    '{"AtRest":"Backoff"}',
    '{"Up":{"Starting":"Spawning"}}',
    '{"Up":{"Starting":"Settling"}}',
    '{"Up":"Running"}',
  ];
  expect(steps.map((message) => JSON.stringify(valueOf(message).child))).toEqual([...life, ...life]);
  const events = stream.messages.flatMap((message) =>
    message.type === '@xstate.event' && message.sessionId === 'job:web' ? [message.event.type] : [],
  );
  expect(events).toEqual(
    steps.map((message) => (message.type === '@xstate.snapshot' ? message.event.type : '')),
  );

  // Whoever comes late is told how it is now, and who it is by a definition that makes the same chart.
  const late = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => late.messages.length >= 3 || null, 'three charts');
  const web = late.messages[1]!;
  expect(valueOf(web)).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } });
  const copy = createMachine(
    JSON.parse(web.type === '@xstate.actor' ? web.definition : '') as never,
    jobMachine.implementations as never,
  );
  expect(toText(graphOf(copy))).toBe(toText(graphOf(jobMachine as never)));

  // A job that comes is shown, one that goes is over.
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('newer'));
  await home.apply();
  await awaited(async () => actors(stream.messages).includes('newer') || null, 'a new job');
  const last = stream.messages.findLast(({ sessionId }) => sessionId === 'job:worker');
  expect(last).toMatchObject({
    type: '@xstate.snapshot',
    snapshot: { status: 'stopped', value: { child: 'Gone' } },
  });

  expect(await stopped(inspector)).toMatchObject({ code: 0, stderr: '' });
  await awaited(async () => (stream.hasEnded && late.hasEnded) || null, 'the ends of the streams');
});

test('T-154 named jobs are inspected and no others, and the end of the daemon ends it', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('web', '--local');
  const stream = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 2 || null, 'two charts');
  await home.overseer('restart', 'worker');
  await home.overseer('die');
  expect(await inspector.ran).toMatchObject({ code: 0, stderr: 'the daemon has ended\n' });
  expect(new Set(stream.messages.map(({ sessionId }) => sessionId.split(':')[0]))).toEqual(
    new Set(['daemon', 'job']),
  );
  expect(stream.messages.some(({ sessionId }) => sessionId === 'job:worker')).toBe(false);
});

test('T-155 without a daemon, without such a job, or without the port, it says so and serves nothing', async () => {
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

test('the pages are for whoever knows the address, under this host and from no other page', async () => {
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
  const streams = Array.from({ length: 16 }, () => new EventStream<StatelyMessage>(`${inspector.url}events`));
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
