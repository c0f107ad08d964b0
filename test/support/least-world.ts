import type { Clock } from '../../src/host/clock.ts';
import type { Processes } from '../../src/job/ports.ts';
import type { JobWorld } from '../../src/job/world.ts';

/** A world of a clock and some of what processes do; whatever else a job uses of it throws. */
export function leastWorld(clock: Clock, processes: Partial<Processes>): JobWorld {
  return {
    processes: processes as Processes,
    clock,
    baseEnvironment: {},
    folderId: 'f',
    umask: 0o022,
    logPath: () => '/log',
    exits: () => '/exits',
    stdin: () => '/stdin',
  } satisfies Partial<JobWorld> as Partial<JobWorld> as JobWorld;
}
