import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, awaited, root } from './support/home.ts';
import { logHolds } from './support/log-holds.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
  mkdirSync(home.path('node_modules'));
  symlinkSync(root, home.path('node_modules/overseer'));
});
afterEach(() => home.dispose());

const SLEEPER = '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

interface Printed {
  readonly code: number | null;
  readonly out: unknown;
  readonly err: string;
}

/** Runs a program of a user; what it prints is one line of JSON. */
function run(text: string, file = 'program.mjs'): Promise<Printed> {
  writeFileSync(home.path(file), text);
  const child = spawn(process.execPath, [home.path(file)], { env: home.env, cwd: home.dir });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (err += String(data)));
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, out: out === '' ? null : JSON.parse(out), err })),
  );
}

const PROGRAM = (body: string): string => `
import * as library from 'overseer';
const { connect } = library;
const print = (value) => console.log(JSON.stringify(value));
${body}`;

test('the library finds the running daemon, and gives what --json prints', async () => {
  home.write('a.toml', SLEEPER);
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect();
    const { jobs } = await overseer.status('web');
    const { changes } = await overseer.plan();
    print({ daemon: overseer.daemon.pid, jobs, changes, why: (await overseer.why('web')).status.state });
    overseer.close();`),
  );
  const { daemon, jobs } = await home.json<{ daemon: { pid: number }; jobs: unknown }>('status');
  const { changes } = await home.json<{ changes: unknown }>('plan');
  expect(printed).toEqual({ code: 0, out: { daemon: daemon.pid, jobs, changes, why: 'running' }, err: '' });
});

test('why of the library gives what --json prints, the end of the log included', async () => {
  home.write(
    'a.toml',
    SLEEPER.replace('"sleep 1000"', `{ exe = "sh", args = ["-c", "echo up; sleep 1000"] }`),
  );
  await home.apply();
  await logHolds(home, 'web', 'up\n');
  const { out } = await run(PROGRAM(`print(await (await connect()).why('web'));`));
  expect(out).toEqual(await home.json('why', 'web'));
  expect(out).toMatchObject({ printed: ['up'] });
});

test('plan and apply of the library may be limited to some jobs', async () => {
  home.write('a.toml', SLEEPER + SLEEPER.replace('web', 'db'));
  const { out } = await run(
    PROGRAM(`
    const overseer = await connect({ launch: true });
    const { changes } = await overseer.plan({ jobs: 'web' });
    await overseer.apply({ jobs: ['web'] });
    const { jobs } = await overseer.status();
    print({ planned: changes.map(({ job }) => job), states: jobs.map(({ name, state }) => [name, state]) });`),
  );
  expect(out).toEqual({ planned: ['web'], states: [['web', 'running']] });
});

test('CommonJS and modules load one copy of it, so its errors are of one class', async () => {
  const printed = await run(
    `const { connect, NoDaemonError } = require('overseer');
     import('overseer').then(async (module) => {
       const error = await connect().catch((error) => error);
       console.log(JSON.stringify([error instanceof NoDaemonError, module.NoDaemonError === NoDaemonError, error.code]));
     });`,
    'program.cjs',
  );
  expect(printed).toEqual({ code: 0, out: [true, true, 'no-daemon'], err: '' });
});

test('jobs are started, stopped and restarted, and each call answers with a report', async () => {
  home.write('a.toml', SLEEPER);
  const printed = await run(
    PROGRAM(`
    const overseer = await connect({ launch: true });
    const brief = ({ ok, changes }) => [ok, ...changes.map(({ action, state }) => action + ' ' + state)];
    const first = brief(await overseer.apply());
    const stop = brief(await overseer.stop('web'));
    const start = brief(await overseer.start(['web']));
    const restart = brief(await overseer.restart('w*'));
    print({ first, stop, start, restart, signalled: await overseer.signal('SIGHUP', 'web') });`),
  );
  expect(printed.out).toEqual({
    first: [true, 'start running'],
    stop: [true, 'stop stopped'],
    start: [true, 'start running'],
    restart: [true, 'restart running'],
    signalled: ['web'],
  });
});

test('send writes to the standard input of a job, or rejects with the reason', async () => {
  home.write(
    'a.toml',
    `[[jobs]]\nname = "cat"\njob_command = "cat"\nstart_seconds = 0\nstdin = true\n${SLEEPER}`,
  );
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect();
    const sent = await overseer.send('cat', 'a line\\n');
    const { name, code } = await overseer.send('web', 'x').catch((error) => error);
    print([sent, name, code]);`),
  );
  expect(printed).toMatchObject({ out: [['cat'], 'RefusedError', 'no-stdin'], err: '' });
  await awaited(async () => home.log('cat') === 'a line\n' || null, 'the line');
});

test('every failure is an error of a class of its own, with the code of --json', async () => {
  home.write('a.toml', SLEEPER);
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect();
    const failure = async (promise) => { const error = await promise.catch((e) => e); return [error.name, error.code, error instanceof library.OverseerError]; };
    await overseer.stop('web');
    const failures = [
      await failure(overseer.status('nobody')),
      await failure(overseer.wait('web')),
      await failure(overseer.wait('web', { for: 'backoff', timeoutMs: 50 })),
      await failure(overseer.status([], { signal: AbortSignal.abort() })),
      await failure(connect({ data: '/nonexistent/data' })),
    ];
    overseer.close();
    failures.push(await failure(overseer.status()));
    print(failures);`),
  );
  expect(printed.err).toBe('');
  expect(printed.out).toEqual([
    ['NoSuchJobError', 'no-such-job', true],
    ['StuckError', 'stuck', true],
    ['StuckError', 'stuck', true],
    ['ClosedError', 'closed', true],
    ['NoDaemonError', 'no-daemon', true],
    ['ClosedError', 'closed', true],
  ]);
});

test('a wait that takes too long rejects with a TimedOutError', async () => {
  home.write('a.toml', SLEEPER);
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect();
    const error = await overseer.wait('web', { for: 'failed', timeoutMs: 100 }).catch((error) => error);
    print([error.name, error.code]);`),
  );
  expect(printed.out).toEqual(['TimedOutError', 'timeout']);
});

test('events are followed across the end of a daemon and the beginning of the next', async () => {
  home.write('a.toml', SLEEPER);
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect({ launch: true });
    const events = overseer.events({ reconnect: true, verbose: true });
    const first = events.next();
    // The first event says that the daemon has our request: nothing of what follows is missed.
    await overseer.status();
    await first;
    await overseer.restart('web');
    const pids = new Set();
    let ended = false;
    for await (const { machine, id } of events) {
      if (machine !== 'daemon') continue;
      pids.add(id);
      if (!ended) {
        ended = true;
        const { execFileSync } = await import('node:child_process');
        execFileSync(process.execPath, [${JSON.stringify(join(root, 'bin/overseer'))}, 'die']);
        await overseer.apply();
      }
      if (pids.size === 2) break;
      await overseer.status().catch(() => {});
    }
    print(pids.size);`),
  );
  expect(printed).toMatchObject({ code: 0, out: 2, err: '' });
});

test('events of a daemon that ends are over, and those that it remembers need no following', async () => {
  home.write('a.toml', SLEEPER);
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect();
    let remembered = 0;
    for await (const { machine } of overseer.events({ follow: false, verbose: true, jobs: 'web' })) remembered += machine === 'job' ? 1 : 0;
    const { execFileSync } = await import('node:child_process');
    const followed = overseer.events({ verbose: true });
    const first = followed.next();
    await overseer.status();
    await first;
    execFileSync(process.execPath, [${JSON.stringify(join(root, 'bin/overseer'))}, 'die']);
    let last = null;
    for await (const event of followed) last = event.machine;
    print([remembered > 2, last === null]);`),
  );
  expect(printed).toMatchObject({ code: 0, out: [true, false], err: '' });
});

test('logs are read line by line, without a daemon as well, and followed until the reader leaves', async () => {
  home.write(
    'a.toml',
    '[[jobs]]\nname = "talk"\njob_command = { exe = "sh", args = ["-c", "echo one; echo two; printf three; exec sleep 1000"] }\n',
  );
  await home.apply();
  const printed = await run(
    PROGRAM(`
    const overseer = await connect();
    const lines = [];
    for await (const { job, line } of overseer.logs('talk', { lines: 2 })) lines.push(job + ': ' + line);
    const followed = [];
    for await (const { line } of overseer.logs([], { follow: true })) { followed.push(line); if (line === 'two') break; }
    const closing = overseer.logs('talk', { follow: true });
    await closing.next();
    await closing.next();
    overseer.close();
    for await (const _ of closing) continue;
    print({ lines, followed });`),
  );
  expect(printed).toEqual({
    code: 0,
    out: { lines: ['talk: two', 'talk: three'], followed: ['one', 'two'] },
    err: '',
  });
});
