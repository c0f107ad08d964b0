import type { Pace } from '../../host/pace.ts';
import type { Processes } from '../ports.ts';

/** Processes of which very many may end in the same moment. */
export function pacedProcesses(processes: Processes, pace: Pace): Processes {
  return {
    ...processes,
    launch: (request, on) =>
      processes.launch(request, { ...on, exited: (exit) => pace.do(() => on.exited(exit)) }),
    runTest: (program, done) => processes.runTest(program, (end) => pace.do(() => done(end))),
  };
}
