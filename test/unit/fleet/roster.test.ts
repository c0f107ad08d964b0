import type { Job } from '../../../src/config/config.ts';
import type { JobInstance } from '../../../src/fleet/job-instance.ts';
import { Roster } from '../../../src/fleet/roster.ts';
import { seenJob } from '../../support/seen-job.ts';

/** A roster of jobs that come after others, and how often their relations have changed. */
function rosterOf(jobs: Readonly<Record<string, Partial<Job>>>, seen: object = {}) {
  const changes = { count: 0 };
  const roster = new Roster(() => (changes.count += 1));
  for (const [name, job] of Object.entries(jobs)) {
    const isUpAs = (): boolean => false;
    roster.add(
      seenJob(name, 'running', {
        isUpAs,
        ...seen,
        job: { ...(/@/.test(name) && { name: name.split('@')[0]! }), ...job },
      }),
    );
  }
  return { roster, changes };
}
const names = (jobs: Iterable<Pick<JobInstance, 'name'>>): readonly string[] =>
  [...jobs].map(({ name }) => name);

test('jobs are listed by their names, copies by their numbers, and kept in the order they came', () => {
  const { roster, changes } = rosterOf({ web: {}, 'db@10': {}, 'db@2': {}, api: {} });
  expect([names(roster.all), names(roster.inOrder), changes.count]).toEqual([
    ['api', 'db@2', 'db@10', 'web'],
    ['web', 'db@10', 'db@2', 'api'],
    4,
  ]);
  roster.drop('db@2');
  roster.add(seenJob('aaa', 'running'));
  expect([names(roster.all), roster.get('db@2'), roster.get('aaa')?.name]).toEqual([
    ['aaa', 'api', 'db@10', 'web'],
    undefined,
    'aaa',
  ]);
});

test('a word selects an instance, the copies of a job, a tag or a pattern', () => {
  const { roster } = rosterOf({ web: { tags: ['front'] }, 'db@1': {}, 'db@2': { tags: ['front'] } });
  expect(
    ['web', 'db', 'db@2', 'tag:front', 'db@*', '*', 'none', 'tag:none'].map((word) =>
      names(roster.named(word)),
    ),
  ).toEqual([
    ['web'],
    ['db@1', 'db@2'],
    ['db@2'],
    ['db@2', 'web'],
    ['db@1', 'db@2'],
    ['db@1', 'db@2', 'web'],
    [],
    [],
  ]);
});

test('a job comes after all that its words select, as the config or the other job says', () => {
  const { roster } = rosterOf({
    web: { after: ['db', 'tag:x', 'none'], afterIs: { db: 'finished' } },
    'db@1': {},
    'db@2': {},
    t: { tags: ['x'] },
  });
  expect(roster.dependenciesOf('web').map(({ other, is }) => `${other.name} ${is}`)).toEqual([
    'db@1 finished',
    'db@2 finished',
    't running',
  ]);
  expect([roster.dependenciesOf('none'), roster.dependenciesOf('t')]).toEqual([[], []]);
});

test('a job that several words select is waited for once', () => {
  const { roster } = rosterOf({ web: { after: ['db', 'tag:x', 'd*'] }, db: { tags: ['x'] }, dc: {} });
  const unmet = roster.unmet(roster.get('web')!);
  expect(unmet.map(({ other, is }) => `${other.name} ${is}`)).toEqual(['db running', 'dc running']);
});

test('T-1007 while copies are replaced by a single job, its dependents depend on both', () => {
  const { roster } = rosterOf({ web: { after: ['db'] }, 'db@1': {}, 'db@2': {}, db: {} });
  expect(names(roster.dependentOn('web'))).toEqual(['db@1', 'db@2', 'db']);
  for (const other of ['db@1', 'db@2', 'db'])
    expect(names(roster.dependentsOf(roster.get(other)!))).toEqual(['web']);
  roster.drop('db@1');
  roster.add(seenJob('db@3', 'running', { job: { name: 'db' } }));
  expect(names(roster.dependentOn('web'))).toEqual(['db@2', 'db', 'db@3']);
  expect([roster.dependentOn('db'), roster.dependentOn('none')]).toEqual([[], []]);
});

test('a dependency is unmet until it counts as what is needed', () => {
  const { roster } = rosterOf({ web: { after: ['db'] } });
  const isUpAs = (is: string): boolean => is === 'running';
  roster.add(seenJob('db', 'running', { isUpAs, countsAs: 'running' }));
  const web = roster.get('web')!;
  expect(roster.unmet(web)).toEqual([]);
  roster.drop('db');
  roster.add(seenJob('db', 'running', { isUpAs, countsAs: 'finished' }));
  expect(roster.unmet(web).map(({ other, is }) => `${other.name} ${is}`)).toEqual(['db finished']);
});

test('dependents are found by the name, the job and the tags, as long as they are known', () => {
  const { roster } = rosterOf({
    web: { after: ['db'] },
    api: { after: ['db@1'] },
    cron: { after: ['tag:x'] },
    both: { after: ['db', 'tag:x'] },
    'db@1': { tags: ['x'] },
    lone: {},
  });
  const db = roster.get('db@1')!;
  expect(names(roster.dependentsOf(db)).toSorted()).toEqual(['api', 'both', 'cron', 'web']);
  roster.drop('web');
  expect(names(roster.dependentsOf(db)).toSorted()).toEqual(['api', 'both', 'cron']);
  expect(names(roster.dependentsOf(roster.get('lone')!))).toEqual([]);
  expect(names(rosterOf({ a: {} }).roster.dependentsOf(db))).toEqual([]);
});

test('a step concerns the jobs that come after others: those that moved, and those after them', () => {
  const { roster } = rosterOf({ web: { after: ['db'] }, api: { after: ['web'] }, db: {} });
  expect(names(roster.affectedBy(new Set(['db'])))).toEqual(['web']);
  expect(names(roster.affectedBy(new Set(['web', 'db', 'gone'])))).toEqual(['web', 'api']);
  expect(names(roster.affectedBy(null))).toEqual(['web', 'api']);
});

test('a word is looked up anew when a job comes or another takes the name', () => {
  const { roster, changes } = rosterOf({ web: { after: ['db'] } });
  const web = roster.get('web')!;
  expect(roster.dependenciesOf('web')).toEqual([]);
  roster.add(seenJob('db@1', 'running', { job: { name: 'db' } }));
  expect(names(roster.dependenciesOf('web').map(({ other }) => other))).toEqual(['db@1']);
  roster.add(seenJob('db', 'running'));
  expect(names(roster.dependenciesOf('web').map(({ other }) => other))).toEqual(['db']);
  roster.drop('db');
  expect(names(roster.dependenciesOf('web').map(({ other }) => other))).toEqual(['db@1']);
  roster.drop('db@1');
  expect(roster.dependenciesOf('web')).toEqual([]);
  const before = changes.count;
  (web as unknown as { job: Job }).job = { ...web.job, after: ['api'] };
  roster.add(seenJob('api', 'running'));
  roster.noteRelations();
  expect([changes.count - before, names(roster.dependentsOf(roster.get('api')!))]).toEqual([2, ['web']]);
});
