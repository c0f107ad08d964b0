import { HOOK_LIMIT_MS, type Hook, type HookEvent } from '../../machines/hook.ts';
import type { Job } from '../config/config.ts';
import { isJobState } from '../config/state-words.ts';
import type { Clock } from '../host/clock.ts';
import { runTimed, type TimedRun } from './checks/timed-run.ts';
import { verdictOf } from './checks/verdict.ts';
import type { JobPrograms } from './job-programs.ts';
import type { DaemonLog, Processes, TestEnd } from './ports.ts';

export interface HookRunnerOptions {
  readonly instance: string;
  readonly programs: (job: Job) => JobPrograms;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: DaemonLog;
  readonly post: (event: HookEvent) => void;
}

/** Runs the hooks of a job, one at a time, and posts how each has ended. */
export class HookRunner {
  readonly #options: HookRunnerOptions;
  #running: TimedRun | null = null;

  constructor(options: HookRunnerOptions) {
    this.#options = options;
  }

  /** `job` has the config that was in force when it entered the state. */
  run(number: number, hook: Hook, job: Job): void {
    const { programs, processes, clock } = this.#options;
    const command = isJobState(hook.state) ? job.on[hook.state] : undefined;
    // The record is of a job that has no such hook: somebody else has written it.
    if (command === undefined) return this.#post(number, null);
    const program = programs(job).hook(command, hook);
    const conclude = (end: TestEnd, isTimedOut: boolean): void => {
      if (this.#running !== running) return;
      this.#running = null;
      this.#conclude(number, hook, end, isTimedOut);
    };
    const running = runTimed({ processes, clock, program, limitMs: HOOK_LIMIT_MS, done: conclude });
    this.#running = running;
  }

  /** Kills the hook with its group; its end is still posted. */
  kill(number: number): void {
    if (this.#running === null) this.#post(number, 'was lost');
    else this.#running.timeOut();
  }

  /** Kills the hook; nothing is posted. The next daemon runs it again. */
  leave(): void {
    const running = this.#running;
    this.#running = null;
    running?.end();
  }

  #conclude(number: number, { state }: Hook, end: TestEnd, isKilled: boolean): void {
    const { instance, log } = this.#options;
    const { detail, output } = verdictOf(end, null);
    const failure = isKilled ? `was killed after ${HOOK_LIMIT_MS / 1000} s` : detail;
    const hasFailed = isKilled || end.code !== 0;
    const said = output === '' ? '' : `; it printed: ${output}`;
    if (hasFailed) log.line(`${instance} the hook for ${state} failed: it ${failure}${said}`);
    else if (output !== '') log.line(`${instance} the hook for ${state} printed: ${output}`);
    this.#post(number, hasFailed ? failure : null);
  }

  #post(number: number, detail: string | null): void {
    const { clock, post } = this.#options;
    const at = new Date(clock.wall()).toISOString();
    post({ type: 'HookEnded', number, failure: detail === null ? null : { at, detail } });
  }
}
