import { CONFIG_DIR, type Happening } from './schedule.ts';
import { instancesNamed, type Sketch } from './sketch.ts';
import { ask, launchDaemon } from './users.ts';
import type { World } from './world.ts';

/** Lets one thing of the schedule happen. */
export function happen(world: World, happening: Happening): void {
  const { story } = world;
  switch (happening.kind) {
    case 'ask':
      return ask(world, happening.request, {
        vanishesMs: happening.vanishesMs,
        isStillMeant: () => !(world.isCalm && happening.request.name === 'DIE'),
      });
    case 'edit':
      return edit(world, happening);
    case 'test':
      world.tests.set(happening.job, happening.says);
      return story.tell(() => `the test of ${happening.job} will say ${happening.says} from now on`);
    case 'touch':
      return world.edits.change(happening.job);
    case 'launch':
      return launchDaemon(world);
    case 'loseState':
      return world.loseState();
    case 'kill':
      return happening.power ? world.losePower() : world.owner?.kill();
    case 'killAtCall':
      return;
    case 'full':
    case 'noSync':
    case 'noConfigFiles':
    case 'brokenConfig':
      world.open(happening.kind, happening.forMs);
      return story.tell(() => `for ${happening.forMs} ms: ${happening.kind}`);
    case 'noSpawn':
      world.open(happening.lasting ? 'neverSpawns' : 'noSpawn', happening.forMs);
      return story.tell(
        () => `for ${happening.forMs} ms nothing can be spawned${happening.lasting ? ', for good' : ''}`,
      );
    case 'wallJump':
      return world.jumpWall(happening.byMs);
    case 'strike':
      return strike(world, happening);
    default:
      return happening satisfies never;
  }
}

function edit(world: World, { job, to }: Extract<Happening, { readonly kind: 'edit' }>): void {
  const others = Object.entries(world.sketches).filter(([name]) => name !== job);
  const sketches: readonly (readonly [string, Sketch])[] = to === null ? others : [...others, [job, to]];
  world.sketches = Object.fromEntries(sketches.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  world.story.tell(
    () => `the config in ${CONFIG_DIR} changes: ${job} is ${to === null ? 'gone' : JSON.stringify(to)}`,
  );
}

/** Somebody else signals a program. */
function strike(world: World, { job, signal }: Extract<Happening, { readonly kind: 'strike' }>): void {
  for (const program of instancesNamed(job).flatMap((instance) => world.programsOf(instance))) {
    world.story.tell(() => `somebody sends ${signal} to ${program.pid}`);
    program.onSignal(signal);
  }
}
