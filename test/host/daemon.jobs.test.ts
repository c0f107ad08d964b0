import type { DaemonResult } from '../../machines/daemon.ts';
import { Daemon } from '../../src/daemon/daemon.ts';
import type { DaemonPorts } from '../../src/daemon/ports.ts';
import type { ConfigReading } from '../../src/config/config.ts';
import type { Reply, Request } from '../../src/wire/messages.ts';
import type { ListenOptions } from '../../src/wire/server.ts';
import type { SocketFile } from '../../src/wire/socket-file.ts';
import { FleetStage } from '../support/fleet-stage.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import { memoryHistory } from '../support/memory-history.ts';
import { NO_LOGS } from '../support/no-logs.ts';

const CONFIG = '/home/user/.config/overseer';
const APPLY: Request = { name: 'apply', configDir: CONFIG, wait: true, allowEmpty: true };
const die = (keepJobs: boolean): Request => ({ name: 'DIE', keepJobs });

/** A whole daemon whose jobs run in the system of a fleet's stage. */
class DaemonStage extends FleetStage {
  readonly lines: string[] = [];
  readonly published: SocketFile[] = [];
  result: DaemonResult | null = null;
  names: readonly string[] = ['web'];
  notes: readonly string[] = [];
  damage: readonly string[] = [];
  home: DaemonPorts['initHomes'] | null = null;
  reading: Promise<ConfigReading> | null = null;
  isSyncRefused = false;
  isSocketKept = false;
  /** How many listeners are open. */
  listeners = 0;
  daemon = this.open();
  #listening: ListenOptions | null = null;

  open(): Daemon {
    const { clock } = this;
    const { processes, files } = this.world;
    const ports: Partial<DaemonPorts> = {
      clock,
      turns: { isSpent: () => false, next: (callback) => void setImmediate(callback) },
      processes: { ...processes, endOrphanedTests: () => undefined },
      probes: {} as DaemonPorts['probes'],
      files,
      log: { line: (text) => void this.lines.push(text) },
      history: memoryHistory(),
      pid: 4242,
      random: (bytes) => 'ab'.repeat(bytes),
      initHomes: () => this.home?.() ?? this.#home(),
      listen: (options) => {
        this.#listening = options;
        this.listeners += 1;
        const close = (): Promise<void> => {
          this.listeners -= 1;
          return Promise.resolve();
        };
        return Promise.resolve({ port: 40_000, peers: 0, close });
      },
      publishSocket: (file) => {
        this.published.push(file);
        return { renew: () => true, remove: () => (this.isSocketKept ? 'it is a folder' : null) };
      },
      watchHome: () => null,
      readConfig: () => this.reading ?? this.#reading(),
      realPath: (path) => path,
      keepLogs: () => NO_LOGS,
    };
    const homes = { config: CONFIG, data: '/data', home: '/home/user' };
    const daemon = new Daemon({ ports: ports as DaemonPorts, homes, environment: {}, umask: 0o022 });
    void daemon.run().then((result) => (this.result = result));
    return daemon;
  }

  #reading(): ConfigReading {
    const jobs = this.names.map((name) => ({ ...LEAST_JOB, name, startMs: 0 }));
    return { ok: true, files: ['a.toml'], config: { jobs } } as never;
  }

  #home(): ReturnType<DaemonPorts['initHomes']> {
    const refuse = (): Promise<void> =>
      Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'fsync' }));
    return {
      ok: true,
      store: {
        entries: () => new Map(structuredClone([...this.records])),
        put: (key, value) => void this.records.set(key, JSON.parse(JSON.stringify(value))),
        delete: (key) => void this.records.delete(key),
        sync: () => (this.isSyncRefused ? refuse() : Promise.resolve()),
        bytes: 0,
        close: () => undefined,
      },
      notes: this.notes,
      damage: this.damage,
      holdsLock: () => true,
      folder: { id: 'f', isCopy: false, record: 'f', boot: 'b' },
    };
  }

  failSocket(): Promise<void> {
    this.#listening?.onFailure(new Error('accept EINVAL'));
    return this.settle();
  }

  /** Asks as a client, and lets everything happen that needs no time. */
  async ask(request: Request): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    const peer = {
      gone: false,
      client: null,
      onGone: () => undefined,
      reply: (reply: Reply) => void replies.push(reply),
    };
    this.#listening?.onRequest(request, peer);
    await this.settle();
    return replies;
  }
}

let stage: DaemonStage;
beforeEach(async () => {
  stage = new DaemonStage();
  await stage.settle();
});

test('a daemon tells where it serves, and answers with its own facts', async () => {
  expect(stage.lines).toEqual([
    expect.stringMatching(/^overseer \S+ serves \/data at port 40000, pid 4242$/),
  ]);
  expect(stage.published).toMatchObject([{ port: 40_000, pid: 4242, host: '127.0.0.1' }]);
  const [reply] = await stage.ask({ name: 'status', jobs: [] });
  expect(reply).toEqual({
    kind: 'answer',
    answer: {
      daemon: { pid: 4242, port: 40_000, version: expect.any(String), startedAt: '2026-01-01T00:00:00.000Z' },
      jobs: [],
    },
  });
});

test('what a daemon asks itself is named in its log, and needs nobody who listens', async () => {
  stage.daemon.ask(APPLY, 'overseerd --apply');
  await stage.settle();
  expect(stage.lines).toContain(`overseerd --apply asks: apply ${CONFIG}`);
  expect(stage.alive).toEqual(['web']);
});

test('a daemon that is asked to end stops its jobs, or leaves them to the next one', async () => {
  await stage.ask(APPLY);
  expect(await stage.ask(die(true))).toEqual([{ kind: 'answer', answer: { stopped: [], kept: ['web'] } }]);
  expect([stage.result?.ok, stage.alive, stage.lines.at(-1)]).toEqual([
    true,
    ['web'],
    'the daemon has ended',
  ]);
  stage.daemon = stage.open();
  await stage.settle();
  expect((await stage.ask(die(false))).at(-1)).toEqual({
    kind: 'answer',
    answer: { stopped: ['web'], kept: [] },
  });
  expect([stage.result?.ok, stage.alive]).toEqual([true, []]);
});

test('a daemon whose socket fails leaves its jobs to the next one, and closes what it listens at', async () => {
  await stage.ask(APPLY);
  expect(stage.listeners).toBe(1);
  await stage.failSocket();
  expect(stage.result).toMatchObject({ ok: false, detail: 'accept EINVAL' });
  expect([stage.alive, stage.listeners]).toEqual([['web'], 0]);
});

/** Another daemon restores a job that has ended, while a config is read. Returns what ends the reading. */
async function restoredBesideReading(): Promise<(reading: ConfigReading) => void> {
  await stage.ask(APPLY);
  await stage.ask(die(true));
  stage.daemon = stage.open();
  await stage.settle();
  stage.exit('web', { code: 3, signal: null });
  let finish: (reading: ConfigReading) => void = () => undefined;
  stage.reading = new Promise((resolve) => (finish = resolve));
  return finish;
}

test('restored jobs rest for two seconds, and longer while a large config is read', async () => {
  const finish = await restoredBesideReading();
  void stage.ask({ name: 'apply', configDir: CONFIG, wait: true, allowEmpty: true });
  await stage.settle(2_500);
  expect(stage.alive).toEqual([]);
  finish({ ok: false, files: [], problems: [] });
  stage.reading = null;
  await stage.settle();
  expect(stage.alive).toEqual(['web']);
});

test('restored jobs are set in motion although the trigger whose config was read is refused', async () => {
  const finish = await restoredBesideReading();
  const replies = stage.ask({ ...APPLY, jobs: ['none'] } as Request);
  await stage.settle(2_500);
  const reading = { ok: true, files: ['a.toml'], config: { jobs: [] } } as never;
  finish(reading);
  await stage.settle();
  expect((await replies).at(-1)).toMatchObject({ kind: 'refusal' });
  await stage.settle(2_000);
  await stage.settle();
  expect(stage.alive).toEqual(['web']);
});

test('restored jobs are set in motion after two seconds without a request', async () => {
  await stage.ask(APPLY);
  await stage.ask(die(true));
  stage.daemon = stage.open();
  await stage.settle();
  stage.exit('web', { code: 3, signal: null });
  await stage.settle(1_900);
  expect(stage.alive).toEqual([]);
  await stage.settle(200);
  await stage.settle();
  expect(stage.alive).toEqual(['web']);
});

test('what was wrong with the state is in the log and in the first report, once', async () => {
  stage.notes = ['a record was left out'];
  stage.damage = ['one job is lost'];
  stage.daemon = stage.open();
  await stage.settle();
  expect(stage.lines).toContain('state: a record was left out');
  expect((await stage.ask(APPLY)).at(-1)).toMatchObject({ answer: { ok: true, notes: ['one job is lost'] } });
  expect((await stage.ask(APPLY)).at(-1)).not.toHaveProperty('answer.notes');
});

test('a busy folder ends a daemon without a line, and a refusal with one', async () => {
  stage.lines.length = 0;
  stage.home = () => ({ ok: false, isBusy: true, detail: 'another daemon serves /data' });
  stage.daemon = stage.open();
  await stage.settle();
  expect([stage.daemon.isBusy, stage.lines]).toEqual([true, []]);
  expect(stage.result).toMatchObject({ ok: false, detail: 'another daemon serves /data' });
  stage.home = () => ({ ok: false, isBusy: false, detail: 'no room' });
  stage.daemon = stage.open();
  await stage.settle();
  expect([stage.daemon.isBusy, stage.lines]).toEqual([false, ['the daemon has failed: no room']]);
});

test('a bug while the folders are made ends a daemon, which says so', async () => {
  stage.home = () => {
    throw new Error('odd');
  };
  stage.daemon = stage.open();
  await stage.settle();
  expect(stage.result).toMatchObject({ ok: false, detail: "a bug of overseer's: odd" });
  expect(stage.lines.at(-2)).toMatch(/^bug: Error: odd[^]*; daemon in InitHomes/);
});

test('a hurried end kills what is still being stopped, and without an end nothing happens', async () => {
  stage.stubborn.add('web');
  await stage.ask(APPLY);
  stage.daemon.hurry();
  await stage.settle();
  expect(stage.alive).toEqual(['web']);
  await stage.ask(die(false));
  expect(stage.alive).toEqual(['web']);
  stage.daemon.hurry();
  await stage.settle();
  expect([stage.alive, stage.result?.ok]).toEqual([[], true]);
});

test('a disk that does not take the last changes, or the removal of the socket file, is logged', async () => {
  stage.isSyncRefused = true;
  stage.isSocketKept = true;
  await stage.ask(die(false));
  expect(stage.lines).toContain('state: the last changes may not be on the disk');
  expect(stage.lines).toContain('socket: the socket file cannot be removed: it is a folder');
  expect(stage.result).toMatchObject({ ok: true });
});
