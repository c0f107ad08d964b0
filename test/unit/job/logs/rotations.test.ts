import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogPolicy } from '../../../../src/config/config.ts';
import type { JobLog, LogWriter } from '../../../../src/job/logs/job-log.ts';
import { Rotations } from '../../../../src/job/logs/rotations.ts';
import type { Identity } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { newFolder } from '../../../support/new-folder.ts';

const POLICY: LogPolicy = { maxBytes: 100, keep: 2, rotate: 'pause', outputs: 'pipe' } as LogPolicy;
const OURS: LogWriter = { pgid: 70, since: 0, isOurs: () => true, isOvertaken: () => false };

/** Rotations of one log of this many bytes; the test says what becomes of pausing its writer. */
function rotations(kind: 'paused' | 'gone' | 'refused' = 'paused', writer: Identity | null = null) {
  const folder = newFolder();
  const path = join(folder, 'web.log');
  const clock = new FakeClock();
  const lines: string[] = [];
  const paused: number[] = [];
  const state = { kind, message: 'it did not stop' };
  const writers = { canAsk: true };
  /** The start of the process that has the writer's pid. */
  const living = { start: writer?.start };
  const made = new Rotations({
    clock,
    os: { identify: () => living } as never,
    log: { line: (text) => lines.push(text) },
    writers:
      writer &&
      ({
        find: () => {
          if (!writers.canAsk) throw new CannotAsk('no descriptor is left');
          return writer;
        },
      } as never),
    pause: (({ pgid, isOurs }: { readonly pgid: number; readonly isOurs: () => boolean }) => {
      paused.push(pgid);
      if (!isOurs()) return Promise.resolve({ kind: 'gone' });
      return Promise.resolve(
        state.kind === 'paused'
          ? { kind: 'paused', since: performance.now(), resume: () => Promise.resolve() }
          : state.kind === 'gone'
            ? { kind: 'gone' }
            : { kind: 'refused', message: state.message },
      );
    }) as never,
  });
  /** Looks at the log, and waits until its rotation is over. */
  const consider = async (size: number, seen: Partial<JobLog> = {}): Promise<void> => {
    writeFileSync(path, 'x'.repeat(size));
    made.consider({ path, policy: POLICY, child: OURS, within: (work) => work(), ...seen }, size);
    for (const end = performance.now() + 120_000; made.isRotating(path) && performance.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 1));
  };
  const files = (): readonly string[] => readdirSync(folder).toSorted();
  return {
    made,
    consider,
    files,
    lines,
    paused,
    clock,
    state,
    living,
    writers,
    path,
    size: () => statSync(path).size,
  };
}

test('a log that exceeds its size is rotated while its writer is paused', async () => {
  const { consider, files, paused, lines, size } = rotations();
  await consider(100);
  expect([files(), paused]).toEqual([['web.log'], []]);
  await consider(101);
  expect([files(), size(), paused, lines]).toEqual([['web.log', 'web.log.1'], 0, [70], []]);
});

test('a log that is not to be rotated, or whose group is not the job’s, is left alone', async () => {
  const { consider, files } = rotations();
  await consider(500, { policy: { ...POLICY, rotate: 'off' } });
  await consider(500, { child: { ...OURS, isOurs: () => false } });
  expect(files()).toEqual(['web.log']);
});

test('no output of a log that `ready` still reads is dropped, however much there is', async () => {
  const { consider, path } = rotations();
  await consider(1_000, { isProbed: true });
  expect(statSync(`${path}.1`).size).toBe(1_000);
  await consider(1_000);
  expect(statSync(`${path}.1`).size).toBe(POLICY.keep * POLICY.maxBytes);
});

test.each([2, 0])('logs that `ready` may not have read stay until its job runs (keep = %s)', async (keep) => {
  const { consider, files } = rotations();
  const policy = { ...POLICY, keep };
  const older = ['web.log', 'web.log.1', 'web.log.2', 'web.log.3', 'web.log.4'];
  for (let count = 0; count < 4; count += 1) await consider(101, { policy, isProbed: true });
  expect(files()).toEqual(older);
  await consider(101, { policy });
  expect(files()).toEqual(older.slice(0, keep + 1));
});

test('what was kept for `ready` goes with its job, also if its log is just being rotated', async () => {
  const { consider, files, made, path } = rotations();
  for (let count = 0; count < 3; count += 1) await consider(101, { isProbed: true });
  made.forget(path, null);
  expect(files()).toEqual(['web.log', 'web.log.1', 'web.log.2', 'web.log.3']);
  made.forget(path, 2);
  expect(files()).toEqual(['web.log', 'web.log.1', 'web.log.2']);
  const rotated = consider(101, { isProbed: true });
  expect(made.isRotating(path)).toBe(true);
  made.forget(path, 1);
  expect(files()).toEqual(['web.log', 'web.log.1', 'web.log.2']);
  await rotated;
  expect(files()).toEqual(['web.log', 'web.log.1']);
  // Another job of that name has its own rotations.
  await consider(101, { isProbed: true });
  expect(files()).toEqual(['web.log', 'web.log.1', 'web.log.2']);
});

test('a job of the same name that comes during a rotation keeps as many as its own config says', async () => {
  const { consider, files, made, path } = rotations();
  for (let count = 0; count < 3; count += 1) await consider(101, { isProbed: true });
  const rotated = consider(101, { isProbed: true });
  made.forget(path, 1);
  made.claim(path);
  await rotated;
  expect(files()).toEqual(['web.log', 'web.log.1', 'web.log.2', 'web.log.3', 'web.log.4']);
});

test('a rotation that fails after its job has gone is neither reported nor held against the next', async () => {
  const { consider, made, lines, paused, path } = rotations('refused');
  for (const comesAgain of [false, true]) {
    const rotated = consider(200);
    made.forget(path, null);
    if (comesAgain) made.claim(path);
    await rotated;
    expect([lines, made.hasFailed(path)]).toEqual([[], false]);
  }
  await consider(200);
  expect([paused.length, lines.length, made.hasFailed(path)]).toEqual([3, 1, true]);
});

test('a log that nobody writes stays until it is longer than all may be together', async () => {
  const { consider, files, paused } = rotations();
  await consider(300, { child: null });
  expect(files()).toEqual(['web.log']);
  await consider(301, { child: null });
  expect([files().length, paused]).toEqual([2, []]);
});

test('a rotation that fails is reported once, and tried less and less often', async () => {
  const { consider, made, lines, paused, clock, state, path } = rotations('refused');
  const tries = async (...waits: readonly number[]): Promise<readonly number[]> => {
    const counts: number[] = [];
    for (const ms of waits) {
      clock.advance(ms);
      await consider(200);
      counts.push(paused.length);
    }
    return counts;
  };
  expect(await tries(0, 14_999, 1, 29_999, 1)).toEqual([1, 1, 2, 2, 3]);
  expect([lines.length, lines[0], made.hasFailed(path)]).toEqual([
    1,
    expect.stringMatching(/^log: .*it did not stop.*; it is tried again, less and less often$/),
    true,
  ]);
  state.message = 'something else';
  await tries(60_000);
  expect(lines.length).toBe(2);
  // After a long while the pause grows no more.
  await tries(...Array<number>(8).fill(1_800_000));
  const before = paused.length;
  expect(await tries(1_799_999, 1)).toEqual([before, before + 1]);
  state.kind = 'paused';
  await tries(1_800_000);
  expect([made.hasFailed(path), paused.length]).toEqual([false, before + 2]);
});

test('a log to which another run writes by now is left to the next look, which rotates it', async () => {
  const { consider, made, files, lines, path, state } = rotations();
  await consider(200, { child: { ...OURS, isOvertaken: () => true } });
  expect([files(), made.isRotating(path), made.hasFailed(path)]).toEqual([['web.log'], false, false]);
  state.kind = 'gone';
  let looks = 0;
  await consider(200, { child: { ...OURS, isOurs: () => (looks += 1) < 3 } });
  expect([files(), made.isRotating(path), made.hasFailed(path)]).toEqual([['web.log'], false, false]);
  state.kind = 'paused';
  await consider(200);
  expect([files(), lines]).toEqual([['web.log', 'web.log.1'], []]);
});

test('a log that is forgotten is tried at once when it comes again', async () => {
  const { consider, made, paused, path } = rotations('refused');
  await consider(200);
  made.forget(path, null);
  expect(made.hasFailed(path)).toBe(false);
  await consider(200);
  expect(paused.length).toBe(2);
});

test.each(['pause', 'truncate'] as const)(
  'where a process copies the output of a job only that is paused, with `rotate` %s',
  async (rotate) => {
    const { consider, files, paused } = rotations('paused', { pid: 90, start: 'begun' });
    await consider(200, { policy: { ...POLICY, rotate } });
    expect([files(), paused]).toEqual([['web.log', 'web.log.1'], [90]]);
    // Also when what copies it serves only what has left the job.
    await consider(301, { policy: { ...POLICY, rotate }, child: null });
    expect(paused).toEqual([90, 90]);
  },
);

test('a process that has got the pid of the one that copies the output is not paused', async () => {
  const { consider, files, paused, living } = rotations('paused', { pid: 90, start: 'begun' });
  living.start = 'begun later';
  await consider(200);
  expect([files(), paused]).toEqual([['web.log'], []]);
});

test('with `truncate` a job that writes to its log itself is not paused', async () => {
  const { consider, files, paused } = rotations();
  await consider(200, { policy: { ...POLICY, rotate: 'truncate' } });
  expect([files(), paused]).toEqual([['web.log', 'web.log.1'], []]);
});

test('a log is not rotated while the system cannot tell who writes to it', async () => {
  const { made, consider, files, paused, writers } = rotations('paused', { pid: 90, start: 'begun' });
  writers.canAsk = false;
  await consider(101);
  expect([made.isRotating('web.log'), files(), paused]).toEqual([false, ['web.log'], []]);
  writers.canAsk = true;
  await consider(101);
  expect([files(), paused]).toEqual([['web.log', 'web.log.1'], [90]]);
});
