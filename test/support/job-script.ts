import type { JobEvent, Policy } from '../../machines/job.ts';
import { jobMachine } from '../../machines/job.ts';
import { Bench } from './bench.ts';
import { POLICY } from './job-model.ts';

/** Words to tell a job's story with: a job that has just begun, or one that runs. */
export function newJob(policy: Partial<Policy> = {}, name = 'web'): Bench<typeof jobMachine> {
  return new Bench(jobMachine).begin({ name, policy: { ...POLICY, ...policy }, spec: 'a' });
}

/** A job in its first run, whose test, if it has one, has passed once. */
export function runningJob(policy: Partial<Policy> = {}): Bench<typeof jobMachine> {
  const job = newJob(policy);
  if (policy.hasTest === true) job.post(apply(policy), passed(1));
  job.post(spawned(1)).wait(POLICY.startMs);
  job.effects();
  return job;
}

/** A job in its first run that then fell. */
export function fallenJob(policy: Partial<Policy> = {}, code = 1): Bench<typeof jobMachine> {
  const job = runningJob(policy).post(exited(1, code), gone(1));
  job.effects();
  return job;
}

export function apply(policy: Partial<Policy> = {}, spec = 'a'): JobEvent {
  return { type: 'Apply', policy: { ...POLICY, ...policy }, spec };
}

/** The trigger, for a copy of a rolling job that another one precedes. */
export function applyInTurn(policy: Partial<Policy> = {}, spec = 'a'): JobEvent {
  return { type: 'Apply', policy: { ...POLICY, ...policy }, spec, inTurn: true };
}

export const passed = (test: number): JobEvent => ({
  type: 'TestPassed',
  test,
  exitCode: 0,
  at: 'now',
  detail: 'exited with 0',
  output: '',
});
export const failed = (test: number): JobEvent => ({
  type: 'TestFailed',
  test,
  exitCode: 1,
  at: 'now',
  detail: 'exited with 1',
  output: '',
});
export const unknown = (test: number): JobEvent => ({
  type: 'TestUnknown',
  test,
  exitCode: null,
  at: 'now',
  detail: 'timed out',
  output: '',
});
/** The boot that every child here was started in. */
export const BOOT = 'b';
export const spawned = (run: number): JobEvent => ({
  type: 'Spawned',
  run,
  pid: 4_000 + run,
  start: '17',
  boot: BOOT,
  at: 'now',
});
export const spawnFailed = (run: number, lasting: boolean): JobEvent => ({
  type: 'SpawnFailed',
  run,
  lasting,
  detail: 'no such file',
});
export const ready = (run: number): JobEvent => ({ type: 'Ready', run });
export const exited = (run: number, code: number): JobEvent => ({
  type: 'ChildExited',
  run,
  code,
  signal: null,
  at: 'now',
});
export const gone = (run: number): JobEvent => ({ type: 'GroupGone', run });
