import { jest } from '@jest/globals';
import type { RequestContext } from '../../src/daemon/requests/context.ts';
import { settle } from '../../src/daemon/requests/settle.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { JobInstance } from '../../src/fleet/job-instance.ts';
import { PersistedState } from '../../src/fleet/persisted/persisted-state.ts';
import type { GroupState, LaunchEvents, Processes } from '../../src/job/ports.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import { leastWorld } from '../support/least-world.ts';

const LOG = { line: () => undefined };

/** A fleet whose children start when the test says so, and end when they are told to. */
class Stage {
  readonly fleet: Fleet;
  readonly clock = new FakeClock();
  readonly #launches: LaunchEvents[] = [];

  constructor() {
    let group: GroupState = 'alive';
    const processes = {
      clear: (_marker, done) => done(),
      forgetStdin: () => undefined,
      launch: (_request, on) => {
        this.#launches.push(on);
        return { release: () => undefined, cancel: () => undefined };
      },
      look: () => group,
      signal: () => 'sent',
      signalAll: () => void (group = 'gone'),
      recordedExit: () => null,
    } satisfies Partial<Processes>;
    const world = leastWorld(this.clock, processes);
    const nothing = (): void => undefined;
    const store = {
      entries: () => new Map<string, unknown>(),
      put: nothing,
      delete: nothing,
      sync: () => Promise.resolve(),
      bytes: 0,
      close: nothing,
    };
    const folder = { id: 'f', isCopy: false, record: 'f', boot: 'b' };
    const kept = new PersistedState({ store, folder, clock: this.clock, log: LOG });
    this.fleet = new Fleet({ world, kept, log: LOG, describe: () => '', onStep: nothing, onForget: nothing });
  }

  /** Every child that was asked for starts, each in a turn of its own. */
  async startAll(): Promise<void> {
    for (const [index, on] of this.#launches.entries())
      await inATurn(() => on.spawned({ pid: 100 + index, start: '1', boot: 'b' }));
    await inATurn(() => this.clock.advance(1));
  }

  async endAll(): Promise<void> {
    for (const on of this.#launches) await inATurn(() => on.exited({ code: null, signal: 'SIGTERM' }));
    await inATurn(() => this.clock.advance(1_000));
  }
}

async function inATurn(work: () => void): Promise<void> {
  work();
  await new Promise((resolve) => setImmediate(resolve));
}

/** How often the state of any job is looked at while so many are started, waited for, and stopped. */
async function looksFor(count: number): Promise<number> {
  const stage = new Stage();
  const { fleet } = stage;
  const context = { fleet, isEnding: () => false } as Partial<RequestContext> as RequestContext;
  const names = Array.from({ length: count }, (_, index) => `job${index}`);
  let looks = 0;
  for (const question of ['state', 'isUp', 'isTesting', 'isEnding'] as const) {
    const original = Object.getOwnPropertyDescriptor(JobInstance.prototype, question);
    jest.spyOn(JobInstance.prototype, question, 'get').mockImplementation(function (this: JobInstance) {
      looks += 1;
      return original?.get?.call(this) as never;
    });
  }
  const job = { ...LEAST_JOB, startMs: 0 };
  fleet.apply({
    asked: names.map((name) => ({ name, number: null, job: { ...job, name } })),
    removed: [],
  });
  const started = settle(context, { names, wait: true }, () => undefined);
  await stage.startAll();
  expect(await started).toEqual({ isDone: true, fallen: new Set() });
  fleet.takeDown(names, 'Stop');
  const stopped = settle(context, { names, wait: true, goingDown: true }, () => undefined);
  // So many stops begin in one turn.
  for (let begun = 0; begun < count; begun += 100) await inATurn(() => stage.clock.advance(0));
  await stage.endAll();
  await stopped;
  expect(new Set(fleet.all.map(({ state }) => state))).toEqual(new Set(['stopped']));
  jest.restoreAllMocks();
  return looks / count;
}

test('T-940 twice as many jobs cost no more looks at each while they start and stop', async () => {
  const [few, many] = [await looksFor(200), await looksFor(400)];
  expect([few < 60, many < few * 1.2]).toEqual([true, true]);
});
