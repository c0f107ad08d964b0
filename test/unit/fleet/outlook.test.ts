import type { CountsAs, JobInstance } from '../../../src/fleet/job-instance.ts';
import { outlooks } from '../../../src/fleet/outlook.ts';
import type { JobState } from '../../../src/plan/job-state.ts';
import type { Outlook } from '../../../src/wire/messages.ts';
import { seenJob } from '../../support/seen-job.ts';

type Unmet = Readonly<Record<string, readonly (readonly [JobInstance, CountsAs])[]>>;

function outlook(instance: JobInstance, unmet: Unmet = {}, ...queued: readonly string[]): Outlook | null {
  const fleet = {
    unmet: ({ name }: JobInstance) => (unmet[name] ?? []).map(([other, is]) => ({ other, is })),
    isQueuedToStop: ({ name }: JobInstance) => queued.includes(name),
  };
  return outlooks(fleet)(instance);
}

test('a job that its test holds, with nothing to run the test again, is held for good', () => {
  expect([
    outlook(seenJob('web', 'held')),
    outlook(seenJob('web', 'held', { job: { testIntervalMs: 5 } })),
    outlook(seenJob('web', 'held', { job: { schedule: {} as never } })),
    outlook(seenJob('web', 'held', { isTesting: true })),
    outlook(seenJob('web', 'held'), {}, 'web'),
    outlook(seenJob('web', 'running')),
  ]).toEqual([{ kind: 'held' }, null, null, null, null, null]);
});

const web = seenJob('web', 'waiting');
const EXIT = { code: 3, signal: null, at: '' };

test.each<[JobState, CountsAs, object, boolean]>([
  ['failed', 'running', {}, true],
  ['stopped', 'running', {}, true],
  ['finished', 'running', {}, true],
  ['finished', 'finished', {}, false],
  ['held', 'running', {}, true],
  ['held', 'running', { job: { testIntervalMs: 5 } }, false],
  ['starting', 'running', {}, false],
  ['failed', 'running', { isTesting: true }, false],
])(
  'whether a job that is %s keeps one that needs it %s from coming up (%j)',
  (state, is, seen, isCulprit) => {
    const db = seenJob('db', state, seen);
    const by = [{ name: 'db', state, exit: null, startError: null }];
    expect(outlook(web, { web: [[db, is]] })).toEqual(isCulprit ? { kind: 'blocked', by } : null);
  },
);

test('those at the far end are named, each once, with how they ended', () => {
  const [app, api] = [seenJob('app', 'waiting'), seenJob('api', 'waiting')];
  const db = seenJob('db', 'failed', { context: { lastExit: EXIT, startError: 'no such file' } as never });
  const unmet: Unmet = {
    web: [
      [app, 'running'],
      [api, 'running'],
    ],
    app: [[db, 'running']],
    api: [
      [db, 'running'],
      [web, 'running'],
    ],
  };
  expect(outlook(web, unmet)).toEqual({
    kind: 'blocked',
    by: [{ name: 'db', state: 'failed', exit: { code: 3, signal: null }, startError: 'no such file' }],
  });
  expect(outlook(web, unmet, 'db')).toBeNull();
});
