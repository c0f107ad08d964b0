import fc from 'fast-check';
import { changeLine, isChange, isRun, readLine, runLine } from '../../../../src/daemon/feeds/history-line.ts';
import { JOB_STATES } from '../../../../src/plan/job-state.ts';
import type { JobTransition, RunOfJob } from '../../../../src/wire/messages.ts';

const AT = '2026-11-29T08:00:00.000Z';
const KEPT: Omit<JobTransition, 'machine' | 'id' | 'job' | 'isChange'> = {
  at: AT,
  event: 'Spawned',
  from: 'a',
  to: 'b',
  state: 'running',
  cause: 'config',
  file: null,
  pid: 7,
  exit: null,
  nextStartAt: null,
  detail: 'pid 7',
};
const TRANSITION: JobTransition = { machine: 'job', id: 'web', job: 'web', isChange: true, ...KEPT };
const RUN: RunOfJob = {
  run: 3,
  startedAt: AT,
  endedAt: AT,
  durationMs: 5,
  exit: { code: 3, signal: null },
  cause: 'exit',
  detail: 'exited with 3',
};
const since = { why: 'new in the config', up: 12.6, boot: 'b00t' };

test('a change is read back without what its file tells, and its time rounded', () => {
  const line = readLine(changeLine(TRANSITION, since));
  expect(line).toEqual({ kind: 'change', ...KEPT, why: 'new in the config', up: 13, boot: 'b00t' });
  expect(line !== null && isChange(line) && !isRun(line)).toBe(true);
});

test('a run is read back as it was', () => {
  const line = readLine(runLine(RUN));
  expect(line).toEqual({ kind: 'run', ...RUN });
  expect(line !== null && isRun(line) && !isChange(line)).toBe(true);
});

test('long texts are cut, and texts of five hundred characters are kept whole', () => {
  const [whole, long] = ['x'.repeat(500), 'x'.repeat(501)];
  const cut = `${whole}…`;
  expect(
    readLine(changeLine({ ...TRANSITION, file: long, detail: long }, { ...since, why: long })),
  ).toMatchObject({
    file: cut,
    detail: cut,
    why: cut,
  });
  expect(
    readLine(changeLine({ ...TRANSITION, file: whole, detail: whole }, { ...since, why: whole })),
  ).toMatchObject({
    file: whole,
    detail: whole,
    why: whole,
  });
  expect(readLine(runLine({ ...RUN, detail: long }))).toMatchObject({ detail: cut });
});

test('every state of a job can be read back', () => {
  for (const state of JOB_STATES)
    expect(readLine(changeLine({ ...TRANSITION, state }, since))).toMatchObject({ state });
});

const change = JSON.parse(changeLine(TRANSITION, since)) as Record<string, unknown>;
const run = JSON.parse(runLine(RUN)) as Record<string, unknown>;
test.each<[string, unknown]>([
  ['no object', 5],
  ['null', null],
  ['of another kind', { ...change, kind: 'other' }],
  ['without a kind', { ...change, kind: undefined }],
  ['a change without a time', { ...change, at: undefined }],
  ['a change at no time', { ...change, at: 'yesterday' }],
  ['a change at a number', { ...change, at: 5 }],
  ['a change to no state', { ...change, state: 'flying' }],
  ['a change without a state', { ...change, state: undefined }],
  ['a run without its number', { ...run, run: '3' }],
  ['a run that began at no time', { ...run, startedAt: 'x' }],
  ['a run that ended at no time', { ...run, endedAt: undefined }],
])('a line that is %s is left out', (_, line) => {
  expect(readLine(JSON.stringify(line))).toBeNull();
});

test('a line that was cut short anywhere is left out', () => {
  const whole = changeLine(TRANSITION, since);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (length) => expect(readLine(whole.slice(0, length))).toBeNull()),
  );
});
