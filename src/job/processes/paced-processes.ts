import type { Pace } from '../../host/pace.ts';
import type { Processes } from '../ports.ts';

/** Spreads the exits of many processes that end in the same moment over several turns. */
export function pacedProcesses(processes: Processes, pace: Pace): Processes {
  return {
    ...processes,
    launch: (request, on) =>
      processes.launch(request, { ...on, exited: (...end) => pace.do(() => on.exited(...end)) }),
    runTest: (program, done, begun) => processes.runTest(program, (end) => pace.do(() => done(end)), begun),
  };
}
