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

  constructor(world: World) {
    this.#world = world;
  }

  /** A daemon takes a sample. */
  sample(children: readonly ChildIdentity[]): ReadonlyMap<number, number> {
    return new Map(
      children.flatMap(({ pid }) => {
        const leader = this.#world.table.find(pid);
        if (leader === undefined) return [];
        const bytes = this.#bytesOf(leader);
        this.#note(leader, bytes);
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

  #note(leader: SimProcess, bytes: number): void {
    const { watch, schedule } = this.#world;
    const count = bytes > MEMORY_LIMIT ? (this.#overInARow.get(leader) ?? 0) + 1 : 0;
    this.#overInARow.set(leader, count);
    const { instance } = leader;
    if (instance === null || schedule.throws !== undefined) return;
    const isAlwaysLimited = watch
      .sketchesOf(instance)
      .every(({ maxMemoryBytes = null }) => maxMemoryBytes !== null);
    if (count > ENOUGH && isAlwaysLimited && watch.runOf(instance)?.process === leader)
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
