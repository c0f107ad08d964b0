import { logProbes } from '../../src/job/checks/log-probes.ts';
import type { ProbeDone, Probes } from '../../src/job/ports.ts';
import type { Incarnation } from './incarnation.ts';
import { jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** How long a program takes at most until it answers, and how long that takes. */
const READY_MOST_MS = 1_500;
const ANSWER_MOST_MS = 20;

/** When there is no more trouble, every program is ready in the time that its config gives it. */
const READY_CALM_MS = 100;

/** The probability that the machine has no time to look through lines of a log. */
const BUSY = 0.1;

/** The probability that nobody answers at all. */
const SILENCE = 0.05;
/** At another port than the first. */
const MOODY_SILENCE = 0.5;

/** What jobs offer to the world: answers on a port of their name, and lines in their logs. */
export class Surroundings {
  readonly #world: World;
  readonly #daemon: Incarnation;

  constructor(world: World, daemon: Incarnation) {
    this.#world = world;
    this.#daemon = daemon;
  }

  get probes(): Probes {
    return {
      connect: ({ host, port }, done) =>
        this.#daemon.jobCall('connect', NOTHING, () => this.#connect(host, port, done)),
      request: () => NOTHING,
      ...logProbes(this.#world.files.of(this.#daemon)),
      match: (pattern, lines) => {
        const random = this.#world.random('match', this.#world.nth('match'));
        if (!this.#world.isCalm && random.chance(BUSY)) {
          this.#world.busyAt = this.#world.timeline.now;
          return 'too-busy';
        }
        const expression = new RegExp(pattern);
        return lines.some((line) => expression.test(line));
      },
    };
  }

  #connect(job: string, port: number, done: ProbeDone): { end(): void } {
    const random = this.#world.random('connect', this.#world.nth('connect'));
    let isOver = !this.#world.isCalm && random.chance(port === 1 ? SILENCE : MOODY_SILENCE);
    this.#world.timeline.after(random.int(0, ANSWER_MOST_MS), () => {
      if (!isOver && this.#daemon.isAlive) done(this.#isReady(job) ? null : 'connection refused');
    });
    return { end: () => void (isOver = true) };
  }

  #isReady(job: string): boolean {
    // With start times in whole seconds there would be too few different ones.
    const { table, timeline, isMac, isCalm } = this.#world;
    const mostMs = isCalm ? READY_CALM_MS : READY_MOST_MS;
    return table.all.some(({ instance, role, isZombie, forkedAt, start, pid }) => {
      if (instance === null || jobNameOf(instance) !== job || role !== 'program' || isZombie) return false;
      return (
        timeline.now - forkedAt >= this.#world.random('ready', isMac ? forkedAt : start, pid).int(0, mostMs)
      );
    });
  }
}

const NOTHING = { end: (): void => undefined };
