import type { Composed } from './composed.ts';
import { clientSteps } from './client-steps.ts';
import { daemonSteps } from './daemon-steps.ts';
import { Explored } from './explorer.ts';
import { faults } from './faults.ts';
import { keyOf } from './key.ts';
import type { Asked, Daemon, Happening, World } from './world.ts';
import { MISSING } from './world.ts';

/** How a composition begins. */
export interface Scenario {
  readonly asked: readonly [Asked, Asked];
  readonly starts: readonly Start[];
  readonly faults: number;
}

const STARTS = [
  'nothing',
  'a stale socket file',
  'a damaged socket file',
  'a killed daemon',
  'a daemon',
] as const;
export type Start = (typeof STARTS)[number];

const LIMIT = 500_000;

/** Everything that can become of two clients and their daemons. */
export function explored(
  composed: Composed,
  scenario: Scenario,
  isEnough?: (world: World) => boolean,
): Explored<World> {
  const starts = scenario.starts.map((start) => ({
    story: storyOf(start),
    world: begun(composed, scenario, start),
  }));
  return new Explored<World>(
    { starts, ways: (world) => happenings(composed, world), key: keyOf, limit: LIMIT },
    isEnough,
  );
}

/** Nobody is slower than what takes time, unless a fault makes it so. */
function happenings(composed: Composed, world: World): readonly Happening[] {
  const movers = [
    { mover: { client: 0 }, steps: clientSteps(composed, world, 0) },
    { mover: { client: 1 }, steps: clientSteps(composed, world, 1) },
    ...world.daemons.map((daemon) => ({
      mover: { daemon: daemon.number },
      steps: daemonSteps(composed, world, daemon),
    })),
  ];
  for (const { mover, steps } of movers) {
    const own = steps.find(({ kind }) => kind === 'own');
    if (own !== undefined) return [own, ...faults(composed, world, mover)];
  }
  const all = movers.flatMap(({ steps }) => steps);
  const steps = all.filter(({ kind }) => kind === 'step');
  return [...(steps.length > 0 ? steps : all), ...faults(composed, world, null)];
}

function begun(composed: Composed, { asked: [a, b], faults: faultsLeft }: Scenario, start: Start): World {
  const daemons = start === 'a daemon' ? [serving(composed)] : [];
  return {
    file: start === 'nothing' ? MISSING : start === 'a damaged socket file' ? 'damaged' : 1,
    lock: daemons[0]?.number ?? null,
    jobs: start === 'a daemon' || start === 'a killed daemon' ? 1 : 0,
    clients: [composed.begunClient('A', a), composed.begunClient('B', b)],
    daemons,
    launches: 1,
    faultsLeft,
    isHit: false,
  };
}

/** A daemon that waits for its first request, with the jobs that an earlier one left to it. */
function serving(composed: Composed): Daemon {
  const begun = composed.begunDaemon(1, null);
  const alone = {
    file: 1,
    lock: 1,
    jobs: 1,
    daemons: [{ ...begun, isListening: true, knowsJobs: true }],
  } as unknown as World;
  const ready = [0, 1].reduce(
    (world) => composed.tellDaemon(world, world.daemons[0] as Daemon, 'Success'),
    alone,
  );
  return ready.daemons[0] as Daemon;
}

function storyOf(start: Start): string {
  switch (start) {
    case 'nothing':
      return 'No daemon runs and there is no socket file.';
    case 'a stale socket file':
      return 'No daemon runs; the socket file of daemon 1, which has gone, is still there.';
    case 'a damaged socket file':
      return 'No daemon runs; something that is no socket file is in its place.';
    case 'a killed daemon':
      return 'Daemon 1 was killed: its jobs run on, and its socket file is still there.';
    case 'a daemon':
      return 'Daemon 1 serves.';
    default:
      return start satisfies never;
  }
}
