import { EscapedProcesses } from '../../../../src/job/processes/escaped-processes.ts';
import { Leaders } from '../../../../src/job/processes/leaders.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import { LogHolders } from '../../../../src/job/processes/log-holders.ts';
import { answeringAtOnce } from '../../../../src/os/at-once.ts';
import type { Os, ProcessInfo } from '../../../../src/os/os.ts';
import { CannotAsk, NotKnownYet } from '../../../../src/os/system-error.ts';

const MARKER = { present: { OVERSEER_JOB: 'web' }, absent: [] };
const LISTING_MS = 100;

/** A Mac whose tools answer when they are told to, and are counted. */
class SlowMachine {
  now = 1_000;
  asked: string[] = [];
  pending: (() => void)[] = [];
  processes: ProcessInfo[] = [100, 101].map((pid) => ({
    pid,
    start: `${pid}`,
    ppid: 1,
    pgid: pid,
    sid: null,
    state: 'S',
  }));
  writers = new Map<string, readonly number[]>();
  readonly os: Os;

  constructor() {
    const asked: Omit<Os, 'later'> = {
      name: 'darwin',
      isQuick: false,
      bootId: () => 'boot',
      pidIsKnown: (pid) => this.processes.some((each) => each.pid === pid),
      identify: (pid) => this.processes.find((each) => each.pid === pid) ?? null,
      startedAt: () => null,
      processes: () => this.processes,
      listing: () => ({ found: this.processes, isWhole: true }),
      group: (pgid) => this.processes.filter((each) => each.pgid === pgid),
      groupIsKnown: () => true,
      groupAlive: () => true,
      processesWithEnv: (_name, among = []) =>
        among.map((pid) => ({ pid, values: ['web'], has: () => pid === 101 })),
      lock: () => ({ ok: false, reason: 'error', message: '' }),
    };
    const atOnce = answeringAtOnce(asked);
    const later = (name: string, ask: () => void): void => {
      this.asked.push(name);
      this.pending.push(ask);
    };
    this.os = {
      ...asked,
      later: {
        identify: (pids, done) => later(`identify ${pids.join()}`, () => atOnce.identify(pids, done)),
        listing: (known, done) => later('list', () => atOnce.listing(known, done)),
        group: (pgid, done) => later('group', () => atOnce.group(pgid, done)),
        processesWithEnv: (name, among, done) =>
          later('environments', () => atOnce.processesWithEnv(name, among, done)),
        writers: (files, done) => later(`writers ${files.join()}`, () => done(this.writers)),
      },
    };
  }

  /** The tool that was begun first ends. */
  answer(afterMs = LISTING_MS): void {
    this.now += afterMs;
    this.pending.shift()?.();
  }
}

const orUnknown = <T>(ask: () => T): T | 'unknown' => {
  try {
    return ask();
  } catch (error) {
    if (error instanceof NotKnownYet) return 'unknown';
    throw error;
  }
};

test('a listing answers each request for it, however seldom the listings are polled', () => {
  const machine = new SlowMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const poll = (who: string) =>
    orUnknown(() => listings.patiently(who, (view) => view.marked(MARKER).map(({ pid }) => pid)));
  expect([poll('a'), poll('b'), machine.asked]).toEqual(['unknown', 'unknown', ['list']]);
  machine.answer();
  machine.now += 5_000;
  expect([poll('a'), machine.asked]).toEqual(['unknown', ['list', 'environments']]);
  machine.answer();
  machine.now += 5_000;
  expect([poll('a'), poll('b')]).toEqual([[101], [101]]);
  // Their next question is a new one.
  expect([poll('a'), machine.asked.length]).toEqual(['unknown', 3]);
});

test('a request for the present processes is answered by a listing that began after it', () => {
  const machine = new SlowMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const heard: (number | null)[] = [];
  const next = (): void => listings.next((table) => heard.push(table?.get(100)?.pid ?? null));
  next();
  machine.now += 1;
  next();
  machine.answer();
  expect([heard, machine.asked]).toEqual([[100], ['list', 'list']]);
  machine.answer();
  expect(heard).toEqual([100, 100]);
});

test('T-1000 processes left by a child are looked for in a listing that began after it ended', () => {
  const machine = new SlowMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const left = (endedAt: number) =>
    orUnknown(() =>
      listings.patiently('web', (view) => view.table('of late', endedAt).get(102)?.pid ?? null),
    );
  expect(left(machine.now)).toBe('unknown');
  machine.now += 10;
  const endedAt = machine.now;
  machine.answer();
  machine.processes = [...machine.processes, { ...machine.processes[0]!, pid: 102, start: '102' }];
  expect([left(endedAt), machine.asked]).toEqual(['unknown', ['list', 'list']]);
  machine.answer();
  expect([left(endedAt), machine.asked.length]).toEqual([102, 2]);
});

test('leaders are asked for together once a second, and one with an unused pid is gone at once', () => {
  const machine = new SlowMachine();
  const leaders = new Leaders({
    os: machine.os,
    now: () => machine.now,
    listed: () => null,
    beginIfDue: () => undefined,
  });
  const poll = () => [100, 101].map((pid) => orUnknown(() => leaders.identify(pid)?.start ?? null));
  expect(poll()).toEqual(['unknown', 'unknown']);
  machine.answer(8);
  poll();
  machine.answer(8);
  expect([poll(), machine.asked]).toEqual([
    ['100', '101'],
    ['identify 100', 'identify 100,101'],
  ]);
  machine.now += 900;
  expect([poll(), machine.asked.length]).toEqual([['100', '101'], 2]);
  machine.now += 200;
  expect([poll(), machine.asked.length]).toEqual([['100', '101'], 3]);
  machine.processes = machine.processes.slice(1);
  expect(poll()).toEqual([null, '101']);
});

test('a process that began after the last listing did is not taken for gone', () => {
  const machine = new SlowMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  const identify = (pid: number) =>
    orUnknown(() => listings.patiently(`${pid}`, (view) => view.identify(pid)?.pid ?? null));
  listings.next(() => undefined);
  const [seen] = machine.pending.splice(0);
  const before = machine.processes;
  machine.now += LISTING_MS;
  machine.processes = before.slice(1);
  seen?.();
  machine.processes = before;
  expect([identify(100), machine.asked]).toEqual(['unknown', ['list', 'identify 100']]);
  machine.answer();
  expect(identify(100)).toBe(100);
});

test('an older listing that arrives late does not replace the newer one', () => {
  const machine = new SlowMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  listings.next(() => undefined);
  machine.now += 10;
  listings.sure.table('closely');
  machine.processes = [];
  machine.answer();
  expect(listings.sure.table('idly').get(100)?.pid).toBe(100);
});

test('a listing that began before the moment in question does not answer for it', () => {
  const machine = new SlowMachine();
  const listings = new Listings({ os: machine.os, now: () => machine.now });
  listings.sure.table('idly');
  machine.processes = [];
  machine.now += 10;
  expect(listings.sure.table('idly').get(100)?.pid).toBe(100);
  expect(listings.sure.table('idly', machine.now).get(100)).toBeUndefined();
});

test('the writers of many logs are looked for together, by a look that began late enough', () => {
  const machine = new SlowMachine();
  machine.writers = new Map([['b', [7]]]);
  const holders = new LogHolders(machine.os, () => machine.now);
  const find = (log: string, since: number) => orUnknown(() => holders.find(log, since));
  expect([find('a', 1_000), find('b', 1_000), find('c', 1_000)]).toEqual(Array(3).fill('unknown'));
  machine.answer();
  expect([find('a', 1_000), find('b', 1_000), find('c', 1_000)]).toEqual([[], 'unknown', 'unknown']);
  machine.answer();
  expect([find('b', 1_000), find('c', 1_000)]).toEqual([[7], []]);
  expect(machine.asked).toEqual(['writers a', 'writers b,c']);
  expect(find('b', 2_000)).toBe('unknown');
});

test('if a tool cannot be run, the polled state is unknown, and jobs can still end', () => {
  const machine = new SlowMachine();
  const broken: Os = {
    ...machine.os,
    later: {
      ...machine.os.later,
      listing: (_known, done) => done(new CannotAsk('no')),
      writers: (_files, done) => done(new CannotAsk('no')),
    },
  };
  const listings = new Listings({ os: broken, now: () => machine.now });
  expect(() => listings.patiently('a', (view) => view.table())).toThrow(CannotAsk);
  expect(new LogHolders(broken, () => 1).find('a', 1)).toEqual([]);
});

test.each([
  ['is signalled if it is the same after the answer', '100', [100]],
  ['is left alone if another has its pid by then', 'later', []],
])('T-1005 a writer of the log of a left-over %s', (_, startThen, wanted) => {
  const machine = new SlowMachine();
  const timers: (() => void)[] = [];
  const signalled: number[] = [];
  const strays = new EscapedProcesses({
    os: machine.os,
    listings: new Listings({ os: machine.os, now: () => machine.now }),
    clock: {
      monotonic: () => machine.now,
      sinceBoot: () => machine.now,
      wall: () => machine.now,
      after: (_ms, callback) => {
        timers.push(callback);
        return { clear: () => undefined };
      },
    },
    signals: {
      group: () => 'gone',
      process: (pid) => {
        signalled.push(pid);
        machine.processes = machine.processes.filter((each) => each.pid !== pid);
        return 'sent';
      },
    },
  });
  let isDone = false;
  strays.clear({ present: { OVERSEER_JOB: 'none' }, absent: [], log: 'web.log' }, () => (isDone = true));
  machine.writers = new Map([['web.log', [100]]]);
  for (let turn = 0; turn < 20 && !isDone; turn += 1) {
    const isLooking = machine.asked.at(-1) === 'writers web.log' && machine.pending.length > 0;
    if (isLooking) machine.processes = machine.processes.map((each) => ({ ...each, start: startThen }));
    machine.answer();
    // The next look sees what writes by then.
    if (isLooking && (startThen === 'later' || signalled.length > 0)) machine.writers = new Map();
    timers.shift()?.();
  }
  expect([signalled, isDone]).toEqual([wanted, true]);
});
