import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { newFolder } from '../../../support/new-folder.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

const os = thisOs();
const lines: string[] = [];
const log = { line: (text: string) => void lines.push(text) };
let path: string;
const jobs: ChildProcess[] = [];
beforeEach(() => {
  path = join(newFolder(), 'web.log');
  lines.length = 0;
});
afterEach(() => {
  for (const job of jobs.splice(0)) job.kill('SIGKILL');
});

const prepared = (writers: LogWriters): Promise<void> =>
  new Promise((resolve) => writers.prepare(path, resolve));
const drained = (writers: LogWriters): Promise<void> =>
  new Promise((resolve) => writers.whenDrained(path, resolve));
const written = (): string => readFileSync(path, 'utf8');

/** A job that writes what it is told, and lives until it is killed. */
async function job(writers: LogWriters): Promise<number> {
  await prepared(writers);
  const output = writers.open(path);
  const child = spawn('cat', [], { stdio: ['pipe', output.fd, output.fd], detached: true });
  output.startWriter();
  output.close();
  jobs.push(child);
  return child.pid ?? 0;
}
const tell = (text: string): void => void jobs.at(-1)?.stdin?.write(text);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

const isThere = (pid: number): boolean => os.identify(pid) !== null;
const killed = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  await until(() => !isThere(pid));
};

/** A later daemon, which knows nothing of the writers of this one. */
const later = (): LogWriters => new LogWriters({ os, log });

onLinux('what a job writes is in its log when it is drained, and not before its pipe is read', async () => {
  const writers = new LogWriters({ os, log });
  await drained(writers);
  await prepared(writers);
  expect(writers.isPrepared(path)).toBe(true);
  const output = writers.open(path);
  writeSync(output.fd, 'one\n');
  output.startWriter();
  output.close();
  await drained(writers);
  expect([written(), lines]).toEqual(['one\n', []]);
});

onLinux('a pipe that somebody keeps open delays the next run only for a moment', async () => {
  const writers = new LogWriters({ os, log });
  await prepared(writers);
  const output = writers.open(path);
  output.startWriter();
  const began = performance.now();
  await drained(writers);
  expect(performance.now() - began).toBeGreaterThan(450);
  output.close();
});

onLinux('a log that is a device or leads nowhere has no pipe', async () => {
  const writers = new LogWriters({ os, log });
  symlinkSync('/dev/null', path);
  await prepared(writers);
  const output = writers.open(path);
  output.startWriter();
  output.close();
  expect(writers.find(path, process.pid)).toBeNull();
  unlinkSync(path);
  mkdirSync(path);
  expect(() => writers.open(path)).toThrow();
});

onLinux('a later daemon finds the writer of a job by its pipe, and waits for its end', async () => {
  const first = new LogWriters({ os, log });
  const leader = await job(first);
  const own = first.find(path, leader);
  const second = later();
  const found = second.find(path, leader);
  expect([found?.pid, second.isOwn(own?.pid ?? 0)]).toEqual([own?.pid, false]);
  expect(second.find(path, leader)?.pid).toBe(own?.pid);
  tell('two\n');
  await until(() => written() === 'two\n');
  jobs.at(-1)?.kill('SIGKILL');
  await drained(second);
  expect(second.find(path, leader)).toBeNull();
});

onLinux('a later daemon finds the writer by the log where the leader of the job has ended', async () => {
  const first = new LogWriters({ os, log });
  const leader = await job(first);
  expect(later().find(path, 2 ** 22 + 1)?.pid).toBe(first.find(path, leader)?.pid);
  expect(later().find(`${path}.other`, 2 ** 22 + 1)).toBeNull();
});

onLinux('a job whose writer has ended gets another one, which loses nothing', async () => {
  const first = new LogWriters({ os, log });
  const leader = await job(first);
  const writer = first.find(path, leader)?.pid ?? 0;
  const ended = new Promise((resolve) => first.whenOneEnds(resolve));
  await killed(writer);
  await ended;
  tell('three\n');
  first.tend(path, { pgid: leader, isOurs: () => true });
  await until(() => written() === 'three\n');
  expect([first.find(path, leader)?.pid === writer, first.lacks(path)]).toEqual([false, false]);
});

onLinux('no other writer is begun while one runs, nor for a process that is not the job', async () => {
  const first = new LogWriters({ os, log });
  const leader = await job(first);
  const writer = first.find(path, leader)?.pid ?? 0;
  const second = later();
  second.tend(path, { pgid: leader, isOurs: () => true });
  expect(second.find(path, leader)?.pid).toBe(writer);
  await killed(writer);
  const third = later();
  third.tend(path, { pgid: leader, isOurs: () => false });
  expect([third.find(path, leader), third.lacks(path)]).toEqual([null, true]);
  // It is looked at again only after a while.
  third.tend(path, { pgid: leader, isOurs: () => true });
  expect(third.find(path, leader)).toBeNull();
  third.forget(path);
  third.tend(path, { pgid: leader, isOurs: () => true });
  expect(third.find(path, leader)).not.toBeNull();
});

onLinux('a job lacks a writer as long as its log cannot be opened', async () => {
  const first = new LogWriters({ os, log });
  const leader = await job(first);
  const writer = first.find(path, leader)?.pid ?? 0;
  await killed(writer);
  unlinkSync(path);
  mkdirSync(path);
  const second = later();
  second.tend(path, { pgid: leader, isOurs: () => true });
  expect(second.lacks(path)).toBe(true);
  second.forget(path);
  expect(second.lacks(path)).toBe(false);
});

onLinux('a job that writes to its log itself has no writer', () => {
  const writers = new LogWriters({ os, log });
  writers.tend(path, { pgid: process.pid, isOurs: () => true });
  expect([writers.find(path, process.pid), writers.lacks(path)]).toEqual([null, false]);
});
