import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { Copies, copying, pipeOf } from '../../../../src/job/logs/copying-processes.ts';
import type { Os } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

const os = thisOs();
/** No process has this number. */
const NOBODY = 2 ** 22 + 7;

let folder: string;
let log: string;
let begun: ChildProcess[];
let files: number[];
beforeEach(() => {
  folder = newFolder();
  log = join(folder, 'web.log');
  [begun, files] = [[], []];
});
afterEach(() => {
  for (const child of begun) child.kill('SIGKILL');
  for (const fd of files) closeSync(fd);
});

/** A pipe as jobs have it, without a name unless it keeps that; it never has an end. */
function newPipe({ keepsName = false } = {}): number {
  const name = join(folder, `${files.length}.fifo`);
  execFileSync('mkfifo', [name]);
  const fd = openSync(name, constants.O_RDWR);
  files.push(fd);
  if (!keepsName) rmSync(name);
  return fd;
}
function newFile(path: string): number {
  const fd = openSync(path, 'a');
  files.push(fd);
  return fd;
}
/** A process that lives until the end of the test. */
async function run(stdin: number | 'ignore', stdout: number | 'ignore', script = ''): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `${script} exec sleep 1000`], { stdio: [stdin, stdout, 'ignore'] });
  begun.push(child);
  const pid = child.pid ?? 0;
  // By then it has its files.
  await until(() => execFileSync('cat', [`/proc/${pid}/comm`], { encoding: 'utf8' }) === 'sleep\n');
  return pid;
}
const copies = (clock = new FakeClock(), identify: Os['identify'] = os.identify.bind(os)): Copies =>
  new Copies({ os: { identify }, clock, disk: realDisk, pipeOf, copying });
const found = (path: string, leader: number): number | undefined => copies().find(path, leader)?.pid;

onLinux('a process that writes to a pipe of ours is known by it, and by no other', async () => {
  const pipe = newPipe();
  const { dev, ino } = statSync(`/proc/self/fd/${pipe}`);
  const job = await run('ignore', pipe);
  expect(pipeOf(job)).toEqual({ path: `/proc/${job}/fd/1`, key: `${dev} ${ino}` });
  const redirected = await run('ignore', pipe, `exec 2>&1 > ${log};`);
  expect(pipeOf(redirected)?.path).toBe(`/proc/${redirected}/fd/2`);
  expect([
    pipeOf(await run('ignore', newPipe({ keepsName: true }))),
    pipeOf(await run('ignore', newFile(log))),
    pipeOf(NOBODY),
  ]).toEqual([null, null, null]);
});

onLinux('the process that copies a pipe to a log is found by either of them', async () => {
  const [pipe, other] = [newPipe(), newPipe()];
  const writer = await run(pipe, newFile(log));
  await run(other, newFile(`${log}.other`));
  const job = await run('ignore', pipe);
  expect([found(log, job), found(log, NOBODY), found(`${log}.other`, job), found('/none', NOBODY)]).toEqual([
    writer,
    writer,
    writer,
    undefined,
  ]);
});

onLinux('a process that copies nothing to a file, or nothing of a pipe of ours, is no writer', async () => {
  const pipe = newPipe();
  const job = await run('ignore', pipe);
  await run(pipe, newPipe());
  await run(pipe, 'ignore', 'exec >&-;');
  await run(newPipe({ keepsName: true }), newFile(log));
  await run('ignore', newFile(log));
  expect([found(log, job), found(log, NOBODY)]).toEqual([undefined, undefined]);
});

onLinux('one look at all processes serves for a second', async () => {
  const clock = new FakeClock();
  const same = copies(clock);
  const find = (): number | undefined => same.find(log, NOBODY)?.pid;
  newFile(log);
  clock.advance(5_000);
  expect(find()).toBeUndefined();
  const writer = await run(newPipe(), newFile(log));
  clock.advance(1_000);
  expect(find()).toBeUndefined();
  clock.advance(1);
  expect(find()).toBe(writer);
});

onLinux('a writer that cannot be identified just now may be one, and nobody else is asked for', async () => {
  const writer = await run(newPipe(), newFile(log));
  const asked: number[] = [];
  const blind = copies(new FakeClock(), (pid) => {
    asked.push(pid);
    throw new CannotAsk('no descriptor is left');
  });
  expect(() => blind.find(log, NOBODY)).toThrow('no descriptor is left');
  expect([blind.find('/none', NOBODY), asked]).toEqual([null, [writer]]);
});
