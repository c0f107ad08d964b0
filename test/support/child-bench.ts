import type { JobEvent, JobSnapshot } from '../../machines/job.ts';
import type { Job } from '../../src/config/config.ts';
import { ChildControl } from '../../src/job/child-control.ts';
import { JobPrograms } from '../../src/job/job-programs.ts';
import type {
  ChildExit,
  GroupState,
  LaunchEvents,
  LaunchRequest,
  Marker,
  SpawnedChild,
} from '../../src/job/ports.ts';
import { FakeClock } from './fake-clock.ts';
import { LEAST_JOB } from './least-job.ts';
import { leastWorld } from './least-world.ts';

export const CHILD: SpawnedChild = { pid: 70, start: 's70', boot: 'b' };

/** The child of one job in a world that notes what is done to it, without the first search. */
export function control(change: Partial<Job> = {}) {
  const clock = new FakeClock(0);
  const done: string[] = [];
  const posted: JobEvent[] = [];
  const launches: { readonly request: LaunchRequest; readonly on: LaunchEvents }[] = [];
  const cancelled: (() => void)[] = [];
  const searches: { readonly marker: Marker; readonly done: () => void }[] = [];
  const lookedAt: number[] = [];
  const state = {
    group: 'alive' as GroupState,
    recorded: null as ChildExit | null,
    isKept: true,
    decidedAt: 0,
  };
  const world = {
    ...leastWorld(clock, {
      launch: (request, on) => {
        const number = launches.push({ request, on });
        return {
          release: () => done.push(`release ${number}`),
          cancel: (gone) => {
            done.push(`cancel ${number}`);
            if (gone !== undefined) cancelled.push(gone);
          },
        };
      },
      look: () => {
        lookedAt.push(clock.monotonic());
        return state.group;
      },
      ownsGroup: ({ pid }) => pid === 70,
      recordedExit: (file) => {
        done.push(`read ${file}`);
        return state.recorded;
      },
      forgetStdin: (path) => done.push(`forget ${path}`),
      signal: ({ pid }, signal) => {
        done.push(`${signal} to group ${pid}`);
        return 'sent';
      },
      signalAll: ({ pid }, _marker, signal, decidedAt) => {
        done.push(`${signal} to all of ${pid}`);
        state.decidedAt = decidedAt;
      },
      clear: (marker, found) => searches.push({ marker, done: found }),
    }),
    logPath: (instance: string) => `/logs/${instance}.log`,
    exits: (instance: string) => `/exits/${instance}`,
    stdin: (instance: string) => `/stdin/${instance}`,
    probes: { logSize: (path: string) => path.length, logId: (path: string) => `id of ${path}` } as never,
  };
  const job: Job = { ...LEAST_JOB, ...change };
  const programs = new JobPrograms({ ...world, job: () => job, number: null, log: '/logs/web.log' });
  const child = new ChildControl({
    instance: 'web',
    job: () => job,
    world,
    programs,
    post: (event) => posted.push(event),
    isKept: () => state.isKept,
  });
  return { child, clock, done, posted, launches, cancelled, searches, lookedAt, state };
}

/** The same after its search for left-over processes, with a child of run 1 that has been reported. */
export function running(change: Partial<Job> = {}) {
  const all = control(change);
  all.child.spawn(1, false);
  all.searches[0]?.done();
  all.launches[0]?.on.spawned(CHILD);
  all.child.release(1);
  all.done.length = 0;
  all.posted.length = 0;
  return all;
}

export const snapshot = (context: Partial<JobSnapshot['context']>): JobSnapshot =>
  ({ context: { run: 1, child: CHILD, ending: 'byHand', ...context } }) as never;
