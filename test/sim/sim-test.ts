import type { Program, TestEnd } from '../../src/job/ports.ts';
import type { Parent, SimProcess } from './process-table.ts';
import type { Says } from './schedule.ts';
import { jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** How long after its SIGKILL the end of a test is heard. */
const KILL_MS = 2;

export interface SimTestOptions {
  readonly instance: string;
  readonly program: Program;
  readonly done: (end: TestEnd) => void;
}

/** One run of a job's test. */
export class SimTest {
  readonly #world: World;
  readonly #done: (end: TestEnd) => void;
  readonly #process: SimProcess | null;
  #isOver = false;

  constructor(world: World, { instance, program, done }: SimTestOptions) {
    this.#world = world;
    this.#done = done;
    const says = world.tests.get(jobNameOf(instance)) ?? 'pass';
    const random = world.random('test', instance, world.nth(`test ${instance}`));
    world.story.tell(() => `${instance}: its test begins and will say ${says}`);
    this.#process = this.#fork(program);
    if (this.#process === null) {
      world.unstartedTests.add(instance);
      world.timeline.after(0, () => this.#tell({ ...KILLED, signal: null, error: 'EAGAIN' }));
    } else if (says !== 'hang')
      world.timeline.after(random.chance(0.2) ? random.int(10, 600) : random.int(0, 10), () =>
        this.#end(endOf(says)),
      );
  }

  kill(): void {
    this.#world.timeline.after(KILL_MS, () => this.#end(KILLED));
  }

  /** The daemon is dead, and its test runs on. */
  abandon(): void {
    if (this.#process !== null) this.#world.table.orphan(this.#process);
  }

  #fork({ env }: Program): SimProcess | null {
    const parent: Parent = { childEnded: (_child, _exit, reap) => void reap() };
    return this.#world.table.fork({
      instance: null,
      role: 'test',
      env,
      parent,
      onSignal: (signal) => signal !== 'SIGCONT' && this.kill(),
    });
  }

  #end(end: TestEnd): void {
    if (this.#process?.isZombie === false) this.#world.table.end(this.#process, end);
    this.#tell(end);
  }

  #tell(end: TestEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#done(end);
  }
}

const KILLED: TestEnd = { code: null, signal: 'SIGKILL', error: null, output: '' };

function endOf(says: Exclude<Says, 'hang'>): TestEnd {
  return { code: { pass: 0, fail: 1, unknown: 255 }[says], signal: null, error: null, output: '' };
}
