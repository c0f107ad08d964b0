import type { Job } from '../../../../src/config/config.ts';
import { EventFeed } from '../../../../src/daemon/feeds/event-feed.ts';
import { Inspections } from '../../../../src/daemon/feeds/inspections.ts';
import type { DaemonPorts } from '../../../../src/daemon/ports.ts';
import { endServices, startServices } from '../../../../src/daemon/serving/services.ts';
import type { TraceRecord } from '../../../../src/host/trace.ts';
import type { JobLog } from '../../../../src/job/logs/job-log.ts';
import type { Store } from '../../../../src/state/store.ts';
import type { Progress, Reply, Transition } from '../../../../src/wire/messages.ts';
import { FleetStage } from '../../../support/fleet-stage.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';
import { memoryHistory } from '../../../support/memory-history.ts';

/** The services of a daemon whose system is that of a fleet's stage. */
class ServicesStage extends FleetStage {
  readonly lines: string[] = [];
  readonly traced: string[] = [];
  readonly tended: string[] = [];
  readonly followed: Transition[] = [];
  readonly orphaned: string[] = [];
  jobs: Readonly<Record<string, Partial<Job>>> = {};
  isSyncRefused = false;
  readonly history = memoryHistory();
  collections = 0;
  logOf: (name: string) => JobLog | null = () => null;
  readonly feeds = { feed: new EventFeed(), inspections: new Inspections(this.clock) };
  services = this.open();

  open() {
    const { clock } = this;
    const { processes, files } = this.world;
    const ports: Partial<DaemonPorts> = {
      clock,
      turns: { isSpent: () => false, next: (callback) => void setImmediate(callback) },
      processes: { ...processes, endOrphanedTests: (mark) => void this.orphaned.push(mark) },
      probes: {} as DaemonPorts['probes'],
      files,
      log: { line: (text) => void this.lines.push(text) },
      history: this.history,
      pid: 4242,
      trace: (record: TraceRecord) => void this.traced.push(JSON.stringify(record)),
      readConfig: () =>
        ({
          ok: true,
          files: ['a.toml'],
          config: {
            jobs: Object.entries(this.jobs).map(([name, job]) => ({
              ...LEAST_JOB,
              name,
              startMs: 0,
              ...job,
            })),
          },
        }) as never,
      realPath: (path) => path,
      tidy: () => void (this.collections += 1),
      keepLogs: (logOf) => {
        this.logOf = logOf;
        const note = (word: string) => (name: string) => void this.tended.push(`${word} ${name}`);
        return {
          wake: note('wake'),
          configure: note('configure'),
          forget: (name, path, policy) =>
            void this.tended.push(`forget ${name} ${path}, keep ${policy?.keep}`),
          end: () => void this.tended.push('end'),
        };
      },
    };
    return startServices({
      homes: { config: '/c', data: '/data', home: '/home/me' },
      environment: {},
      umask: 0o022,
      ports: ports as DaemonPorts,
      home: {
        store: this.#keeping(),
        folder: { id: 'f', isCopy: false, record: 'f', boot: 'b' },
        holdsLock: () => true,
      },
      feeds: this.feeds,
      daemon: () => ({ pid: 4242, port: 1, version: '0.1.0', startedAt: '' }),
      chart: () => ({ machine: 'daemon', id: '4242', job: '', tags: [], snapshot: {} as never }),
      isEnding: () => false,
    });
  }

  #keeping(): Store {
    return {
      entries: () => new Map(structuredClone([...this.records])),
      put: (key, value) => void this.records.set(key, JSON.parse(JSON.stringify(value))),
      delete: (key) => void this.records.delete(key),
      sync: () => (this.isSyncRefused ? Promise.reject(refused()) : Promise.resolve()),
      bytes: 0,
      close: () => void this.tended.push('close'),
    };
  }

  async trigger(jobs: ServicesStage['jobs']): Promise<void> {
    this.jobs = jobs;
    const peer = { client: null, reply: () => undefined, onGone: () => undefined };
    const request = { name: 'apply', configDir: '/c', wait: false, allowEmpty: true } as const;
    void this.services.requests.handle(request, peer);
    await this.settle();
  }

  end(keepJobs: boolean, progress: Progress[] = []) {
    const { services, feeds, clock } = this;
    return endServices(services, feeds, { keepJobs, clock, onProgress: (each) => progress.push(each) });
  }

  get now(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.services.fleet.all.map(({ name, state }) => [name, state]));
  }
}

const refused = (): Error => Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fsync' });

async function running(
  jobs: ServicesStage['jobs'] = { db: {}, web: { after: ['db'] } },
): Promise<ServicesStage> {
  const stage = new ServicesStage();
  await stage.trigger(jobs);
  return stage;
}

test('what jobs do is logged, told to who follows, traced, and kept in their histories', async () => {
  const stage = new ServicesStage();
  stage.feeds.feed.follow({ event: (each) => void stage.followed.push(each), end: () => undefined });
  await stage.trigger({ db: {}, web: { after: ['db'] } });
  expect(stage.lines).toEqual([
    'web waiting: waits for db (starting)',
    'db started, pid 101: new in the config',
    'db running',
    expect.stringMatching(/^web started, pid \d+: /),
    'web running',
  ]);
  expect(
    stage.followed.filter(({ isChange }) => isChange === true).map(({ id, state }) => `${id} ${state}`),
  ).toEqual(['db starting', 'web waiting', 'db running', 'web starting', 'web running']);
  expect(stage.traced.length).toBeGreaterThan(8);
  expect(stage.orphaned).toEqual(['f-test']);
});

test('the keeper of the logs is told of each config, child and end of a job', async () => {
  const stage = await running({ web: {} });
  expect(new Set(stage.tended)).toEqual(new Set(['configure web', 'wake web']));
  const { child, path, policy } = stage.logOf('web') ?? {};
  expect([path, policy, child?.pgid, child?.isOurs(), child?.isOvertaken()]).toEqual([
    '/data/logs/web.log',
    LEAST_JOB.log,
    101,
    true,
    false,
  ]);
  await stage.trigger({ web: { env: { A: '1' } } });
  expect([child?.isOurs(), child?.isOvertaken(), stage.logOf('web')?.child?.pgid]).toEqual([
    false,
    true,
    102,
  ]);
  await stage.trigger({});
  expect([stage.logOf('web'), stage.tended.at(-1)]).toEqual([null, 'forget web /data/logs/web.log, keep 5']);
});

test('the log keeper is told whose log `ready` still reads', async () => {
  const times = { intervalMs: 100, timeoutMs: 500, withinMs: 60_000 };
  const stage = await running({ web: {}, slow: { ready: { kind: 'log', pattern: 'up', ...times } } });
  expect(stage.services.fleet.get('slow')?.state).toBe('starting');
  expect([stage.logOf('web')?.isProbed, stage.logOf('slow')?.isProbed]).toEqual([false, true]);
});

test('the log of a job whose `ready` has succeeded, or does not read it, is not probed', async () => {
  const times = { intervalMs: 100, timeoutMs: 500, withinMs: 60_000 };
  const stage = await running({
    up: { ready: { kind: 'log', pattern: 'up', ...times } },
    slow: { ready: { kind: 'tcp', host: '127.0.0.1', port: 1, ...times } },
  });
  expect(stage.logOf('up')?.isProbed).toBe(true);
  const up = stage.services.fleet.get('up');
  up?.post({ type: 'Ready', run: up.snapshot.context.run });
  await stage.settle();
  expect([up?.state, stage.logOf('up')?.isProbed]).toEqual(['running', false]);
  expect([stage.services.fleet.get('slow')?.state, stage.logOf('slow')?.isProbed]).toEqual([
    'starting',
    false,
  ]);
});

test('nothing is known of the history of a job that was removed when another takes its name', async () => {
  const stage = await running({ web: {} });
  expect(stage.history.read('web')).not.toEqual([]);
  await stage.trigger({});
  await stage.settle();
  expect(stage.history.read('web')).toEqual([]);
});

test('the log keeper is woken for a child that comes or goes, and hears of a new config', async () => {
  const stage = await running({ web: {} });
  stage.tended.length = 0;
  stage.services.fleet.takeDown(['web'], 'Stop');
  await stage.settle();
  expect(stage.tended).toEqual(['wake web']);
  stage.tended.length = 0;
  await stage.trigger({ web: { stopTimeoutMs: 5 } });
  expect(stage.tended).toEqual(['configure web']);
});

test('who inspects the charts is shown each step of a job with its name and its tags', async () => {
  const stage = await running({ web: { instances: 1, tags: ['front'] } });
  const seen: string[] = [];
  const peer = {
    reply: (reply: Reply) => void (reply.kind === 'inspection' && seen.push(reply.inspection.id)),
    onGone: () => undefined,
  };
  void stage.feeds.inspections.follow([], ['tag:front'], peer);
  void stage.feeds.inspections.follow([], ['other'], peer);
  stage.services.fleet.takeDown(['web@1'], 'Stop');
  await stage.settle();
  expect(new Set(seen)).toEqual(new Set(['web@1']));
});

test('a job that is down has a log without a writer, and work on a log is in the net of its job', async () => {
  const stage = await running({ web: { enabled: false } });
  const log = stage.logOf('web');
  expect(log?.child).toBeNull();
  log?.within(() => {
    throw new Error('odd log');
  });
  expect(stage.lines.at(-1)).toMatch(/^job web bug: .*odd log/);
});

test('the end of a daemon stops its jobs in reverse, and says which', async () => {
  const stage = await running();
  stage.stubborn.add('web');
  stage.story.splice(0);
  const progress: Progress[] = [];
  const ending = stage.end(false, progress);
  await stage.settle(10_001);
  expect(await ending).toEqual({ died: { stopped: ['db', 'web'], kept: [] }, isPersisted: true });
  expect(stage.story).toEqual(['web gets SIGTERM', 'web gets SIGKILL', 'db gets SIGTERM']);
  expect(progress).toEqual([
    {
      done: 0,
      of: 2,
      pending: [
        { job: 'db', state: 'running' },
        { job: 'web', state: 'stopping' },
      ],
    },
    { done: 1, of: 2, pending: [{ job: 'db', state: 'stopping' }] },
  ]);
  expect(stage.tended.slice(-2)).toEqual(['end', 'close']);
});

test('the end of a daemon that keeps its jobs leaves them running for the next one', async () => {
  const stage = await running();
  stage.story.splice(0);
  expect(await stage.end(true)).toEqual({ died: { stopped: [], kept: ['db', 'web'] }, isPersisted: true });
  expect([stage.story, stage.alive]).toEqual([[], ['db', 'web']]);
  stage.services = stage.open();
  expect(stage.tended.slice(-2)).toEqual(['wake db', 'wake web']);
  stage.services.fleet.resume();
  await stage.settle();
  expect(stage.now).toEqual({ db: 'running', web: 'running' });
});

test('the end of a daemon waits for what its jobs run when they stop', async () => {
  const stage = await running({ web: { on: { stopped: { exe: 'note', args: [] } } } });
  let isOver = false;
  const ending = stage.end(false).then(() => (isOver = true));
  await stage.settle();
  expect([stage.alive, isOver, stage.hooks.map(({ said }) => said)]).toEqual([
    [],
    false,
    ['web note: stopping -> stopped'],
  ]);
  stage.hooks[0]?.end();
  await stage.settle();
  await ending;
});

test.each([true, false])('after its end a daemon waits for no time, its jobs kept: %s', async (keepJobs) => {
  const test = { exe: 'true', args: [] };
  const stage = await running({
    web: { startMs: 5_000 },
    held: { test, testIntervalMs: 1_000 },
    later: { schedule: 'every 1h' },
  });
  const ending = stage.end(keepJobs);
  await stage.settle();
  await ending;
  expect([stage.clock.pending, stage.collections]).toEqual([0, 0]);
});

test('an end without jobs is there at once, and says whether the disk has it', async () => {
  const stage = new ServicesStage();
  stage.isSyncRefused = true;
  let isOver = false;
  stage.feeds.feed.follow({ event: () => undefined, end: () => (isOver = true) });
  expect(await stage.end(false)).toEqual({ died: { stopped: [], kept: [] }, isPersisted: false });
  expect([isOver, stage.lines]).toEqual([true, ['state: it cannot be brought to the disk: EIO']]);
});
