import type { Job } from '../../../src/config/config.ts';
import type { JobInstance } from '../../../src/fleet/job-instance.ts';
import { obstacles, type Obstacle } from '../../../src/fleet/reach.ts';
import type { JobState } from '../../../src/plan/job-state.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

interface Seen {
  readonly job?: Partial<Job>;
  readonly exit?: { readonly code: number; readonly signal: null };
  readonly startError?: string;
  readonly isTesting?: boolean;
  readonly isHeldByConfig?: boolean;
}

const EXIT = { code: 3, signal: null };
const SCHEDULE = {} as NonNullable<Job['schedule']>;

/** A job as others see it. */
const job = (name: string, state: JobState, seen: Seen = {}): JobInstance =>
  ({
    name,
    state,
    job: { ...LEAST_JOB, ...seen.job },
    isTesting: seen.isTesting ?? false,
    isHeldByConfig: seen.isHeldByConfig ?? false,
    snapshot: { context: { lastExit: seen.exit ?? null, startError: seen.startError ?? null } },
  }) as Partial<Record<keyof JobInstance, unknown>> as unknown as JobInstance;

/** What keeps a job from a state, where these are unmet, each of one job. */
function obstacle(
  instance: JobInstance,
  states: readonly JobState[],
  unmet: Readonly<Record<string, readonly [JobInstance, 'running' | 'finished']>> = {},
  queued: readonly string[] = [],
): Obstacle | null {
  const fleet = {
    unmet: ({ name }: JobInstance) => {
      const found = unmet[name];
      return found === undefined ? [] : [{ other: found[0], is: found[1] }];
    },
    isQueuedToStop: ({ name }: JobInstance) => queued.includes(name),
  };
  return obstacles(fleet)(instance, states);
}

const STUCK = { name: 'web', exit: null, never: null, waitsFor: null };

test.each<[JobState, Seen, readonly JobState[], Partial<Obstacle> | null]>([
  ['running', {}, ['running'], null],
  ['backoff', {}, ['running'], null],
  ['held', {}, ['running'], null],
  ['failed', { exit: EXIT }, ['running'], { exit: EXIT }],
  ['failed', { exit: EXIT, startError: 'no such file' }, ['running'], {}],
  ['failed', {}, ['failed'], null],
  ['finished', { exit: { code: 0, signal: null } }, ['running'], { exit: { code: 0, signal: null } }],
  ['stopped', { exit: EXIT }, ['running'], {}],
  ['stopped', {}, ['running', 'stopped'], null],
  ['held', { isHeldByConfig: true }, ['running'], {}],
  ['failed', { isTesting: true }, ['running'], null],
  ['running', {}, ['finished'], { never: 'restarts' }],
  ['running', { job: { restart: 'on-failure' } }, ['finished'], null],
  ['running', { job: { schedule: SCHEDULE, restart: 'never' } }, ['finished'], { never: 'scheduled' }],
  ['running', { job: { schedule: SCHEDULE } }, ['failed'], { never: 'scheduled' }],
  ['running', {}, ['failed'], null],
  ['running', {}, ['testing'], { never: 'untested' }],
  ['running', { job: { test: { exe: 'true', args: [] } } }, ['testing'], null],
  // One of these states may still come.
  ['running', {}, ['finished', 'failed'], null],
  ['running', {}, ['finished', 'testing'], { never: 'restarts' }],
])('what keeps a job that is %s (%j) from %j is %j', (state, seen, goals, wanted) => {
  expect(obstacle(job('web', state, seen), goals)).toEqual(
    wanted === null ? null : { ...STUCK, state, ...wanted },
  );
});

test('a job whose restart is queued may yet come', () => {
  expect(obstacle(job('web', 'failed'), ['running'], {}, ['web'])).toBeNull();
});

describe('a job that waits for another', () => {
  const web = job('web', 'waiting');

  test.each<[string, JobInstance, 'running' | 'finished', boolean]>([
    ['failed', job('db', 'failed', { exit: EXIT }), 'running', true],
    ['starts', job('db', 'starting'), 'running', false],
    ['never finishes', job('db', 'running'), 'finished', true],
    ['may yet finish', job('db', 'running', { job: { restart: 'never' } }), 'finished', false],
    [
      'has finished at each of its times',
      job('db', 'waiting', { job: { schedule: SCHEDULE } }),
      'finished',
      false,
    ],
  ])('a job that waits for another that %s', (_, db, is, isStuck) => {
    const waitsFor = isStuck ? expect.objectContaining({ name: 'db', state: db.state }) : null;
    const found = obstacle(web, ['running'], { web: [db, is] });
    expect(found).toEqual(isStuck ? { ...STUCK, state: 'waiting', waitsFor } : null);
  });

  test('a job is stuck if a job further down its dependencies is, which is named as the reason', () => {
    const [app, db] = [job('app', 'waiting'), job('db', 'stopped')];
    const found = obstacle(web, ['running'], { web: [app, 'running'], app: [db, 'running'] });
    expect(found?.waitsFor?.waitsFor).toEqual({ ...STUCK, name: 'db', state: 'stopped' });
  });

  test('a dependency that was stopped or held without a start keeps its dependent stuck', () => {
    const unmet = { web: [job('db', 'failed'), 'running'] as const };
    for (const goal of ['stopped', 'held'] as const) expect(obstacle(web, [goal], unmet)).toBeNull();
    expect(obstacle(web, ['running', 'stopped'], unmet)).toBeNull();
  });

  test('two jobs that wait for each other do not keep the search going for ever', () => {
    const app = job('app', 'waiting');
    expect(obstacle(web, ['running'], { web: [app, 'running'], app: [web, 'running'] })).toBeNull();
  });
});
