import { Random } from '../support/random.ts';
import { FAULTS_MS, type Happening, type Schedule, scheduleOf } from './schedule.ts';

/** How often a schedule is a relative of an earlier one, once there are any. */
const RELATED = 0.5;
/** A relative is made of one of the schedules that took one of so many of the rarest steps. */
const RAREST = 40;
/** How far a happening is moved at most, in milliseconds. */
const NEAR_MS = 300;

interface Step {
  times: number;
  /** The schedule with the fewest happenings that took it. */
  by: Schedule;
}

/**
 * Chooses schedules by what the earlier ones have covered: half of them are fresh, and the others are made
 * from one that took a step which few have taken, so that what is seldom reached is looked at from near.
 */
export class Guide {
  readonly #steps = new Map<string, Step>();

  /** The schedule of this seed after all that was learnt. */
  scheduleOf(seed: number): Schedule {
    const fresh = scheduleOf(seed);
    const random = new Random(seed, 'guide');
    if (this.#steps.size === 0 || !random.chance(RELATED)) return fresh;
    const rarest = [...this.#steps.values()].toSorted((a, b) => a.times - b.times).slice(0, RAREST);
    return related(random.pick(rarest).by, fresh, random);
  }

  /** Notes the transitions that a schedule has taken, each with the states that it leads from and to. */
  learn(schedule: Schedule, taken: Iterable<string>): void {
    for (const step of taken) {
      const known = this.#steps.get(step);
      if (known === undefined) this.#steps.set(step, { times: 1, by: schedule });
      else {
        known.times += 1;
        if (schedule.happenings.length < known.by.happenings.length) known.by = schedule;
      }
    }
  }
}

/** A schedule with the jobs of one, and most of what happens there, but with something of another. */
function related(one: Schedule, other: Schedule, random: Random): Schedule {
  const kept = one.happenings.filter(() => !random.chance(0.1)).map((each) => moved(each, random));
  const share = random.pick([0, 0.1, 0.3]);
  const added = other.happenings.filter((each) => random.chance(share) && isAbout(each, one));
  return {
    ...one,
    // Other delays, refusals and programs in half of them.
    seed: random.chance(0.5) ? one.seed : other.seed,
    happenings: [...kept, ...added].toSorted((a, b) => a.at - b.at),
  };
}

function moved(happening: Happening, random: Random): Happening {
  if (happening.at === 0 || !random.chance(0.3)) return happening;
  const at = Math.min(FAULTS_MS, Math.max(1, happening.at + random.int(-NEAR_MS, NEAR_MS)));
  return { ...happening, at };
}

/** Whether a happening names no other jobs than those that a schedule begins with. */
function isAbout(happening: Happening, { sketches }: Schedule): boolean {
  return namesIn(happening.kind === 'ask' ? happening.request : happening).every((name) => name in sketches);
}

function namesIn(what: object): readonly string[] {
  return 'job' in what && typeof what.job === 'string'
    ? [what.job]
    : 'jobs' in what && Array.isArray(what.jobs)
      ? what.jobs
      : [];
}
