import { appendFileSync, mkdirSync } from 'node:fs';
import { Args } from '../../../../src/cli/argv/args.ts';
import { fail } from '../../../../src/cli/fail.ts';
import { Foreground } from '../../../../src/cli/run/foreground.ts';
import type { AttachedDaemon } from '../../../../src/client/ports.ts';
import { dataFolder, logOf } from '../../../../src/data-folder.ts';
import type { JobStatus, Reply, Request, Transition } from '../../../../src/wire/messages.ts';
import { WireError } from '../../../../src/wire/wire-error.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';
import { fakePorts, fakeWorld, HOMES, socketText } from '../../../support/fake-client.ts';
import { leastCli } from '../../../support/least-cli.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { job } from '../../../support/sample-replies.ts';
import { until } from '../../../support/until.ts';

interface Story {
  readonly flags?: Readonly<Record<string, boolean>>;
  readonly names?: readonly string[];
  readonly jobs?: readonly string[];
  /** What the daemon says to the config. */
  readonly applied?: Reply;
  /** After so many bytes nobody reads the output any more. */
  readonly leavesAfter?: number;
  /** What the log of `web` holds from an earlier run. */
  readonly logged?: string;
}

const answer = (of: object): Reply => ({ kind: 'answer', answer: of as never });
const APPLIED = answer({ ok: true, changes: [], problems: [] });

/** A `run` whose daemon does what the test says. */
function running({
  flags = {},
  names = ['web', 'db'],
  jobs = [],
  applied = APPLIED,
  logged = '',
  ...given
}: Story = {}) {
  const data = newFolder();
  const { logs } = dataFolder(data);
  mkdirSync(logs, { recursive: true });
  appendFileSync(logOf(logs, 'web'), logged);
  const out = new KeptOutput(given);
  const asked: Request[] = [];
  const signals: string[] = [];
  const interruptions: AbortController[] = [];
  const caught: (readonly string[])[] = [];
  const told = {
    statuses: [] as readonly JobStatus[],
    isThere: true,
    isOver: false,
    /** It breaks off where it is told to end. */
    breaksOff: false,
    /** How often it is found still running after it has answered. */
    looksLeft: 0,
  };
  let follower: { reply(reply: Reply): void; close(error: WireError): void } | null = null;
  const reply = (request: Request, say: (reply: Reply) => void, close: (error: WireError) => void): void => {
    if (request.name === 'status') say(answer({ jobs: told.statuses }));
    else if (request.name === 'apply') say(request.configDir === HOMES.config ? applied : APPLIED);
    else if (request.name === 'DIE' && told.breaksOff) close(new WireError('closed', 'it broke off'));
    else if (request.name === 'DIE') {
      say(answer({ kept: [] }));
      told.isThere = false;
      follower?.reply(answer({}));
    }
  };
  const fake = fakePorts(fakeWorld({ socket: { kind: 'text', text: socketText(1) } }));
  const ports = {
    ...fake,
    // The process ends with the run, and its timers with it.
    clock: {
      ...fake.clock,
      after: (ms: number, callback: () => void) => fake.clock.after(ms, () => !told.isOver && callback()),
    },
    connect: () =>
      Promise.resolve({
        request: (request: Request, say: (reply: Reply) => void, close: (error: WireError) => void) => {
          asked.push(request);
          if (request.name === 'events') {
            follower = { reply: say, close };
            setImmediate(() => say({ kind: 'event', event: { machine: 'daemon' } as Transition }));
          } else setImmediate(() => reply(request, say, close));
        },
        close: () => undefined,
        pause: () => undefined,
        resume: () => undefined,
      }),
  };
  const { cli, err } = leastCli({
    args: new Args(flags),
    ports,
    out,
    interruption: (...names) => {
      caught.push(names);
      interruptions.push(new AbortController());
      return interruptions.at(-1)!.signal;
    },
    fail: (failure) => fail({ out, err, jsonIndent: null }, failure),
  });
  const daemon = {
    exitCode: () => (told.isThere || (told.looksLeft -= 1) >= 0 ? null : 0),
    ending: () => 'ended',
    logTail: () => 'the end of its log',
    signal: (name: string) => signals.push(name),
  } as AttachedDaemon;
  const foreground = new Foreground(cli, { homes: { ...HOMES, data }, daemon, names, jobs });
  const end = foreground.run().finally(() => (told.isOver = true));
  return {
    end,
    out,
    err,
    asked,
    signals,
    interruptions,
    caught,
    told,
    /** It has looked at the jobs for the first time. */
    begun: () => until(() => asked.some(({ name }) => name === 'status')),
    event: (given: Partial<Transition>) => follower?.reply({ kind: 'event', event: step(given) }),
    breakOff: () => follower?.close(new WireError('closed', 'the daemon closed the connection')),
    prints: (name: string, text: string) => appendFileSync(logOf(logs, name), text),
    deaths: () => asked.filter(({ name }) => name === 'DIE').length,
  };
}

const step = (given: Partial<Transition>): Transition => ({
  at: '2026-01-01T00:00:00.000Z',
  machine: 'job',
  id: 'web',
  job: 'web',
  event: 'Spawned',
  from: 'want.Yes child.Up.Starting.Spawning',
  to: 'want.Yes child.Up.Starting.Settling',
  detail: 'pid 4',
  ...given,
});
const ENDED = {
  event: 'GroupGone',
  from: 'want.Yes child.Ending.Stopping',
  to: 'want.Yes child.AtRest.Ended.Finished',
};

test('the config is applied once no transition can be missed, over that of an earlier run', async () => {
  const run = running({ jobs: ['web'] });
  await run.begun();
  const [forget, follow, apply] = run.asked;
  expect([forget, follow, apply]).toMatchObject([
    { name: 'apply', replace: true, allowEmpty: true, wait: true },
    { name: 'events', follow: true, verbose: true },
    { name: 'apply', configDir: HOMES.config, replace: true, wait: false, jobs: ['web'] },
  ]);
  expect((forget as { configDir: string }).configDir).toMatch(/\/none$/);
  run.interruptions[0]?.abort();
  expect(await run.end).toBe(0);
});

test('what a job prints stands between the lines about its start and its end', async () => {
  const run = running();
  run.told.statuses = [job({ name: 'web' }), job({ name: 'db' })];
  await run.begun();
  run.prints('web', 'hello\n');
  run.event({});
  await until(() => run.out.text.includes('hello'));
  run.prints('web', 'bye\n');
  run.told.statuses = [job({ name: 'web', state: 'finished' }), job({ name: 'db', state: 'finished' })];
  run.event(ENDED);
  expect(await run.end).toBe(0);
  expect(run.out.text.split('\n').map((line) => line.replace(/^web +\|? ?/, ''))).toEqual([
    expect.stringContaining('started, pid 4'),
    expect.stringContaining('hello'),
    expect.stringContaining('bye'),
    expect.stringContaining('finished'),
    '',
  ]);
  expect([run.err.text, run.deaths()]).toEqual(['', 1]);
});

test('the last words of a job are shown also without the end of their line', async () => {
  const run = running();
  run.told.statuses = [job({ name: 'web' }), job({ name: 'db' })];
  await run.begun();
  run.event({});
  await until(() => run.out.text.includes('started'));
  run.prints('web', 'half a line');
  run.told.statuses = [job({ name: 'web', state: 'finished' }), job({ name: 'db', state: 'finished' })];
  run.event(ENDED);
  await run.end;
  expect(run.out.text).toContain('half a line');
});

test('a run in which a job has failed exits with 1 and names it', async () => {
  const run = running();
  await run.begun();
  run.told.statuses = [
    job({ name: 'web', state: 'failed', lastExit: { code: 3, signal: null, at: '' } }),
    job({ name: 'db', state: 'finished' }),
  ];
  run.event(ENDED);
  expect([await run.end, run.err.text, run.deaths()]).toEqual([1, 'overseer: web exited with 3\n', 1]);
});

test('with --exit-on-failure the first failure ends the run, and without it the others go on', async () => {
  const statuses = [
    job({ name: 'web', state: 'backoff', lastExit: { code: 4, signal: null, at: '' } }),
    job({ name: 'db' }),
  ];
  const strict = running({ flags: { 'exit-on-failure': true } });
  await strict.begun();
  strict.told.statuses = statuses;
  strict.event(ENDED);
  expect([await strict.end, strict.err.text]).toEqual([1, 'overseer: web exited with 4\n']);
  const patient = running();
  await patient.begun();
  patient.told.statuses = statuses;
  const looks = patient.asked.length;
  patient.event(ENDED);
  await until(() => patient.asked.length > looks);
  expect(patient.deaths()).toBe(0);
  patient.interruptions[0]?.abort();
  expect(await patient.end).toBe(0);
});

test('a job that cannot start is told once, and again after it could meanwhile', async () => {
  const run = running();
  const stuck = job({ name: 'web', state: 'held', outlook: { kind: 'held' } });
  const told = (): number => run.out.text.split('will not start: its test says no').length - 1;
  const anotherLook = async (): Promise<void> => {
    const asked = run.asked.length;
    run.event({ event: 'Apply', to: 'want.Yes child.Up.Running', from: 'want.Yes child.Up.Running' });
    await until(() => run.asked.length > asked);
  };
  const look = async (statuses: readonly JobStatus[]): Promise<void> => {
    run.told.statuses = statuses;
    await anotherLook();
    // By then all is said about the first.
    await anotherLook();
  };
  await run.begun();
  await look([stuck, job({ name: 'db' })]);
  await until(() => told() === 1);
  await look([stuck, job({ name: 'db' })]);
  await look([job({ name: 'web' }), job({ name: 'db' })]);
  expect(told()).toBe(1);
  await look([stuck, job({ name: 'db' })]);
  await until(() => told() === 2);
  run.interruptions[0]?.abort();
  await run.end;
});

test('a config with problems ends the run with 78 and shows them', async () => {
  const problem = { file: '/p/overseer.toml', line: 3, column: 1, message: 'unknown key' };
  const run = running({ applied: answer({ ok: false, changes: [], problems: [problem] }) });
  expect(await run.end).toBe(78);
  expect([run.err.text, run.deaths()]).toEqual([
    expect.stringContaining('/p/overseer.toml:3:1: unknown key'),
    1,
  ]);
});

test('a config that the daemon refuses ends the run with 1 and its words', async () => {
  const refusal = { kind: 'refusal', refusal: { code: 'busy', message: 'it is ending' } } as unknown as Reply;
  const run = running({ applied: refusal });
  expect(await run.end).toBe(1);
  expect([run.err.text, run.deaths()]).toEqual(['overseer: the config was not applied: it is ending\n', 1]);
});

test('Ctrl-C stops every job, and a second one kills what is left, again and again', async () => {
  const run = running();
  await run.begun();
  expect(run.interruptions.length).toBe(1);
  run.told.statuses = [job({ name: 'web' })];
  run.interruptions[0]?.abort();
  run.interruptions[1]?.abort();
  expect(run.signals).toEqual(['SIGQUIT']);
  await until(() => run.signals.length > 2);
  expect(await run.end).toBe(0);
  expect(run.err.text).toBe('overseer: stopping; once more to kill what is left\n');
  expect(run.deaths()).toBe(1);
});

test('a run whose reader leaves ends its jobs', async () => {
  const run = running({ leavesAfter: 5 });
  run.told.statuses = [job({ name: 'web' })];
  await run.begun();
  run.event({});
  await run.end;
  expect(run.deaths()).toBe(1);
});

test('with --json each transition is an object on a line, and notes are left out', async () => {
  const run = running({ flags: { json: true } });
  await run.begun();
  run.told.statuses = [job({ name: 'web', state: 'held', outlook: { kind: 'held' } })];
  run.event({ event: 'TestFailed' });
  expect(await run.end).toBe(1);
  const lines = run.out.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; id: string });
  expect(lines.map(({ event, id }) => `${id} ${event}`)).toEqual(['web TestFailed']);
});

test('a run that loses its daemon says what it logged, and whether its jobs were ended', async () => {
  const run = running();
  await run.begun();
  run.breakOff();
  expect(await run.end).toBe(1);
  expect(run.err.text).toContain(
    'the daemon broke off, so every job was ended; it logged:\nthe end of its log',
  );
  expect(run.deaths()).toBe(1);
});

test('Ctrl-C, SIGTERM and a closed terminal end a run', async () => {
  const run = running();
  await run.begun();
  expect(run.caught).toEqual([['SIGINT', 'SIGTERM', 'SIGHUP']]);
  run.interruptions[0]?.abort();
  await run.end;
});

test('a run that is ended by hand exits with 1 if a job had failed', async () => {
  const run = running();
  run.told.statuses = [job({ name: 'web', state: 'failed' }), job({ name: 'db' })];
  await run.begun();
  run.interruptions[0]?.abort();
  expect(await run.end).toBe(1);
});

test('a run ends its jobs with its daemon, and ends when that is gone', async () => {
  const run = running();
  await run.begun();
  run.told.looksLeft = 5;
  run.interruptions[0]?.abort();
  await run.end;
  expect(run.asked).toContainEqual({ name: 'DIE', keepJobs: false });
  expect(run.told.looksLeft).toBe(-1);
});

test('a run that cannot end the jobs of a lost daemon says how they are found', async () => {
  const run = running();
  await run.begun();
  run.told.breaksOff = true;
  run.breakOff();
  expect(await run.end).toBe(1);
  expect(run.err.text).toMatch(
    /its jobs could not be ended: `overseer --data \S+ apply` finds them; it logged:/,
  );
  expect(run.asked).toContainEqual({ name: 'DIE', keepJobs: false });
});

test('a run shows nothing that was logged before it', async () => {
  const run = running({ logged: 'long ago\n' });
  run.told.statuses = [job({ name: 'web' })];
  await run.begun();
  run.event({});
  await until(() => run.out.text.includes('started'));
  run.prints('web', 'now\n');
  await until(() => run.out.text.includes('now'));
  expect(run.out.text).not.toContain('long ago');
  run.interruptions[0]?.abort();
  await run.end;
});

test('a reason with control characters does not reach the terminal as it is', async () => {
  const run = running();
  run.told.statuses = [job({ name: 'web' })];
  await run.begun();
  run.event({ detail: 'pid \u001b[2J' });
  await until(() => run.out.text.includes('started'));
  expect(run.out.text).toContain('started, pid \\e[2J');
  run.interruptions[0]?.abort();
  await run.end;
});
