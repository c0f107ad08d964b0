import type { JobEvent, JobSnapshot } from '../../machines/job.ts';
import { jobState } from '../../src/plan/job-state.ts';
import type { World } from './world.ts';

/** The failures that the chart of a job has heard of, from the `alive` check that it has now. */
interface Told {
  readonly run: number;
  readonly aliveSpec: string | null;
  readonly failures: number;
}

/** How many checks of a run have failed in a row, by the check that its config asks for now. */
export class Checks {
  readonly #world: World;
  readonly #told = new Map<string, Told>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A step of a job, after it was kept. */
  stepped(
    instance: string,
    event: JobEvent,
    { before, after }: { readonly before: JobSnapshot | null; readonly after: JobSnapshot },
  ): void {
    if (before === null) return;
    const { run, policy, aliveFailures } = after.context;
    const { aliveSpec } = policy;
    const known = this.#told.get(instance);
    const isOutdated = after.context.spec !== after.context.runSpec;
    const isReset = event.type === 'AlivePassed' && !isOutdated;
    const isSame = known?.run === run && known.aliveSpec === aliveSpec && !isReset;
    const isFailure = event.type === 'AliveFailed' && event.run === run && !isOutdated;
    const failures = (isSame ? known.failures : 0) + (isFailure ? 1 : 0);
    // What the disk has refused is not known to the next daemon.
    this.#told.set(instance, {
      run,
      aliveSpec,
      failures: event.type === 'Restored' ? aliveFailures : failures,
    });
    const isStopped = jobState(before) === 'running' && jobState(after) === 'stopping';
    if (event.type === 'AliveFailed' && isStopped && failures < policy.aliveFailures)
      this.#world.violate(
        `${instance} is stopped for its check, which failed ${failures} times in a row and not ${policy.aliveFailures}`,
      );
  }
}
