import { indexBy } from '../../text/index-by.ts';
import type { Instance } from '../../plan/instances.ts';
import type { JobInstance } from '../job-instance.ts';
import type { Roster } from '../roster.ts';
import type { Roll } from './roll.ts';
import type { StopQueue } from './stop-queue.ts';

/** The roll of each job, by its name. */
export type RollsByJob = ReadonlyMap<string, Roll>;

export interface RollsOptions {
  readonly roster: Roster;
  readonly stopQueue: StopQueue;
}

/** Which copies of which jobs are replaced one at a time. */
export class Rolls {
  readonly #options: RollsOptions;

  constructor(options: RollsOptions) {
    this.#options = options;
  }

  /** For a change of these; without the copies that somebody has stopped. */
  forChange(asked: readonly Instance[]): RollsByJob {
    return this.#among(asked.filter(({ name, job }) => job.rolling && !this.#staysStopped(name)));
  }

  /** For a restart of these by hand; `isRolling` also of jobs without the key. */
  forRestart(instances: readonly JobInstance[], isRolling: boolean): RollsByJob {
    return this.#among(instances.filter(({ job }) => isRolling || job.rolling));
  }

  /** For a change of a file that a copy watches, as the others do. Null where the job does not roll. */
  forFile({ job }: JobInstance): Roll | null {
    if (!job.rolling) return null;
    const copies = this.#options.roster.all.filter((each) => each.job.name === job.name);
    return this.forChange(copies).get(job.name) ?? null;
  }

  /** The copy that kept the newest roll from replacing an instance; null where it was replaced. */
  stoppedBy({ name }: JobInstance): JobInstance | null {
    const { roster, stopQueue } = this.#options;
    const stopped = stopQueue.stoppedRoll(name);
    return stopped === null ? null : (roster.get(stopped.by) ?? null);
  }

  /** Of one copy there is nothing to roll. */
  #among(instances: readonly Instance[]): RollsByJob {
    const copies = [...indexBy(instances, ({ job }) => [job.name])].filter(([, { length }]) => length > 1);
    return new Map(copies.map(([name, of]) => [name, this.#rollOf(of)]));
  }

  #rollOf(copies: readonly Instance[]): Roll {
    const { roster } = this.#options;
    const jobs = new Map(copies.map(({ name, job }) => [name, job]));
    return {
      members: [...jobs.keys()],
      dependencies: ({ name, job }) => roster.dependenciesIn(jobs.get(name) ?? job).map(({ other }) => other),
    };
  }

  /** Stopped by hand, and no restart waits for its turn. */
  #staysStopped(name: string): boolean {
    const { roster, stopQueue } = this.#options;
    return roster.get(name)?.isStoppedByHand === true && !stopQueue.waitsInRoll(name);
  }
}
