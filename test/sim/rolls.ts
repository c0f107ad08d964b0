import type { JobSnapshot } from '../../machines/job.ts';
import type { Job } from '../../src/config/config.ts';
import type { Kept } from '../../src/host/chart-host.ts';
import { jobState } from '../../src/plan/job-state.ts';
import type { RequestName } from '../../src/wire/messages.ts';
import { jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** For this long a request that stops or starts single copies may interfere with a roll. */
const OTHERWISE_MS = 1_000;

/** Requests that have the last word on a copy at once, whatever its turn is. */
const AT_ONCE: readonly RequestName[] = ['start', 'stop', 'DIE'];

/** A copy of a rolling job that serves is taken down only while the other one is up. */
export class Rolls {
  readonly #world: World;
  #otherwiseAt = Number.NEGATIVE_INFINITY;

  constructor(world: World) {
    this.#world = world;
  }

  requested(name: RequestName): void {
    if (AT_ONCE.includes(name)) this.#otherwiseAt = this.#world.timeline.now;
  }

  /** A step of a job, after it was kept. */
  stepped(step: {
    readonly id: string;
    readonly type: string;
    readonly before: Kept;
    readonly after: Kept;
  }): void {
    const { timeline, schedule } = this.#world;
    const [before, after] = [step.before, step.after].map((kept) => jobState(kept as unknown as JobSnapshot));
    if (step.type !== 'Apply' && step.type !== 'Restart') return;
    const isRolling = this.#read<{ readonly job: Job }>(`config:${step.id}`)?.job.rolling === true;
    if (before !== 'running' || after !== 'stopping') return;
    // A config that disables the job stops every copy at once.
    if ((step.after as unknown as JobSnapshot).value.want !== 'Yes') return;
    // A port that throws, or a disk that refuses, leaves a copy on record as it was before.
    if (schedule.throws !== undefined || this.#world.isDiskBehind) return;
    if (timeline.now - this.#otherwiseAt < OTHERWISE_MS) return;
    // Its turn came earlier, and only its test has kept it up since.
    const hasHadTurn = (step.before as unknown as JobSnapshot).context.restartAsked;
    if (!isRolling || hasHadTurn) return;
    const other = this.#otherOf(step.id);
    // A disk that was full may have kept what it did, but not that it is one of the jobs.
    if (this.#read(`config:${other}`) === null) return;
    const kept = this.#read<JobSnapshot>(`state:${other}`);
    // One that was stopped by hand serves nobody, however long it is waited for.
    if (kept !== null && kept.value.want !== 'Yes') return;
    const state = kept === null ? 'running' : jobState(kept);
    if (['starting', 'stopping', 'backoff', 'failed'].includes(state))
      this.#world.violate(`${step.id} of a rolling job is taken down while ${other} is ${state}`);
  }

  #otherOf(instance: string): string {
    return `${jobNameOf(instance)}@${instance.endsWith('1') ? 2 : 1}`;
  }

  #read<T>(key: string): T | null {
    const json = this.#world.disk.newest(key);
    return json === null ? null : (JSON.parse(json) as T);
  }
}
