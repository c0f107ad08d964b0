import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestEnd } from '../../../../src/job/ports.ts';
import { realProcesses } from '../../../../src/job/processes/real-processes.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { LaunchFolder } from '../../../support/launch-folder.ts';

const os = thisOs();
let folder: LaunchFolder;
beforeEach(() => (folder = new LaunchFolder()));
afterEach(() => folder.dispose());

test('a test is run, with the limit of open files that the daemon was started with', async () => {
  const processes = realProcesses(os, { openFiles: 77, say: () => undefined });
  const heard: string[] = [];
  const end = await new Promise<TestEnd>((resolve) =>
    processes.runTest(folder.request('ulimit -Sn'), resolve, () => heard.push('begun')),
  );
  expect([end, heard]).toEqual([{ code: 0, signal: null, error: null, output: '77' }, ['begun']]);
});

test('a job is launched, and its exit can be read by a later daemon', async () => {
  const processes = realProcesses(os);
  const exit = await new Promise((resolve) => {
    const launched = processes.launch(folder.request('exit 3'), {
      spawned: () => launched.release(),
      failed: resolve,
      exited: resolve,
    });
  });
  const expected = { code: 3, signal: null };
  expect([
    exit,
    processes.recordedExit(folder.exitFile),
    processes.recordedExit(join(folder.dir, 'none')),
  ]).toEqual([expected, expected, null]);
});

test('the memory of a process is told by its pid, and of one that is gone nothing', async () => {
  const processes = realProcesses(os);
  const gone = { pid: 2 ** 30, start: '1', boot: 'b' };
  const memory = await new Promise<ReadonlyMap<number, number> | null>((resolve) =>
    processes.memoryOf([{ ...gone, pid: process.pid }, gone], resolve),
  );
  expect(memory?.get(process.pid)).toBeGreaterThan(1_000_000);
  expect(memory?.get(gone.pid) ?? 0).toBe(0);
});

test('what cannot be read or removed is said', () => {
  const said: string[] = [];
  const processes = realProcesses(os, {
    openFiles: null,
    say: (line) => said.push(line),
  });
  mkdirSync(folder.exitFile, { recursive: true });
  writeFileSync(join(dirname(folder.exitFile), 'plain'), '');
  expect(processes.recordedExit(folder.exitFile)).toBeNull();
  processes.forgetStdin(join(folder.dir, 'none'));
  processes.forgetStdin(join(folder.dir, 'x'.repeat(300)));
  expect(said).toEqual([
    expect.stringMatching(/^an exit code cannot be read/),
    expect.stringMatching(/^the standard input of a job cannot be removed/),
  ]);
});
