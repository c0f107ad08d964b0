import type { Job } from '../../src/config/config.ts';
import type { JobInstance } from '../../src/fleet/job-instance.ts';
import type { Launch, LaunchEvents, TestEnd } from '../../src/job/ports.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { LEAST_JOB } from '../support/least-job.ts';
import { ScriptedJob } from '../support/scripted-job.ts';

const JOB: Job = {
  ...LEAST_JOB,
  command: { exe: '/bin/web', args: [] },
  cwd: '/',
  restart: 'never',
  backoff: { minMs: 100, maxMs: 1_000, factor: 2 },
  stopTimeoutMs: 500,
  testTimeoutMs: 1_000,
  log: { maxBytes: 1_000, keep: 1, rotate: 'off', outputs: 'pipe' },
};

/** A job whose child is on its way to its gate: its launch has not reported it yet. */
class OnTheWay {
  readonly clock: FakeClock;
  readonly instance: JobInstance;
  on: LaunchEvents | null = null;
  launches = 0;
  clears = 0;
  /** Ends the search for what an earlier daemon left. */
  cleared: (() => void) | null = null;
  readonly #waiting: (() => void)[] = [];

  constructor({ leavesSomething = false } = {}) {
    const clear = (done: () => void): void => {
      this.clears += 1;
      if (leavesSomething) this.cleared = done;
      else done();
    };
    const { clock, instance } = new ScriptedJob(JOB, {
      clear: (_marker, done) => clear(done),
      launch: (_request, on) => this.#launch(on),
    });
    this.clock = clock;
    this.instance = instance;
  }

  /** Nothing of it is left. */
  end(): void {
    for (const gone of this.#waiting.splice(0)) gone();
  }

  #launch(on: LaunchEvents): Launch {
    this.on = on;
    this.launches += 1;
    return { release: () => undefined, cancel: (gone = () => undefined) => void this.#waiting.push(gone) };
  }
}

describe('a stop that comes before the launch has reported a child', () => {
  test('a stop before a child was reported ends once its launch is gone, and counts as no exit', () => {
    const job = new OnTheWay();
    job.instance.post({ type: 'Stop' });
    expect(job.instance.state).toBe('stopping');
    job.clock.advance(5_000);
    expect(job.instance.state).toBe('stopping');
    job.end();
    expect([job.instance.state, job.launches, job.instance.status().lastExit]).toEqual(['stopped', 1, null]);
  });

  test('a restart before a child was reported begins the next run once its launch is gone', () => {
    const job = new OnTheWay();
    job.instance.post({ type: 'Restart' });
    expect([job.instance.state, job.launches]).toEqual(['stopping', 1]);
    job.end();
    expect([job.instance.state, job.launches]).toEqual(['starting', 2]);
  });
});

test('a restart while orphans of an earlier daemon are ended waits, and does not search again', () => {
  const job = new OnTheWay({ leavesSomething: true });
  job.instance.post({ type: 'Restart' });
  expect(job.instance.snapshot.value.child).toEqual({ Up: { Starting: 'Spawning' } });
  expect([job.clears, job.launches]).toEqual([1, 0]);
  job.cleared?.();
  expect([job.clears, job.launches]).toEqual([1, 1]);
});

test('a child that ended before it was reported is retried after a backoff, and is no exit', () => {
  const job = new OnTheWay();
  job.on?.failed({ detail: 'the shell that was to run it ended with 2', lasting: false });
  expect([job.instance.state, job.instance.status().lastExit]).toEqual(['backoff', null]);
  job.clock.advance(1_000);
  expect([job.instance.state, job.launches]).toEqual(['starting', 2]);
});

test('users see the pid of the program, or of the child where no shell stays beside it', () => {
  const job = new OnTheWay();
  const child = { pid: 4_001, start: '1', boot: 'b' };
  job.on?.spawned({ ...child, program: 4_002 });
  expect(job.instance.status().pid).toBe(4_002);
  expect(job.instance.snapshot.context.child).toEqual({
    ...child,
    program: 4_002,
    mark: 'f',
    at: '2026-01-01T00:00:00.000Z',
  });
  const other = new OnTheWay();
  other.on?.spawned(child);
  expect(other.instance.status().pid).toBe(4_001);
});

test('the verdict of a test that the config has taken away is not told any more', () => {
  const tested = { ...JOB, test: { exe: '/bin/test', args: [] } };
  const tests: ((end: TestEnd) => void)[] = [];
  const job = new ScriptedJob(tested, {
    runTest: (_program, done) => {
      tests.push(done);
      return { end: () => undefined };
    },
  });
  const told = (): unknown => [
    job.instance.status().test?.verdict,
    job.instance.briefStatus(0).test?.verdict,
  ];
  job.instance.apply(tested);
  tests[0]?.({ code: 1, signal: null, error: null, output: '' });
  expect([job.instance.state, told()]).toEqual(['held', ['fail', 'fail']]);
  job.instance.apply(JOB);
  expect([job.instance.state, told()]).toEqual(['starting', [undefined, undefined]]);
});
