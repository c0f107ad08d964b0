import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LogPolicy } from '../../../../src/config/config.ts';
import type { JobLog, LogWriter } from '../../../../src/job/logs/job-log.ts';
import { realDisk } from '../../../../src/files/disk.ts';
import { LogKeeper, type LogKeeperOptions } from '../../../../src/job/logs/log-keeper.ts';
import { LogWriters } from '../../../../src/job/logs/log-writers.ts';
import type { Os } from '../../../../src/os/os.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const POLICY: LogPolicy = { maxBytes: 10, keep: 2, rotate: 'pause', outputs: 'file' };
const LOOK_MS = 500;
/** No process has this number. */
const GROUP = 2 ** 31 - 7;

let folder: string;
/** Counts how often it is asked for the time. */
class AskedClock extends FakeClock {
  timesAsked = 0;
  /** What work has taken, besides the time that a test lets pass. */
  spentMs = 0;

  override monotonic(): number {
    this.timesAsked += 1;
    return super.monotonic() + this.spentMs;
  }
}

let clock: AskedClock;
let said: string[];
let logs: JobLog[];
let keeper: LogKeeper;
let stopped: Os;
let refusesWatches: boolean;
let looksAtProcesses: number;
/** Grows with each rotation that begins. */
let begun: number;

/** A keeper of these logs that nobody copies to. */
const keeperWith = (more: Partial<LogKeeperOptions> = {}): LogKeeper =>
  new LogKeeper({
    clock,
    os: stopped,
    log: { line: (text) => said.push(text) },
    logOf: (name) => logs.find(({ path: place }) => path.basename(place) === name) ?? null,
    writers: null,
    ...more,
  });

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-keeper-'));
  clock = new AskedClock();
  said = [];
  logs = [];
  looksAtProcesses = 0;
  begun = 0;
  refusesWatches = false;
  // Somebody has stopped the job, so that each rotation fails at once.
  stopped = {
    ...thisOs(),
    later: {
      ...thisOs().later,
      group: (pgid, done) => {
        looksAtProcesses += 1;
        done([{ pid: GROUP, ppid: 1, pgid, sid: GROUP, start: '1', state: 'T' }]);
      },
    },
  };
  keeper = keeperWith({
    watch: (file, on) => {
      if (refusesWatches) throw Object.assign(new Error('no watch is left'), { code: 'ENOSPC' });
      return fs.watch(file, { persistent: false }, on);
    },
  });
});

afterEach(() => {
  keeper.end();
  fs.rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);
const jobLog = (name: string, more: Partial<LogPolicy> = {}): JobLog => ({
  path: at(name),
  policy: { ...POLICY, ...more },
  child: { pgid: GROUP, since: 0, isOurs: () => (begun += 1) > 0, isOvertaken: () => false },
  within: (work: () => void) => work(),
});

/** Looks once, and waits until a rotation that it began has failed: then the time of the next is noted. */
async function look(): Promise<void> {
  const before = begun;
  for (const log of logs) keeper.wake(path.basename(log.path));
  clock.advance(LOOK_MS);
  const noted = clock.timesAsked;
  const end = performance.now() + 20_000;
  while (begun > before && clock.timesAsked === noted) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (performance.now() > end) throw new Error('the rotation does not end');
  }
}

async function tries(looks: number): Promise<number> {
  const before = looksAtProcesses;
  for (let count = 0; count < looks; count += 1) await look();
  return looksAtProcesses - before;
}

test('T-225 a rotation that keeps failing is tried less and less often, and told once', async () => {
  fs.writeFileSync(at('web.log'), 'longer than it may be\n');
  logs = [jobLog('web.log')];
  await look();
  expect(said.length).toBe(1);
  // It rests for 15, 30, 60, 120 s: two more tries in the next minute, and one in the next two.
  expect(await tries(120)).toBe(2);
  expect(await tries(240)).toBe(1);
  expect(said).toEqual([
    `log: cannot rotate ${at('web.log')}: process group ${GROUP} is stopped already; it is tried again, less and less often`,
  ]);
  expect(fs.readFileSync(at('web.log'), 'utf8')).toBe('longer than it may be\n');
});

test('a group that is not the child’s any more is never paused, however long the log is', async () => {
  fs.writeFileSync(at('web.log'), 'longer than it may be\n');
  const log = jobLog('web.log');
  logs = [{ ...log, child: { ...log.child!, isOurs: () => false } }];
  expect([await tries(5), said]).toEqual([0, []]);
  logs = [{ ...log, child: null }];
  expect([await tries(5), said]).toEqual([0, []]);
  logs = [log];
  expect(await tries(5)).toBeGreaterThan(0);
});

test.each([
  ['is as long as it may be', {}, '0123456789'],
  ['is never to be rotated', { rotate: 'off' } as const, 'longer than it may be'],
])('a log is not rotated if it %s', async (_name, more, text) => {
  fs.writeFileSync(at('web.log'), text);
  logs = [jobLog('web.log', more)];
  expect([await tries(5), said]).toEqual([0, []]);
});

test.each([
  ['a link to a device', (place: string) => fs.symlinkSync('/dev/zero', place), 'it is a symbolic link'],
  [
    'a link to itself',
    (place: string) => fs.symlinkSync(path.basename(place), place),
    'it is a symbolic link',
  ],
  ['a folder', (place: string) => fs.mkdirSync(place), 'it is a folder'],
])('%s in the place of a log is left alone, and told once', async (_name, put, why) => {
  put(at('web.log'));
  logs = [jobLog('web.log')];
  await tries(5);
  expect(said).toEqual([`log: ${at('web.log')} is left alone: ${why}`]);
});

test('the deletion of a log that a process writes to is reported once, and again after the next', async () => {
  logs = [jobLog('web.log', { rotate: 'off' })];
  const deletes = async (): Promise<void> => {
    fs.writeFileSync(at('web.log'), '');
    await tries(2);
    fs.rmSync(at('web.log'));
    await tries(3);
  };
  await deletes();
  await deletes();
  const told = `log: ${at('web.log')} was deleted: what its job prints is lost until the job is restarted`;
  expect(said).toEqual([told, told]);
});

test('a log that nobody writes to, or nobody wants, may be missing', async () => {
  fs.symlinkSync('/dev/null', at('unwanted.log'));
  logs = [{ ...jobLog('web.log'), child: null }, jobLog('unwanted.log')];
  await tries(3);
  expect(said).toEqual([]);
});

test('a folder of logs that is a file or a link to itself is reported once, and ends nothing', async () => {
  fs.writeFileSync(at('logs'), '');
  logs = [jobLog('logs/web.log')];
  await tries(3);
  fs.rmSync(at('logs'));
  fs.symlinkSync('logs', at('logs'));
  await tries(3);
  expect(said.map((line) => /\bE[A-Z]+(?=:)/.exec(line)?.[0])).toEqual(['ENOTDIR', 'ELOOP']);
});

test('leftovers of an interrupted rotation, and logs beyond keep, go when a log is first seen', async () => {
  const names = ['web.log', 'web.log.1', 'web.log.2', 'web.log.2.idx', 'web.log.5', 'web.log.5.idx'];
  for (const name of [...names, 'web.log.rotating', 'web.log.idx.new', 'other.log.9'])
    fs.writeFileSync(at(name), 'x');
  const there = (): string[] => fs.readdirSync(folder).filter((name) => name !== 'web.log.idx');
  logs = [jobLog('web.log', { keep: 5 })];
  await look();
  expect(there()).toEqual(['other.log.9', ...names].toSorted());
  logs = [jobLog('web.log', { keep: 1 })];
  await look();
  expect(there()).toEqual(['other.log.9', 'web.log', 'web.log.1']);
  logs = [jobLog('web.log', { keep: 0, rotate: 'off' })];
  await look();
  expect(there()).toEqual(['other.log.9', 'web.log', 'web.log.1']);
});

test('logs beyond keep that `ready` may not have read go when its job runs', async () => {
  for (const name of ['web.log', 'web.log.1', 'web.log.2', 'web.log.3']) fs.writeFileSync(at(name), 'x');
  const older = (): string[] => fs.readdirSync(folder).filter((name) => /\d$/.test(name));
  logs = [{ ...jobLog('web.log', { keep: 2 }), isProbed: true }];
  await look();
  await look();
  expect(older()).toEqual(['web.log.1', 'web.log.2', 'web.log.3']);
  logs = [jobLog('web.log', { keep: 2 })];
  await look();
  expect(older()).toEqual(['web.log.1', 'web.log.2']);
  // As after a restart: the next time has its own.
  fs.writeFileSync(at('web.log.3'), 'x');
  logs = [{ ...jobLog('web.log', { keep: 2 }), isProbed: true }];
  await look();
  logs = [jobLog('web.log', { keep: 2 })];
  await look();
  expect(older()).toEqual(['web.log.1', 'web.log.2']);
});

test('a job that is removed before it was ready leaves no more older logs than others do', () => {
  for (const name of ['web.log', 'web.log.1', 'web.log.2', 'web.log.3']) fs.writeFileSync(at(name), 'x');
  keeper.forget('web', at('web.log'), { ...jobLog('web.log').policy, rotate: 'off', keep: 2 });
  expect(fs.existsSync(at('web.log.3'))).toBe(true);
  keeper.forget('web', at('web.log'), { ...jobLog('web.log').policy, keep: 2 });
  expect([2, 3].map((older) => fs.existsSync(at(`web.log.${older}`)))).toEqual([true, false]);
});

test('older logs that the disk does not let go are tried again at the next look', async () => {
  let refusals = 2;
  keeper.end();
  keeper = keeperWith({
    disk: {
      ...realDisk,
      readdirSync: ((folder: string) => {
        refusals -= 1;
        if (refusals >= 0)
          throw Object.assign(new Error('EIO: readdir'), { code: 'EIO', syscall: 'readdir' });
        return realDisk.readdirSync(folder);
      }) as typeof realDisk.readdirSync,
    },
  });
  for (const name of ['web.log', 'web.log.1', 'web.log.2']) fs.writeFileSync(at(name), 'x');
  logs = [jobLog('web.log', { keep: 1 })];
  keeper.wake('web.log');
  const there = [1, 2, 3].map(() => {
    clock.advance(LOOK_MS);
    return fs.existsSync(at('web.log.2'));
  });
  expect(there).toEqual([true, true, false]);
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 20_000; !holds() && performance.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Lets time pass in which nothing happens. */
function rest(seconds: number): void {
  for (let looks = 0; looks < seconds * 2; looks += 1) clock.advance(LOOK_MS);
}

const timesOf = (name: string): number => fs.readFileSync(at(`${name}.idx`), 'utf8').split('\n').length - 1;

test('a log that does not grow is polled by nobody, and polled again once it grows', async () => {
  fs.writeFileSync(at('web.log'), '1');
  logs = [jobLog('web.log')];
  await look();
  expect(clock.pending).toBe(1);
  rest(10);
  expect([clock.pending, timesOf('web.log')]).toEqual([0, 1]);
  fs.appendFileSync(at('web.log'), '2');
  await until(() => clock.pending === 1);
  rest(10);
  expect([clock.pending, timesOf('web.log')]).toEqual([0, 2]);
});

test('a log that is replaced while it is watched is polled again', async () => {
  fs.writeFileSync(at('web.log'), '1');
  logs = [jobLog('web.log')];
  await look();
  rest(10);
  fs.writeFileSync(at('new'), '23');
  fs.renameSync(at('new'), at('web.log'));
  await until(() => clock.pending === 1);
  rest(10);
  expect([clock.pending, timesOf('web.log')]).toEqual([0, 2]);
});

test('logs are polled seldom when one poll of all of them takes long', () => {
  let looks = 0;
  keeper.end();
  keeper = keeperWith({
    logOf: () => {
      looks += 1;
      clock.spentMs += 200;
      return { ...jobLog('web.log'), child: null };
    },
  });
  keeper.wake('web.log');
  clock.advance(500);
  for (let second = 0; second < 20; second += 1) {
    keeper.wake('web.log');
    clock.advance(1_000);
  }
  expect(looks).toBe(11);
});

test('a log that the system refuses to watch is polled instead', async () => {
  refusesWatches = true;
  fs.writeFileSync(at('web.log'), '1');
  logs = [jobLog('web.log')];
  await look();
  rest(10);
  fs.appendFileSync(at('web.log'), '2');
  rest(1);
  expect([clock.pending, timesOf('web.log')]).toEqual([1, 2]);
});

test('a log to which nobody writes needs no watch', async () => {
  refusesWatches = true;
  fs.writeFileSync(at('web.log'), '1');
  logs = [{ ...jobLog('web.log'), child: null }, jobLog('missing.log')];
  await look();
  rest(10);
  expect(clock.pending).toBe(0);
});

test('the writers of a job that an earlier daemon started are checked while its log is quiet', async () => {
  const tended: string[] = [];
  const writers = new LogWriters({ os: stopped, log: { line: (text) => said.push(text) } });
  writers.tend = (file) => void tended.push(path.basename(file));
  keeper.end();
  keeper = keeperWith({
    writers,
  });
  const now = clock.wall();
  for (const name of ['ours.log', 'adopted.log']) fs.writeFileSync(at(name), '1');
  const [ours, adopted] = ['ours.log', 'adopted.log'].map((name) => jobLog(name)) as [JobLog, JobLog];
  logs = [
    { ...ours, child: { ...(ours.child as LogWriter), since: now + 1 } },
    { ...adopted, child: { ...(adopted.child as LogWriter), since: now - 1 } },
  ];
  await look();
  rest(10);
  tended.splice(0);
  rest(4);
  expect(tended).toEqual(['adopted.log', 'adopted.log']);
});

test('a quiet log is polled again when the config of its log changes, and not when it does not', async () => {
  fs.writeFileSync(at('web.log'), '1');
  logs = [jobLog('web.log')];
  await look();
  rest(10);
  keeper.configure('web.log');
  expect(clock.pending).toBe(0);
  logs = [jobLog('web.log', { maxBytes: 5 })];
  keeper.configure('web.log');
  expect(clock.pending).toBe(1);
});
