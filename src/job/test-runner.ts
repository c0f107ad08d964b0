import type { JobEvent } from '../../machines/job.ts';
import type { Job } from '../config/config.ts';
import type { Clock } from '../host/clock.ts';
import { runTimed, type TimedRun } from './checks/timed-run.ts';
import { verdictOf } from './checks/verdict.ts';
import type { JobPrograms } from './job-programs.ts';
import type { Processes, TestEnd } from './ports.ts';

const VERDICT_EVENTS = { pass: 'TestPassed', fail: 'TestFailed', unknown: 'TestUnknown' } as const;

export interface TestRunnerOptions {
  readonly job: () => Job;
  readonly programs: JobPrograms;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly post: (event: JobEvent) => void;
}

/** Runs the test of a job, one at a time, and posts its verdict. */
export class TestRunner {
  readonly #options: TestRunnerOptions;
  #running: TimedRun | null = null;

  constructor(options: TestRunnerOptions) {
    this.#options = options;
  }

  run(test: number): void {
    const { programs, processes, clock, post } = this.#options;
    const job = this.#options.job();
    if (job.test === null) return;
    const limitMs = job.testTimeoutMs;
    const conclude = (end: TestEnd, isTimedOut: boolean): void => {
      if (this.#running !== running) return;
      this.#running = null;
      const { verdict, ...particulars } = verdictOf(end, isTimedOut ? limitMs : null);
      post({
        type: VERDICT_EVENTS[verdict],
        test,
        at: new Date(clock.wall()).toISOString(),
        ...particulars,
      });
    };
    const program = programs.test(job.test);
    const running = runTimed({ processes, clock, program, limitMs, done: conclude });
    this.#running = running;
  }

  /** Ends the test because its time is over; its verdict is still posted. */
  timeOut(): void {
    this.#running?.timeOut();
  }

  /** Ends the test; no verdict follows. */
  cancel(): void {
    const running = this.#running;
    this.#running = null;
    running?.end();
  }
}
