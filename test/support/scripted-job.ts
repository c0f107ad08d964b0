import type { Job } from '../../src/config/config.ts';
import { JobInstance } from '../../src/fleet/job-instance.ts';
import type { GroupState, LaunchEvents, Processes } from '../../src/job/ports.ts';
import { FakeClock } from './fake-clock.ts';
import { LEAST_JOB } from './least-job.ts';
import { leastWorld } from './least-world.ts';

/** Processes whose launches wait in `launches`: the test reports what becomes of them. */
export const scriptedProcesses = (launches: LaunchEvents[], look: () => GroupState) =>
  ({
    clear: (_marker, done) => done(),
    forgetStdin: () => undefined,
    launch: (_request, on) => {
      launches.push(on);
      return { release: () => undefined, cancel: () => undefined };
    },
    look,
    signal: () => 'sent',
    signalAll: () => undefined,
    recordedExit: () => null,
  }) satisfies Partial<Processes>;

/** One job whose children start, and whose processes end, when the test says so. */
export class ScriptedJob {
  readonly clock = new FakeClock();
  readonly instance: JobInstance;
  readonly launches: LaunchEvents[] = [];
  /** What remains of its processes. */
  group: GroupState = 'alive';
  /** How often that was asked. */
  looks = 0;
  /** Whether the disk takes its records. */
  isKept = true;
  readonly faults: string[] = [];

  constructor(job: Partial<Job> = {}, processes: Partial<Processes> = {}) {
    const look = (): GroupState => {
      this.looks += 1;
      return this.group;
    };
    this.instance = new JobInstance({
      instance: { name: 'web', number: null, job: { ...LEAST_JOB, startMs: 0, ...job } },
      world: leastWorld(this.clock, { ...scriptedProcesses(this.launches, look), ...processes }),
      keep: () => this.isKept,
      forget: () => undefined,
      dueStore: { read: () => null, write: () => undefined },
      onFault: (_name, text) => this.faults.push(text.split('\n')[0] ?? ''),
    });
    this.instance.begin();
  }

  /** Its newest launch reports a child. */
  spawned(pid: number): void {
    this.launches.at(-1)?.spawned({ pid, start: `${pid}`, boot: 'b' });
  }

  /** The same job when it is running. */
  running(): this {
    this.spawned(7);
    this.clock.advance(1);
    return this;
  }
}
