import { jest } from '@jest/globals';
import type { RequestContext } from '../../src/daemon/requests/context.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { JobInstance } from '../../src/fleet/job-instance.ts';
import { PersistedState } from '../../src/fleet/persisted/persisted-state.ts';
import type { GroupState, LaunchEvents } from '../../src/job/ports.ts';
import type { JobWorld } from '../../src/job/world.ts';
import { FakeClock } from './fake-clock.ts';
import { leastWorld } from './least-world.ts';
import { scriptedProcesses } from './scripted-job.ts';

const LOG = { line: () => undefined };

/** A fleet whose children start when the test says so, and end when they are told to. */
export class ManyJobsStage {
  readonly fleet: Fleet;
  readonly clock = new FakeClock();
  readonly #launches: LaunchEvents[] = [];
  readonly #world: JobWorld;

  constructor() {
    let group: GroupState = 'alive';
    const processes = {
      ...scriptedProcesses(this.#launches, () => group),
      signalAll: () => void (group = 'gone'),
    };
    const world = leastWorld(this.clock, processes);
    this.#world = world;
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

  /** The same where each job starts after others: it is up before the next is asked for. */
  async startInOrder(): Promise<void> {
    // Iterating an array includes elements that are added meanwhile.
    for (const [index, on] of this.#launches.entries())
      await inATurn(() => {
        on.spawned({ pid: 100 + index, start: '1', boot: 'b' });
        this.clock.advance(1);
      });
  }

  get context(): RequestContext {
    const context: Partial<RequestContext> = { fleet: this.fleet, world: this.#world, isEnding: () => false };
    return context as RequestContext;
  }

  async endAll(): Promise<void> {
    for (const on of this.#launches) await inATurn(() => on.exited({ code: null, signal: 'SIGTERM' }, null));
    await inATurn(() => this.clock.advance(1_000));
  }
}

export async function inATurn(work: () => void): Promise<void> {
  work();
  await new Promise((resolve) => setImmediate(resolve));
}

/** Counts how often the state of any job is read from now on, until `jest.restoreAllMocks`. */
export function countLooks(): () => number {
  let looks = 0;
  for (const question of ['state', 'isUp', 'isTesting', 'isEnding'] as const) {
    const original = Object.getOwnPropertyDescriptor(JobInstance.prototype, question);
    jest.spyOn(JobInstance.prototype, question, 'get').mockImplementation(function (this: JobInstance) {
      looks += 1;
      return original?.get?.call(this) as never;
    });
  }
  return () => looks;
}
