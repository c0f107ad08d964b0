import { runTest } from '../../../../src/job/checks/run-test.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import type { TestEnd } from '../../../../src/job/ports.ts';
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
  script = 'sleep 1000 >/dev/null 2>&1 & echo $!; exit 3',
): Promise<TestEnd> {
  return new Promise((resolve) =>
    runTest(
      { os: { identify, groupIsKnown: (pgid) => os.groupIsKnown(pgid) }, openFiles: null },
      program(script),
      resolve,
    ),
  );
}

const lives = (pid: number): boolean => os.identify(pid) !== null;

test('processes that a test leaves in its group end with it, and its output is kept', async () => {
  const end = await endOf((pid) => os.identify(pid));
  expect(end).toEqual({ code: 3, signal: null, error: null, output: expect.stringMatching(/^\d+$/) });
  await until(() => !lives(Number(end.output)));
});

test('a group is left alone when the ended test’s number is somebody else’s by then', async () => {
  const end = await endOf((pid) => ({ pid, start: 'later', ppid: 1, pgid: pid, sid: pid, state: 'S' }));
  const left = Number(end.output);
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
