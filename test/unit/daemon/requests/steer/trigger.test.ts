import type { Job } from '../../../../../src/config/config.ts';
import { acceptConfig } from '../../../../../src/daemon/requests/steer/accept-config.ts';
import { triggerOf } from '../../../../../src/daemon/requests/steer/trigger.ts';
import type { ConfigSource } from '../../../../../src/fleet/persisted/persisted-state.ts';
import { LEAST_JOB } from '../../../../support/least-job.ts';
import { seenJob } from '../../../../support/seen-job.ts';

const job = (name: string, seen: Partial<Job> = {}): Job => ({ ...LEAST_JOB, name, ...seen });
const HERE: ConfigSource = { path: '/here', real: '/real/here' };

interface Case {
  readonly written: readonly Job[];
  readonly known?: readonly string[];
  readonly from?: ConfigSource | null;
  readonly jobs?: readonly string[];
  readonly replace?: boolean;
  readonly allowEmpty?: boolean;
  readonly files?: readonly string[];
}

/** What a trigger that reads its config in `/here` changes. */
function trigger({ written, known = [], from = HERE, files = ['a.toml'], ...request }: Case) {
  const all = known.map((name) => seenJob(name, 'running', { job: { name: name.split('@')[0] ?? name } }));
  const fleet = {
    all,
    named: (word: string) => all.filter(({ name, job: { name: of } }) => [name, of].includes(word)),
  };
  return triggerOf(
    { configDir: '/here', allowEmpty: false, ...request },
    { ok: true, config: { jobs: written }, files } as never,
    { fleet: fleet as never, kept: { source: from }, realPath: (path) => `/real${path}` },
  );
}

/** The names of what is asked for and what goes. */
function changes(each: Case): unknown {
  const wanted = trigger(each);
  if (!wanted.ok) return wanted.refusal.code;
  const { asked, removed, source } = wanted.trigger;
  return [asked.map(({ name }) => name), removed, source?.path ?? null];
}

test('a trigger concerns every job of the config, and removes the jobs that are not in it', () => {
  expect(
    changes({ written: [job('web'), job('db', { instances: 2 })], known: ['old', 'db@1', 'db@3'] }),
  ).toEqual([['web', 'db@1', 'db@2'], ['old', 'db@3'], '/here']);
});

test('a trigger for some jobs includes their dependencies, in the order of the config', () => {
  const written = [
    job('cache', { tags: ['x'] }),
    job('other'),
    job('db', { after: ['tag:x'] }),
    job('web', { after: ['db'] }),
  ];
  expect(changes({ written, jobs: ['web'], known: ['old'] })).toEqual([['cache', 'db', 'web'], [], null]);
  expect(changes({ written, jobs: ['tag:x', 'old'], known: ['old', 'older'] })).toEqual([
    ['cache'],
    ['old'],
    null,
  ]);
  // The first trigger of all says where the config is, also one for some jobs.
  expect(changes({ written, jobs: ['other'], from: null })).toEqual([['other'], [], '/here']);
});

test('a trigger for a job that is neither written nor known is refused', () => {
  const wanted = trigger({ written: [job('web')], known: ['db'], jobs: ['wbe', 'db'] });
  expect(wanted).toEqual({
    ok: false,
    refusal: { code: 'no-such-job', message: 'no such job: wbe (did you mean "web"?)', jobs: ['wbe'] },
  });
});

test('a config from elsewhere takes away no job, unless that is meant', () => {
  const elsewhere: ConfigSource = { path: '/there', real: '/real/there' };
  const written = [job('web')];
  const gone = { written, known: ['old'], from: elsewhere };
  expect(changes(gone)).toBe('other-config');
  const meant = [['web'], ['old'], '/here'];
  expect([
    changes({ ...gone, replace: true }),
    changes({ ...gone, from: null }),
    changes({ ...gone, from: { ...elsewhere, path: '/here' } }),
    changes({ ...gone, from: { ...elsewhere, real: '/real/here' } }),
  ]).toEqual([meant, meant, meant, meant]);
  // No job of that name is lost, only a copy.
  expect(changes({ ...gone, known: ['web@2'] })).toEqual([['web'], ['web@2'], '/here']);
  expect(changes({ ...gone, written: [], files: [], allowEmpty: true })).toEqual([[], ['old'], '/here']);
  expect(changes({ ...gone, allowEmpty: true })).toBe('other-config');
  expect(changes({ ...gone, written: [], files: [] })).toBe('other-config');
});

test('the refusal of a config from elsewhere names both places, five jobs, and the cure', () => {
  const refused = (count: number): string => {
    const known = Array.from({ length: count }, (_, at) => `job-${at}`);
    const wanted = trigger({ written: [], known, from: { path: '/there', real: '/there' } });
    return wanted.ok ? '' : wanted.refusal.message;
  };
  expect(refused(1)).toMatch(
    /^the jobs of this daemon come from \/there, and \/here does not name job-0: nothing was/,
  );
  expect(refused(1)).toMatch(/`overseer --replace` removes this job and goes ahead$/);
  expect(refused(5)).toContain('does not name job-0, job-1, job-2, job-3, job-4: ');
  expect(refused(7)).toContain('job-4 and 2 more: ');
  expect(refused(7)).toMatch(/removes these jobs and goes ahead$/);
});

test('a folder without config files is refused while jobs are known, unless that is meant', () => {
  const empty = { ok: true, files: [], config: { jobs: [] } } as never;
  const accept = (known: number, allowEmpty = false, reading: never = empty) =>
    acceptConfig(reading, { dir: '/here', known, allowEmpty });
  expect([accept(0), accept(2, true)]).toEqual([empty, empty]);
  const full = { ok: true, files: ['a.toml'], config: { jobs: [] } } as never;
  const bad = { ok: false, files: [], problems: [] } as never;
  expect([accept(2, false, full), accept(2, false, bad)]).toEqual([full, bad]);
  const message = (jobs: string): string =>
    `no config file is here, but ${jobs} known; a lost folder must not stop everything: ` +
    'bring it back, or say `overseer apply --allow-empty`';
  const problem = { file: '/here', line: 1, column: 1, isFolder: true };
  expect([accept(1), accept(2)]).toEqual([
    { ok: false, files: [], problems: [{ ...problem, message: message('1 job is') }] },
    { ok: false, files: [], problems: [{ ...problem, message: message('2 jobs are') }] },
  ]);
});
