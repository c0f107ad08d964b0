import type { Marker, SpawnedChild } from '../../../../src/job/ports.ts';
import { EscapedProcesses, type FoundBy } from '../../../../src/job/processes/escaped-processes.ts';
import { KnownGroups } from '../../../../src/job/processes/known-groups.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import type { Os } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { BOOT, ListedMachine } from '../../../support/listed-machine.ts';

const MARKER: Marker = { present: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f' }, absent: [] };
const CHILD: SpawnedChild = { pid: 100_001, start: '100001', boot: BOOT };
const STRAY = 100_050;

let machine: ListedMachine;
let clock: FakeClock;
let sent: string[];
/** What the system does not let overseer ask, or what a fault of ours throws there. */
let failing: { readonly call: 'identify' | 'listing'; readonly error: Error } | null;
let os: Os;
let listings: Listings;
let escaped: EscapedProcesses;

beforeEach(() => {
  machine = new ListedMachine(0);
  clock = new FakeClock();
  [sent, failing] = [[], null];
  const failingAt = <Call extends 'identify' | 'listing'>(call: Call): Os[Call] =>
    ((...words: never[]) => {
      if (failing?.call === call) throw failing.error;
      return (machine.os[call] as (...words: never[]) => unknown)(...words);
    }) as Os[Call];
  os = {
    ...machine.os,
    later: { ...machine.os.later },
    identify: failingAt('identify'),
    listing: failingAt('listing'),
  };
  listings = new Listings({ os, now: () => (machine.now += 1) });
  escaped = new EscapedProcesses({
    os,
    listings,
    clock,
    signals: {
      group: () => 'gone',
      process: (pid, signal) => {
        sent.push(`${signal} ${pid}`);
        machine.processes.delete(pid);
        return 'sent';
      },
    },
  });
});

const foundBy = (more: Partial<FoundBy> = {}): FoundBy => ({
  marker: MARKER,
  isNumberOwn: false,
  goneAt: null,
  ...more,
});
const find = (more: Partial<FoundBy> = {}): readonly number[] =>
  escaped
    .find(CHILD, foundBy(more), { view: listings.sure, asOf: 'closely', after: machine.now })
    .map(({ pid }) => pid);

describe('who has left a group', () => {
  test('a member of the group that bears its marker has not', () => {
    machine.add(STRAY, { pgid: CHILD.pid }, MARKER.present);
    machine.add(STRAY + 1, {}, MARKER.present);
    expect(find()).toEqual([STRAY + 1]);
  });

  test('a process of the session has, and so has its child that bears no marker', () => {
    machine.add(CHILD.pid, { ppid: process.pid });
    machine.add(STRAY, { sid: CHILD.pid });
    machine.add(STRAY + 1, { ppid: STRAY });
    machine.add(STRAY + 2);
    expect(find({ isNumberOwn: true })).toEqual([STRAY, STRAY + 1]);
  });

  test('a process that was found once is found again when its parent and its marker are gone', () => {
    machine.add(CHILD.pid, { ppid: process.pid });
    machine.add(STRAY, { ppid: CHILD.pid });
    expect(find({ isNumberOwn: true })).toEqual([STRAY]);
    machine.processes.delete(CHILD.pid);
    machine.add(STRAY);
    expect(find()).toEqual([STRAY]);
    machine.add(STRAY, { start: 'later' });
    expect(find()).toEqual([]);
  });
});

describe('who is searched for after the end of a group', () => {
  test('a stray is found by a listing that began after that end', () => {
    const goneAt = machine.now;
    const decided = { signal: 'SIGTERM', decidedAt: machine.now } as const;
    machine.add(STRAY, {}, MARKER.present);
    machine.now += 100;
    expect(escaped.search(CHILD, decided, () => foundBy({ goneAt })).map(({ pid }) => pid)).toEqual([STRAY]);
  });

  test('a child that is not followed has none, and one without a log has no writers', () => {
    machine.add(STRAY, {}, MARKER.present);
    expect(escaped.live(CHILD, foundBy(), listings.sure)).toBe(false);
    find();
    machine.now += 100;
    expect(escaped.live(CHILD, foundBy(), listings.sure)).toBe(true);
    machine.processes.delete(STRAY);
    machine.now += 5_000;
    expect(escaped.live(CHILD, foundBy(), listings.sure)).toBe(false);
  });
});

describe('killing by a variable', () => {
  test('it ends when nobody is left', () => {
    machine.add(STRAY, {}, MARKER.present);
    escaped.kill('OVERSEER_JOB', 'web');
    expect([sent, clock.pending]).toEqual([[`SIGKILL ${STRAY}`], 1]);
    machine.now += 5_000;
    clock.advance(200);
    expect([sent.length, clock.pending]).toEqual([1, 0]);
  });

  test('it does nothing where nobody has the variable', () => {
    escaped.kill('OVERSEER_JOB', 'web');
    expect([sent, clock.pending]).toEqual([[], 0]);
  });

  test('it is tried again where the system cannot be asked', () => {
    machine.add(STRAY, {}, MARKER.present);
    failing = { call: 'identify', error: new CannotAsk('no descriptor is left') };
    escaped.kill('OVERSEER_JOB', 'web');
    expect([sent, clock.pending]).toEqual([[], 1]);
    failing = null;
    clock.advance(200);
    expect(sent).toEqual([`SIGKILL ${STRAY}`]);
  });
});

describe('a fault of ours is thrown', () => {
  const fault = new TypeError('a bug of ours');

  test('in a search, and nothing is owed to the child then', () => {
    const decided = { signal: 'SIGTERM', decidedAt: machine.now } as const;
    const by = (): never => {
      throw fault;
    };
    expect(() => escaped.search(CHILD, decided, by)).toThrow(fault);
    machine.add(STRAY, {}, MARKER.present);
    escaped.settle(CHILD, () => foundBy(), listings.sure);
    expect(sent).toEqual([]);
  });

  test('when a stray is signalled', () => {
    failing = { call: 'identify', error: fault };
    expect(() => escaped.signal([{ pid: STRAY, start: '1' }], 'SIGTERM')).toThrow(fault);
  });

  test('when left-overs are looked for before the first start', () => {
    failing = { call: 'listing', error: fault };
    os.later.listing = (_known, done) => done(os.listing(null));
    expect(() => escaped.clear(MARKER, () => undefined)).toThrow(fault);
  });

  test('when left-overs are killed', () => {
    machine.add(STRAY, {}, MARKER.present);
    escaped.kill('OVERSEER_JOB', 'web');
    machine.now += 5_000;
    failing = { call: 'listing', error: fault };
    expect(() => clock.advance(200)).toThrow(fault);
    expect(() => escaped.kill('OVERSEER_JOB', 'web')).toThrow(fault);
  });
});

describe('a group whose leader has ended', () => {
  const groupsOf = (system: Os): { readonly known: KnownGroups; readonly all: Listings } => {
    const all = new Listings({ os: system, now: () => machine.now });
    return { known: new KnownGroups(system, all, () => machine.now), all };
  };

  test('a slow system is not asked by a listing from before the end of the leader', () => {
    const system = { ...machine.os, isQuick: false };
    const { known, all } = groupsOf(system);
    machine.add(CHILD.pid);
    expect(known.state(CHILD, MARKER, all.sure)).toBe('alive');
    machine.now += 1;
    machine.processes.delete(CHILD.pid);
    machine.add(STRAY, { pgid: CHILD.pid }, MARKER.present);
    const look = (): string => all.patiently('web', (view) => known.state(CHILD, MARKER, view));
    machine.now += 1;
    expect([look(), machine.listings]).toEqual(['leaderless', 2]);
  });

  test('the end of a child that could be nobody’s is not looked into', () => {
    const { known, all } = groupsOf(machine.os);
    const odd = { ...CHILD, pid: 1 };
    machine.add(1);
    known.launched(odd);
    known.ended(odd);
    expect([machine.listings, known.state(odd, null, all.sure), known.goneAt(odd)]).toEqual([
      0,
      'gone',
      machine.now,
    ]);
  });
});
