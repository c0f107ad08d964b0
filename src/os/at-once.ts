import type { OsAnswer, LaterOs, Os } from './os.ts';
import { CannotAsk } from './system-error.ts';

/** For a system whose answers cost next to nothing: none is waited for. */
export function answeringAtOnce(
  os: Pick<Os, 'identify' | 'listing' | 'group' | 'processesWithEnv'>,
): LaterOs {
  return {
    identify: (pids, done) => answer(done, () => pids.flatMap((pid) => os.identify(pid) ?? [])),
    listing: (known, done) => answer(done, () => os.listing(known)),
    group: (pgid, done) => answer(done, () => os.group(pgid)),
    processesWithEnv: (name, among, done) => answer(done, () => os.processesWithEnv(name, among)),
    writers: (_files, done) => done(new Map()),
  };
}

function answer<T>(done: OsAnswer<T>, ask: () => T): void {
  done(answerOf(ask));
}

/** The answer, or the CannotAsk error as a value. */
export function answerOf<T>(ask: () => T): T | CannotAsk {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CannotAsk) return error;
    throw error;
  }
}
