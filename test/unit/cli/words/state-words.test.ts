import { stateWithExit } from '../../../../src/cli/words/state-words.ts';

const EXIT = { code: null, signal: 'SIGKILL' };
const said = (given: object): string =>
  stateWithExit({ state: 'stopping', pid: null, lastExit: EXIT, lastRunFailed: false, ...given } as never);

test('a crashed job says how it ended while its leftovers are killed, a stopped one does not', () => {
  expect([
    said({ lastRunFailed: true }),
    said({ lastRunFailed: true, pid: 7 }),
    said({ lastRunFailed: false }),
  ]).toEqual(['stopping (SIGKILL)', 'stopping', 'stopping']);
});

test('only a waiting job tells of its failed run for as long as no other has succeeded', () => {
  const of = (state: string): string => said({ state, lastRunFailed: true });
  expect(['waiting', 'running', 'starting', 'held', 'stopped'].map(of)).toEqual([
    'waiting (SIGKILL)',
    'running',
    'starting',
    'held',
    'stopped',
  ]);
});

test('a job that runs with an earlier config says so, whatever its last exit', () => {
  expect([
    said({ state: 'running', hasOldConfig: true }),
    said({ state: 'failed', hasOldConfig: true }),
  ]).toEqual(['running (old config)', 'failed (old config)']);
});
