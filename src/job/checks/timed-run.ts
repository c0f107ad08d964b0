import type { Clock, Timer } from '../../host/clock.ts';
import type { Processes, Program, TestEnd } from '../ports.ts';

/** A program that runs until it ends, or is ended because its time is over. */
export interface TimedRun {
  end(): void;
  /**
   * Ends it because its time is over. While it is queued its time has not begun, so it is then ended
   * `limitMs` after it begins.
   */
  timeOut(): void;
}

export interface TimedRunOptions {
  readonly processes: Processes;
  readonly clock: Clock;
  readonly program: Program;
  readonly limitMs: number;
  readonly done: (end: TestEnd, isTimedOut: boolean) => void;
}

/** Runs a program, telling with its end whether that came because its time was over. */
export function runTimed({ processes, clock, program, limitMs, done }: TimedRunOptions): TimedRun {
  let hasBegun = false;
  let isDue = false;
  let isTimedOut = false;
  let timer: Timer | null = null;
  const timeOut = (): void => {
    isDue = true;
    if (!hasBegun) return;
    isTimedOut = true;
    running.end();
  };
  const running = processes.runTest(
    program,
    (end) => {
      timer?.clear();
      done(end, isTimedOut);
    },
    () => {
      hasBegun = true;
      if (isDue) timer = clock.after(limitMs, timeOut);
    },
  );
  return {
    end: () => {
      timer?.clear();
      running.end();
    },
    timeOut,
  };
}
