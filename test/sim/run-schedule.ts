import { happen } from './happen.ts';
import { Dead } from './sim-files.ts';
import { END_MS, plan } from './closing.ts';
import type { Schedule } from './schedule.ts';
import { stir } from './strangers.ts';
import { World } from './world.ts';

export interface Outcome {
  /** The rule that was broken; null when all went well. */
  readonly violation: string | null;
  readonly story: readonly string[];
  readonly events: number;
  readonly daemons: number;
  /** The transitions that were taken, each with the state that it leads to. */
  readonly taken: ReadonlyMap<string, string>;
}

const STACK = 10;

/** An endless loop of events at one time is a failure too. */
const EVENTS_MOST = 200_000;

/** Runs one schedule. The same schedule always ends in the same way. */
export async function runSchedule(schedule: Schedule, isTold = false): Promise<Outcome> {
  const world = new World({ schedule, isTold });
  // The system refuses often, and where it does so interests only who reads the story.
  Error.stackTraceLimit = isTold ? STACK : 0;
  for (const each of schedule.happenings) world.timeline.after(each.at, () => happen(world, each));
  plan(world);
  stir(world);
  const events = await withClockOf(world, () => live(world));
  const { violation, story, daemons, taken } = world;
  return { violation, story: story.lines, events, daemons: daemons.length, taken };
}

/** Who looks at the machine's own clock sees simulated time as well. */
async function withClockOf<T>(world: World, act: () => Promise<T>): Promise<T> {
  const real = Object.getOwnPropertyDescriptor(performance, 'now');
  performance.now = () => world.timeline.now;
  try {
    return await act();
  } finally {
    if (real === undefined) Reflect.deleteProperty(performance, 'now');
    else Object.defineProperty(performance, 'now', real);
  }
}

/** One event after another until the end, or until something is wrong; how many there were. */
async function live(world: World): Promise<number> {
  let events = 0;
  for (
    let next = world.timeline.next(END_MS);
    next !== null && world.violation === null;
    next = world.timeline.next(END_MS)
  ) {
    events += 1;
    if (events > EVENTS_MOST) world.violate('it never comes to rest');
    step(world, next);
    // All that the daemon promised itself in this event is done before the next one.
    await new Promise(setImmediate);
  }
  return events;
}

function step(world: World, event: () => void): void {
  try {
    event();
  } catch (error) {
    if (error instanceof Dead) return;
    world.violate(`the daemon throws: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
