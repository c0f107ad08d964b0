import { PersistedState, type StoredFolder } from '../../../../src/fleet/persisted/persisted-state.ts';
import { firstStep } from '../../../../src/host/chart-step.ts';
import { jobMachine } from '../../../../machines/job.ts';
import { policyOf } from '../../../../src/plan/policy.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const FOLDER: StoredFolder = { id: 'f', isCopy: false, record: 'here', boot: 'b' };
const WEB = { name: 'web', number: null, job: LEAST_JOB };
const AT = '2026-01-01T00:00:00.000Z';
const refused = (): Error =>
  Object.assign(new Error('ENOSPC: no room'), { code: 'ENOSPC', syscall: 'write' });

/** What a job that runs leaves, with this child. */
function running(child: object = {}) {
  const { context } = firstStep(jobMachine, { name: 'web', policy: policyOf(LEAST_JOB), spec: 's' }).after;
  const whole = { pid: 7, start: '1', boot: 'b', at: AT, ...child };
  return {
    value: { want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } },
    context: { ...context, run: 3, child: whole },
  };
}

/** A disk, and the state of a daemon on it. */
class Kept {
  readonly records = new Map<string, unknown>();
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  refusal: Error | null = null;
  syncRefusal: Error | null = null;
  holds = true;
  puts = 0;
  isClosed = false;

  open(folder: Partial<StoredFolder> = {}, isAlive?: () => boolean): PersistedState {
    const attempt = (): void => {
      if (this.refusal !== null) throw this.refusal;
      this.puts += 1;
    };
    return new PersistedState({
      folder: { ...FOLDER, ...folder },
      clock: this.clock,
      log: { line: (text) => void this.log.push(text) },
      holdsFolder: () => this.holds,
      ...(isAlive !== undefined && { isAlive }),
      store: {
        entries: () => new Map(structuredClone([...this.records])),
        put: (key, value) => {
          attempt();
          this.records.set(key, JSON.parse(JSON.stringify(value)));
        },
        delete: (key) => {
          attempt();
          this.records.delete(key);
        },
        sync: () => (this.syncRefusal === null ? Promise.resolve() : Promise.reject(this.syncRefusal)),
        bytes: 0,
        close: () => (this.isClosed = true),
      },
    });
  }

  /** The disk after a daemon with one job that runs. */
  withJob(child: object = {}): this {
    const state = this.open();
    state.keepConfig(WEB);
    state.keepState('web', running(child) as never);
    return this;
  }
}

let kept: Kept;
beforeEach(() => (kept = new Kept()));

test('a folder is remembered once, and a copy of another one is said to be that', () => {
  kept.open();
  expect([kept.records.get('folder'), kept.puts]).toEqual(['here', 1]);
  kept.open();
  expect([kept.puts, kept.log]).toEqual([1, []]);
  kept.open({ isCopy: true, record: 'there' });
  expect([kept.records.get('folder'), kept.log]).toEqual([
    'there',
    ['state: this folder is a copy of another one, so no process is adopted'],
  ]);
});

test('the place of the config is kept when it changes, and read by the next daemon', () => {
  const state = kept.open();
  expect(state.source).toBeNull();
  state.keepSource({ path: '/c', real: '/d' });
  const { puts } = kept;
  state.keepSource({ path: '/c', real: '/d' });
  expect(kept.puts).toBe(puts);
  expect([state.source, kept.open().source]).toEqual([
    { path: '/c', real: '/d' },
    { path: '/c', real: '/d' },
  ]);
  for (const odd of [{ path: '/c' }, { real: '/d' }, { path: 5, real: '/d' }, 'x', null]) {
    kept.records.set('source', odd);
    expect(kept.open().source).toBeNull();
  }
});

test('an instance comes back as it was, with its child', () => {
  expect(kept.withJob().open().instances()).toEqual([{ instance: WEB, kept: running(), isRemoved: false }]);
});

test.each<[string, object, Partial<StoredFolder>, boolean]>([
  ['of this folder', { mark: 'f' }, {}, true],
  ['of another folder', { mark: 'g' }, {}, false],
  ['of another folder, in an earlier boot', { mark: 'g', boot: 'a' }, {}, true],
  ['without a mark, in the first folder', {}, {}, true],
  ['without a mark, in a copy', {}, { isCopy: true }, false],
  ['of this folder, which is a copy', { mark: 'f' }, { isCopy: true }, true],
])('whether a child %s is this daemon’s to take up', (_, child, folder, isOurs) => {
  const [{ kept: found } = { kept: null }] = kept.withJob(child).open(folder).instances();
  const down = { ...running(), value: { ...running().value, child: { AtRest: 'Down' } } };
  expect(found).toEqual(isOurs ? running(child) : { ...down, context: { ...down.context, child: null } });
});

test('a plan takes a child that has gone for one that is down', () => {
  const seen = (isAlive: boolean): unknown =>
    kept
      .withJob()
      .open({}, () => isAlive)
      .instances()[0]?.kept.value;
  expect([seen(true), seen(false)]).toMatchObject([
    { child: { Up: 'Running' } },
    { child: { AtRest: 'Down' } },
  ]);
});

test('a removal outlives the daemon until the config names the job again', () => {
  const state = kept.withJob().open();
  state.instances();
  state.keepRemoval(WEB);
  const { puts } = kept;
  state.keepRemoval(WEB);
  expect([state.isRemoved('web'), kept.puts]).toEqual([true, puts]);
  const next = kept.open();
  expect([next.instances()[0]?.isRemoved, next.isRemoved('web')]).toEqual([true, true]);
  next.keepConfig(WEB);
  expect([next.isRemoved('web'), kept.open().instances()[0]?.isRemoved]).toEqual([false, false]);
});

test('nothing is kept of a job that is forgotten', () => {
  const state = kept.withJob().open();
  state.keepRemoval(WEB);
  const due = state.dueStore('web');
  due.write({ at: 5 } as never);
  state.forget('web');
  expect([[...kept.records.keys()], state.isRemoved('web'), due.read()]).toEqual([['folder'], false, null]);
});

test('the time that a job waits for is kept and taken back', () => {
  const state = kept.open();
  const due = state.dueStore('cron');
  expect(due.read()).toBeNull();
  due.write({ at: 5 } as never);
  expect([due.read(), kept.open().dueStore('cron').read(), kept.open().dueStore('other').read()]).toEqual([
    { at: 5 },
    { at: 5 },
    null,
  ]);
  due.write(null);
  expect([due.read(), kept.records.has('due:cron')]).toEqual([null, false]);
});

test('hooks are kept until they have ended, and those of a copied folder are left to it', () => {
  const state = kept.open();
  const hooks = {
    number: null,
    job: LEAST_JOB,
    nextJob: { ...LEAST_JOB, cwd: '/' },
    value: 'Idle',
    context: { number: 1, current: null, next: null, failure: null },
  };
  state.keepHooks('web', hooks as never);
  kept.records.set('hooks:odd', { number: 5 });
  expect(kept.open().hooks()).toEqual([['web', hooks]]);
  expect(kept.open({ isCopy: true }).hooks()).toEqual([]);
  state.keepHooks('web', null);
  expect(kept.records.has('hooks:web')).toBe(false);
});

test('what the disk refuses is said once, tried again, and written when there is room', () => {
  const state = kept.open();
  kept.refusal = refused();
  state.keepConfig(WEB);
  state.keepState('web', running() as never);
  const refusal = 'state: a change cannot be written, so nothing new is begun: ENOSPC: no room';
  expect([kept.log, state.isKept('web'), state.isKept('db'), state.settle()]).toEqual([
    [refusal],
    false,
    true,
    false,
  ]);
  kept.clock.advance(5_000);
  expect(kept.log).toEqual([refusal]);
  kept.refusal = null;
  kept.clock.advance(1_000);
  expect([kept.log.slice(1), state.isKept('web'), kept.records.has('state:web')]).toEqual([
    ['state: every change is written again'],
    true,
    true,
  ]);
  kept.clock.advance(60_000);
  expect(kept.log.length).toBe(2);
});

test('an instance is not kept while its config or its state is owed', () => {
  const state = kept.open();
  kept.refusal = refused();
  state.keepConfig(WEB);
  expect(state.isKept('web')).toBe(false);
  state.keepState('db', running() as never);
  expect(state.isKept('db')).toBe(false);
});

test('a sync says whether all is on the disk', async () => {
  const state = kept.withJob().open();
  expect(await state.sync()).toBe(true);
  kept.syncRefusal = Object.assign(new Error('EIO: bad'), { code: 'EIO', syscall: 'fsync' });
  expect([await state.sync(), kept.log]).toEqual([
    false,
    ['state: it cannot be brought to the disk: EIO: bad'],
  ]);
  kept.syncRefusal = null;
  kept.refusal = refused();
  state.keepConfig(WEB);
  expect(await state.sync()).toBe(false);
  kept.refusal = null;
  kept.holds = false;
  expect(await state.sync()).toBe(false);
});

test('an error that is no refusal of the system is a bug, and thrown', async () => {
  const state = kept.open();
  kept.syncRefusal = new TypeError('odd');
  await expect(state.sync()).rejects.toThrow('odd');
  kept.refusal = new TypeError('odd');
  expect(() => state.keepConfig(WEB)).toThrow('odd');
});

test('nothing is written into a folder that is no longer this daemon’s', () => {
  const state = kept.open();
  kept.holds = false;
  state.keepConfig(WEB);
  expect([kept.records.has('config:web'), kept.log]).toEqual([
    false,
    [
      'state: a change cannot be written, so nothing new is begun: ' +
        'the data folder was removed or is served by another daemon',
    ],
  ]);
});

test('after the end nothing is tried again, and no request succeeds', async () => {
  const state = kept.open();
  kept.refusal = refused();
  state.keepConfig(WEB);
  state.close();
  kept.refusal = null;
  kept.clock.advance(10_000);
  expect([kept.records.has('config:web'), kept.isClosed, state.settle(), await state.sync()]).toEqual([
    false,
    true,
    false,
    false,
  ]);
});
