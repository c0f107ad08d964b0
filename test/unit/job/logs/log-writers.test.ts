import { join } from 'node:path';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { newFolder } from '../../../support/new-folder.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a writer is a child of the daemon and of no job until its exit is announced', async () => {
  const writers = new LogWriters({ os: thisOs(), log: { line: () => undefined } });
  const path = join(newFolder(), 'web.log');
  await new Promise<void>((resolve) => writers.prepare(path, resolve));
  const output = writers.open(path);
  expect(writers.find(path, 1)).toBeNull();
  output.startWriter();
  const pid = writers.find(path, 1)?.pid ?? 0;
  expect([pid > 1, writers.isOwn(pid), writers.isOwn(process.pid)]).toEqual([true, true, false]);
  const ended = new Promise((resolve) => writers.whenOneEnds(resolve));
  output.close();
  expect(await ended).toBe(path);
  expect(writers.isOwn(pid)).toBe(false);
});
