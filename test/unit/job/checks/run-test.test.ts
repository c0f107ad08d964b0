import { existsSync, writeFileSync } from 'node:fs';
import { jest } from '@jest/globals';
import { join } from 'node:path';
import { runTest } from '../../../../src/job/checks/run-test.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import type { TestEnd } from '../../../../src/job/ports.ts';
import { withDescriptorsLeft } from '../../../support/few-descriptors.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

const os = thisOs();
const program = (script: string) => ({
  exe: '/bin/sh',
  args: ['-c', script],
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
});

/** Runs a test that leaves a child behind, whose pid is what it prints. */
async function endOf(
  identify: typeof os.identify,
  script = 'trap "" TERM; sleep 1000 >/dev/null 2>&1 & echo $!; exit 3',
  groupIsKnown: typeof os.groupIsKnown = (pgid) => os.groupIsKnown(pgid),
): Promise<TestEnd> {
  return new Promise((resolve) =>
    runTest({ os: { identify, groupIsKnown }, openFiles: null }, program(script), resolve),
  );
}

const lives = (pid: number): boolean => os.identify(pid) !== null;

test('processes that a test leaves in its group end with it, and its output is kept', async () => {
  const end = await endOf((pid) => os.identify(pid));
  expect(end).toEqual({ code: 3, signal: null, error: null, output: expect.stringMatching(/^\d+$/) });
  await until(() => !lives(Number(end.output)));
});

const later = (pid: number) => ({ pid, start: 'later', ppid: 1, pgid: pid, sid: pid, state: 'S' });
const cannotTell = () => {
  throw new CannotAsk('too many open files');
};

test.each([
  ['belongs to another process by now', later, true],
  ['cannot be looked up', cannotTell, true],
  ['is no group that the system knows', () => null, false],
])('a group is left alone when the number of the ended test %s', async (_case, identify, isKnown) => {
  const end = await endOf(identify, undefined, () => isKnown);
  const left = Number(end.output);
  // As long as it takes until a process that was killed is gone.
  await endOf((pid) => os.identify(pid), 'sleep 0.05');
  expect(lives(left)).toBe(true);
  process.kill(left, 'SIGKILL');
  await until(() => !lives(left));
});

test('a test that is ended while it waits for its turn never begins, and reports its end', async () => {
  const end = await new Promise<TestEnd>((resolve) => {
    runTest({ os, openFiles: null }, program('echo begun'), resolve).end();
  });
  expect(end).toEqual({ code: null, signal: 'SIGKILL', error: null, output: '' });
});

test('a test that cannot be started says why', async () => {
  const end = await new Promise<TestEnd>((resolve) => {
    runTest({ os, openFiles: null }, { ...program(''), exe: '/no/such/program' }, resolve);
  });
  expect(end).toMatchObject({ code: null, signal: null, error: expect.stringContaining('/no/such/program') });
});

(os.name === 'linux' ? test : test.skip)(
  'a test for which no descriptor is left says so, which tells nothing of what it tests',
  async () => {
    const run = (): Promise<TestEnd> => endOf((pid) => os.identify(pid), 'exit 3');
    expect(await withDescriptorsLeft(2, run)).toEqual({
      code: null,
      signal: null,
      error: expect.stringMatching(/^cannot be started: .*EMFILE/),
      output: '',
      isOfNoRoom: true,
    });
    expect(await run()).toEqual({ code: 3, signal: null, error: null, output: '' });
  },
);

test('a test begins when it has its process, and one that cannot be started never does', async () => {
  const told: string[] = [];
  const run = (exe: string) =>
    new Promise<void>((resolve) => {
      const done = (): void => {
        told.push(`${exe} ended`);
        resolve();
      };
      runTest({ os, openFiles: null }, { ...program('exit 0'), exe }, done, () => told.push(`${exe} begun`));
    });
  const both = [run('/bin/sh'), run('/no/such/program')];
  expect(told).toEqual([]);
  await Promise.all(both);
  expect(told.toSorted()).toEqual(['/bin/sh begun', '/bin/sh ended', '/no/such/program ended']);
});

test('the end of a long output is kept, where it says what went wrong', async () => {
  const end = await endOf((pid) => os.identify(pid), 'seq 1 20000; echo wrong; exit 1');
  expect([end.code, end.output.length <= 1_000, end.output.endsWith('19999\n20000\nwrong')]).toEqual([
    1,
    true,
    true,
  ]);
});

test.each([
  ['says so with another code', 'echo "/usr/bin/env: x"; exit 1', 1],
  ['says so after something else', 'echo "x/usr/bin/env: x"; exit 127', 127],
  ['says more than that', 'echo "/usr/bin/env: x"; echo more; exit 127', 127],
  ['says something else', 'echo none; exit 126', 126],
])('a test that did start, and %s, has the code that it exited with', async (_case, script, code) => {
  expect(await endOf((pid) => os.identify(pid), script)).toMatchObject({ code, error: null });
});

test('a script whose interpreter env(1) does not find could not be started', async () => {
  const exe = join(newFolder(), 'script');
  writeFileSync(exe, '#!/usr/bin/env no-such-interpreter\n', { mode: 0o755 });
  const end = await new Promise<TestEnd>((resolve) => {
    runTest({ os, openFiles: null }, { ...program(''), exe, args: [] }, resolve);
  });
  expect(end).toEqual({
    code: null,
    signal: null,
    error: expect.stringMatching(/^cannot be started: .*no-such-interpreter/),
    output: '',
  });
});

test.each([
  ['dash', { A: 'b' }],
  ['env(1)', { path: 'b' }],
])('a program that the system refuses to %s could not be started', async (_case, env) => {
  const folder = newFolder();
  // Before the start only the first interpreter is looked for.
  const [exe, interpreter] = [join(folder, 'script'), join(folder, 'interpreter')];
  writeFileSync(exe, `#!${interpreter}\n`, { mode: 0o755 });
  writeFileSync(interpreter, '#!/no/such/interpreter\n', { mode: 0o755 });
  const end = await new Promise<TestEnd>((resolve) => {
    runTest({ os, openFiles: null }, { exe, args: [], cwd: '/', env }, resolve);
  });
  expect(end).toEqual({
    code: null,
    signal: null,
    error: expect.stringMatching(/^cannot be started: .*script.*: (No such file|not found)/),
    output: '',
  });
});

test('a test that says so of another program has the code that it exited with', async () => {
  const end = await endOf((pid) => os.identify(pid), 'echo "/bin/dash: 5: exec: other: not found"; exit 127');
  expect(end).toMatchObject({ code: 127, error: null });
});

test('a test has the open files of the daemon’s user, not those of the daemon', async () => {
  const end = await new Promise<TestEnd>((resolve) => {
    runTest({ os, openFiles: 77 }, program('ulimit -n'), resolve);
  });
  expect(end.output).toBe('77');
});

test('a test that has ended is signalled no more: its number may be of another process', async () => {
  let running = { end: (): void => undefined };
  await new Promise<TestEnd>((resolve) => {
    running = runTest({ os, openFiles: null }, program('exit 0'), resolve);
  });
  const kill = jest.spyOn(process, 'kill');
  running.end();
  const signals = kill.mock.calls.map(([, signal]) => signal);
  kill.mockRestore();
  expect(signals).toEqual([]);
});

test('a test that is ended while it runs is killed with its whole group', async () => {
  const begun = join(newFolder(), 'begun');
  const end = await new Promise<TestEnd>((resolve) => {
    const script = `trap "" TERM; sleep 1000 & echo $!; : > '${begun}'; wait`;
    const test = runTest({ os, openFiles: null }, program(script), resolve);
    void until(() => existsSync(begun)).then(() => test.end());
  });
  expect(end).toEqual({ code: null, signal: 'SIGKILL', error: null, output: expect.stringMatching(/^\d+$/) });
  await until(() => !lives(Number(end.output)));
});

test('a test that is ended before its shell has read all ends like any other', async () => {
  const env = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`V${index}`, 'x'.repeat(100_000)]));
  const end = await new Promise<TestEnd>((resolve) => {
    const test = runTest({ os, openFiles: null }, { ...program('sleep 1000'), env }, resolve, () =>
      test.end(),
    );
  });
  expect(end).toEqual({ code: null, signal: 'SIGKILL', error: null, output: '' });
});

test('a test reports its end once, even while another process holds its output open', async () => {
  const ends: string[] = [];
  const up = join(newFolder(), 'up');
  const script = `setsid sh -c ': > ${up}; exec sleep 1000' & until [ -e ${up} ]; do sleep 0.01; done; echo $!`;
  runTest({ os, openFiles: null }, program(script), ({ output }) => ends.push(output));
  await until(() => ends.length > 0);
  process.kill(Number(ends[0]), 'SIGKILL');
  await until(() => !lives(Number(ends[0])));
  // As long as it takes until a pipe that nobody holds any more would be reported.
  await endOf((pid) => os.identify(pid), 'sleep 0.1');
  expect(ends).toHaveLength(1);
});
