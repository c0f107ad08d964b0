import { Pace } from '../../../../src/host/pace.ts';
import type { LaunchEvents, Processes, TestEnd } from '../../../../src/job/ports.ts';
import { pacedProcesses } from '../../../../src/job/processes/paced-processes.ts';

test('ends of children and tests wait for their turn, and their beginnings do not', () => {
  const turns: (() => void)[] = [];
  const launches: LaunchEvents[] = [];
  const tests: { readonly done: (end: TestEnd) => void; readonly begun: () => void }[] = [];
  const processes = pacedProcesses(
    {
      launch: (_request, on) => {
        launches.push(on);
        return { release: () => undefined, cancel: () => undefined };
      },
      runTest: (_program, done, begun = () => undefined) => {
        tests.push({ done, begun });
        return { end: () => undefined };
      },
      look: () => 'gone',
    } satisfies Partial<Processes> as Partial<Processes> as Processes,
    new Pace({ isSpent: () => true, next: (turn) => void turns.push(turn) }),
  );
  const heard: string[] = [];
  const hear = (what: string) => (): void => void heard.push(what);
  processes.launch({} as never, {
    spawned: hear('spawned'),
    failed: hear('failed'),
    exited: (_exit, whenDrained) => whenDrained?.(hear('exited, and drained')),
  });
  processes.runTest({} as never, hear('tested'), hear('begun'));
  launches[0]?.exited({ code: 0, signal: null }, (done) => done());
  tests[0]?.done({ code: 0, signal: null, error: null, output: '' });
  launches[0]?.spawned({ pid: 1, start: '1', boot: 'b' });
  launches[0]?.failed({ detail: 'no', lasting: true });
  tests[0]?.begun();
  expect(heard).toEqual(['spawned', 'failed', 'begun']);
  turns.shift()?.();
  expect(heard.slice(3)).toEqual(['exited, and drained']);
  turns.shift()?.();
  expect([heard.slice(4), processes.look({} as never, {} as never)]).toEqual([['tested'], 'gone']);
});
