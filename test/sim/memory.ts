import type { ChildIdentity } from '../../src/job/ports.ts';
import type { SimProcess } from './process-table.ts';
import type { World } from './world.ts';

/** What a job may have where its sketch says so, and what programs have. */
export const MEMORY_LIMIT = 100;
const USUAL = 60;
const GROWN = 140;

/** Nobody samples more often in a row than it takes to decide. */
const ENOUGH = 2;

/** How much memory programs have, and how many samples in a row were above the limit. */
export class Memory {
  readonly #world: World;
  readonly #overInARow = new WeakMap<SimProcess, number>();
  /** Of those, the ones that nobody may have heard: their job began to be sampled anew before they came. */
  readonly #unheard = new WeakMap<SimProcess, number>();
  readonly #changedAt = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A config reached an instance, which may be sampled anew for it. */
  changed(instance: string): void {
    this.#changedAt.set(instance, this.#world.timeline.now);
  }

  /** A daemon takes a sample that it asked for at a time in milliseconds. */
  sample(children: readonly ChildIdentity[], askedAt: number): ReadonlyMap<number, number> {
    return new Map(
      children.flatMap(({ pid }) => {
        const leader = this.#world.table.find(pid);
        if (leader === undefined) return [];
        const bytes = this.#bytesOf(leader);
        this.#note(leader, bytes, askedAt);
        return [[pid, bytes] as const];
      }),
    );
  }

  /** The chart of an instance stops its run for its memory. */
  stopped(instance: string): void {
    const leader = this.#world.watch.runOf(instance)?.process;
    if (leader !== undefined && (this.#overInARow.get(leader) ?? 0) < ENOUGH)
      this.#world.violate(
        `${instance} is stopped for its memory, which was not above its limit twice in a row`,
      );
  }

  #note(leader: SimProcess, bytes: number, askedAt: number): void {
    const { watch, schedule } = this.#world;
    const count = bytes > MEMORY_LIMIT ? (this.#overInARow.get(leader) ?? 0) + 1 : 0;
    this.#overInARow.set(leader, count);
    const { instance } = leader;
    // A daemon that is about to end has stopped listening.
    const isDeaf = this.#world.owner?.isAskedToEnd === true;
    const isUnheard = isDeaf || (instance !== null && (this.#changedAt.get(instance) ?? -1) >= askedAt);
    const unheard = count === 0 ? 0 : (this.#unheard.get(leader) ?? 0) + Number(isUnheard);
    this.#unheard.set(leader, unheard);
    if (instance === null || schedule.throws !== undefined) return;
    const isAlwaysLimited = watch
      .sketchesOf(instance)
      .every(({ maxMemoryBytes = null }) => maxMemoryBytes !== null);
    if (count - unheard > ENOUGH && isAlwaysLimited && watch.runOf(instance)?.process === leader)
      this.#world.violate(
        `${instance} is above its memory limit for the ${count}th time in a row, and runs on`,
      );
  }

  /** Some programs never grow, some do after a while, and some have a lot now and then. */
  #bytesOf(leader: SimProcess): number {
    const { isCalm, timeline } = this.#world;
    if (isCalm) return USUAL;
    const random = this.#world.random('memory', leader.pid, leader.forkedAt);
    switch (random.weighted({ modest: 3, growing: 3, moody: 2 })) {
      case 'modest':
        return USUAL;
      case 'growing':
        return timeline.now - leader.forkedAt > random.int(0, 8_000) ? GROWN : USUAL;
      case 'moody':
        return this.#world.random('moody', this.#world.nth('moody')).chance(0.5) ? GROWN : USUAL;
    }
  }
}
