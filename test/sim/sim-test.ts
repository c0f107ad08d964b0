import type { TestEnd } from '../../src/job/ports.ts';
import type { Says } from './schedule.ts';
import { jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** How long after its SIGKILL the end of a test is heard. */
const KILL_MS = 2;

/** One run of a job's test. */
export class SimTest {
  readonly #world: World;
  readonly #done: (end: TestEnd) => void;
  #isOver = false;

  constructor(world: World, instance: string, done: (end: TestEnd) => void) {
    this.#world = world;
    this.#done = done;
    const says = world.tests.get(jobNameOf(instance)) ?? 'pass';
    const random = world.random('test', instance, world.nth(`test ${instance}`));
    world.story.tell(() => `${instance}: its test begins and will say ${says}`);
    if (says !== 'hang')
      world.timeline.after(random.chance(0.2) ? random.int(10, 600) : random.int(0, 10), () =>
        this.#end(endOf(says)),
      );
  }

  kill(): void {
    this.#world.timeline.after(KILL_MS, () =>
      this.#end({ code: null, signal: 'SIGKILL', error: null, output: '' }),
    );
  }

  #end(end: TestEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#done(end);
  }
}

function endOf(says: Exclude<Says, 'hang'>): TestEnd {
  return { code: { pass: 0, fail: 1, unknown: 255 }[says], signal: null, error: null, output: '' };
}
