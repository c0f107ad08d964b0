import { History, remembered } from '../../../../src/daemon/feeds/history.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import type { Bench } from '../../../support/bench.ts';
import { STOP } from '../../../support/job-events.ts';
import { BOOT, exited, gone, newJob, spawned } from '../../../support/job-script.ts';
import { memoryHistory } from '../../../support/memory-history.ts';
import type { JobEvent, jobMachine } from '../../../../machines/job.ts';

const files = memoryHistory();
const AROUND = { unmet: [], nextStartAt: null };

/** What has happened to the job, told to a history of its own. */
function historyOf(job: Bench<typeof jobMachine>, name: string): History {
  const history = new History(job.clock, files, BOOT);
  for (const step of job.steps as readonly JobStep[]) {
    const noted = history.note(name, step);
    if (noted !== null) history.complete(noted, name, AROUND);
  }
  return history;
}

/** A job that crashes as soon as it has started, with another exit code each time. */
function crashLooping(runs: number): Bench<typeof jobMachine> {
  const job = newJob();
  for (let run = 1; run <= runs; run += 1) {
    const at = new Date(job.clock.wall()).toISOString();
    job.post({ ...spawned(run), at } as JobEvent, { ...exited(run, run), at } as JobEvent, gone(run));
    job.wait(job.msUntil('backoff'));
  }
  return job;
}

test('the history of a job that crashes all the time is its newest 100 changes and 20 runs', () => {
  const history = historyOf(crashLooping(60), 'loops');
  const changes = history.changesOf('loops');
  expect(changes.length).toBe(100);
  expect(changes.slice(-3).map(({ state, exit }) => [state, exit?.code ?? null])).toEqual([
    ['stopping', 60],
    ['backoff', 60],
    ['starting', null],
  ]);
  const runs = history.runsOf('loops');
  expect(runs.map(({ run, exit }) => [run, exit.code])).toEqual(
    Array.from({ length: 20 }, (_, index) => [41 + index, 41 + index]),
  );
});

test('a file of lines that has become too long keeps what would be told, in its order', () => {
  historyOf(crashLooping(60), 'long');
  const lines = files.read('long');
  files.append('short', ['{"kind":"cut sh', ...remembered(lines)]);
  const [long, short] = ['long', 'short'].map((name) => {
    const history = new History({ wall: () => 0, sinceBoot: () => 0 }, files, 'other');
    return [history.changesOf(name), history.runsOf(name)];
  });
  expect(short).toEqual(long);
  expect(files.read('short').length).toBe(1 + 100 + 20);
});

test('the end of one run is not told of the next, of whose end nothing is known', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const job = crashLooping(1).post({ ...spawned(2), at } as JobEvent);
  job.wait(60_000).post(STOP, gone(2));
  const history = historyOf(job, 'unseen');
  expect(history.changesOf('unseen').map(({ state, exit }) => [state, exit?.code])).toEqual([
    ['starting', undefined],
    ['stopping', 1],
    ['backoff', 1],
    ['starting', undefined],
    ['running', undefined],
    ['stopping', undefined],
    ['stopped', undefined],
  ]);
  expect(history.runsOf('unseen').map(({ run, exit }) => [run, exit])).toEqual([
    [1, { code: 1, signal: null }],
    [2, { code: null, signal: null }],
  ]);
});

test('a forgotten job has no history', () => {
  const history = historyOf(crashLooping(1), 'forgotten');
  expect(history.changesOf('forgotten').length).toBeGreaterThan(0);
  history.forget('forgotten');
  expect([history.changesOf('forgotten'), history.runsOf('forgotten')]).toEqual([[], []]);
});

test('the first change of a job that comes back is told, whatever its last one was', () => {
  const steps = crashLooping(1);
  const history = historyOf(steps, 'again');
  const first = history.changesOf('again').map(({ state }) => state);
  history.forget('again');
  for (const step of steps.steps as readonly JobStep[]) {
    const noted = history.note('again', step);
    if (noted !== null) history.complete(noted, 'again', AROUND);
  }
  expect(first[0]).toBe(first.at(-1));
  expect(history.changesOf('again').map(({ state }) => state)).toEqual(first);
});
