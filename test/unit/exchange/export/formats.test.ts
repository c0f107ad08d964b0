import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse as parsePlist } from 'plist';
import { parseAllDocuments } from 'yaml';
import { KEYS } from '../../../../src/config/schema/keys.ts';
import { envText, wordsCommand } from '../../../../src/exchange/commands.ts';
import { JobDraft } from '../../../../src/exchange/draft.ts';
import { HERE } from '../../../support/exchange/export-of.ts';
import { exportJobs, type Exported } from '../../../../src/exchange/export-jobs.ts';
import { EXPORTERS } from '../../../../src/exchange/export/formats.ts';
import { viewOf, type JobView } from '../../../../src/exchange/export/job-view.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../../../src/exchange/format-names.ts';
import { importFiles } from '../../../../src/exchange/read-import.ts';
import { readJobs } from '../../../../src/exchange/read-jobs.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-export-test-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const job = (name: string, keys: Readonly<Record<string, Parameters<JobDraft['set']>[1]>>): JobDraft => {
  const draft = new JobDraft(name, { file: 'x', line: 1 });
  for (const [key, value] of Object.entries(keys)) draft.set(key, value);
  return draft;
};

const word = fc
  .string({ unit: fc.constantFrom(...'ab $%{}"\'\\;&|<>*?#~=:@é\t'.split('')) })
  .map((each) => `x${each}`);
const generated = fc
  .record(
    {
      words: fc.array(word, { minLength: 1, maxLength: 4 }),
      env: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,5}$/), word, { maxKeys: 3 }),
      cwd: fc.constantFrom('/srv', '/srv/a b', '/srv/50%'),
      restart: fc.constantFrom('always', 'on-failure', 'never'),
      stop_timeout: fc.integer({ min: 1, max: 500 }),
      umask: fc.constantFrom('022', '077'),
      schedule: fc.constantFrom('every 10m', '30 2 * * *', '0,30 9-17 * * 1-5', '15 3 1 * *'),
    },
    { requiredKeys: ['words', 'env', 'cwd', 'restart', 'stop_timeout'] },
  )
  .map(({ words, env, ...rest }) => {
    const { schedule, restart, ...others } = rest;
    const texts = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, envText(value)]));
    const when = schedule === undefined ? { restart } : { schedule };
    return job('it', { job_command: wordsCommand(words), env: texts, ...others, ...when });
  });

/** Exports a job and imports it again. */
function roundTrip(draft: JobDraft, format: 'systemd' | 'launchd' | 'compose'): JobView | null {
  const home = mkdtempSync(join(dir, 'x-'));
  mkdirSync(home, { recursive: true });
  const { files } = exportJobs([draft], format, HERE);
  for (const { name, text } of files) writeFileSync(join(home, name), text);
  const [first = ''] = files.map(({ name }) => join(home, name));
  const imported = importFiles([first], { format, trust: false, home: HERE.home, environment: {} });
  if (!imported.ok) return null;
  const file = join(home, 'back.toml');
  writeFileSync(file, imported.toml);
  const [back] = readJobs([file]);
  return back === undefined ? null : viewOf(back, HERE);
}

/** Variables that overseer itself gives are no part of a job. */
const ownless = ({ OVERSEER_JOB: _job, ...env }: Readonly<Record<string, string>>): object => env;
/** The times that a schedule means, since it may be written in several ways. */
const timesOf = (schedule: string | null): unknown =>
  schedule === null
    ? null
    : exportJobs([job('t', { job_command: 'x', schedule })], 'launchd', HERE).files[0]?.text;

test.each(['systemd', 'launchd', 'compose'] as const)(
  'a job exported to %s and imported again is the same, except for the reported keys',
  (format) => {
    fc.assert(
      fc.property(generated, (draft) => {
        fc.pre(format !== 'compose' || !draft.keys.has('schedule'));
        const [before, after] = [viewOf(draft, HERE), roundTrip(draft, format)];
        expect(after).not.toBeNull();
        if (after === null) return;
        expect(after.words).toEqual(before.words);
        expect(ownless(after.env)).toEqual(before.env);
        expect(after.cwd).toBe(before.cwd);
        expect(after.stopTimeout).toBe(before.stopTimeout);
        expect(timesOf(after.schedule)).toEqual(timesOf(before.schedule));
        if (before.schedule === null) expect(after.restart).toBe(before.restart);
        if (EXPORTERS[format].fates['umask']?.is === 'carried')
          expect(after.draft.text('umask')).toBe(draft.text('umask'));
      }),
      { numRuns: 60 },
    );
  },
);

test('each key has a fate in each format, so that none disappears silently', () => {
  for (const format of EXPORT_FORMATS)
    expect([
      format,
      KEYS.map(({ name }) => name).filter((name) => !Object.hasOwn(EXPORTERS[format].fates, name)),
    ]).toEqual([format, []]);
});

test('every key of a job is carried over or named in a remark', () => {
  const draft = job('x', {
    job_command: 'a',
    test_command: 'b',
    watch: ['c'],
    tags: ['d'],
    stop_signal: 'SIGINT',
  });
  for (const format of EXPORT_FORMATS) {
    const told = exportJobs([draft], format, HERE).remarks.map(({ key }) => key);
    const quiet = [...draft.keys.keys()].filter((key) => !told.includes(key));
    expect(quiet.filter((key) => EXPORTERS[format].fates[key]?.is === 'left')).toEqual([]);
  }
});

const DB = job('db', { job_command: 'pg', ready: { tcp: '127.0.0.1:5432' }, cwd: '/srv' });
const MIGRATE = job('Up_1', { job_command: 'up', restart: 'never', after: ['db'] });
const WEB = job('web', {
  job_command: { exe: 'node', args: ['$(x) ${y}'] },
  after: [{ job: 'Up_1', is: 'finished' }, 'tag:none', 'db'],
  instances: 2,
  ready: { http: 'http://127.0.0.1:80/up?x=1', interval: 2 },
  stop_timeout: 2.5,
  env: { A: '${HOME}/x', B: '$$' },
});
const TICK = job('tick', { job_command: 'date', schedule: 'every 7m' });

const exported = (format: ExportFormat): Exported => exportJobs([DB, MIGRATE, WEB, TICK], format, HERE);

test('the restart of a job decides its kind in Kubernetes, and it waits for its dependencies', () => {
  const { files, remarks } = exported('kubernetes');
  const objects = parseAllDocuments(files[0]?.text ?? '').map(
    (each) => each.toJS() as Record<string, unknown>,
  );
  expect(objects.map(({ kind }) => kind)).toEqual(['Deployment', 'Service', 'Job', 'Deployment', 'Service']);
  expect(objects[2]).toMatchObject({
    metadata: { name: 'up-1' },
    spec: { template: { spec: { restartPolicy: 'Never' } } },
  });
  const pod = {
    containers: [
      {
        command: ['node', '$$(x) ${y}'],
        env: [{ name: 'A', value: '/home/ann/x' }, { name: 'B', value: '$' }, {}],
      },
    ],
    terminationGracePeriodSeconds: 3,
  };
  expect(objects[3]).toMatchObject({ spec: { replicas: 2, template: { spec: pod } } });
  expect(JSON.stringify(objects[3])).toContain('/dev/tcp/db/5432');
  expect(remarks).toContainEqual({ job: 'tick', key: null, message: 'left out: cron cannot say "every 7m"' });
});

test('a job in compose waits until the one before it is healthy or has finished', () => {
  const services = parseAllDocuments(exported('compose').files[0]?.text ?? '')[0]?.toJS() as {
    services: Record<string, unknown>;
  };
  expect(services.services['web']).toMatchObject({
    depends_on: {
      Up_1: { condition: 'service_completed_successfully' },
      db: { condition: 'service_healthy' },
    },
    command: ['node', '$$(x) $${y}'],
    deploy: { replicas: 2 },
  });
  expect(services.services['Up_1']).toMatchObject({ restart: 'no' });
});

test.each([
  ['once', null, 'service_completed_successfully'],
  ['once', 'running', 'service_started'],
  ['once', 'finished', 'service_completed_successfully'],
  ['lasting', null, 'service_started'],
  ['lasting', 'running', 'service_started'],
  // What has a readiness probe of its own is meant to stay up.
  ['probed', null, 'service_healthy'],
  ['probed', 'running', 'service_healthy'],
  ['probed', 'finished', 'service_completed_successfully'],
])('in compose a job after %s (is: %s) waits for %s', (name, is, condition) => {
  const keys = {
    once: { restart: 'never' },
    lasting: {},
    probed: { restart: 'never', ready: { tcp: '127.0.0.1:1' } },
  }[name];
  const before = job(name, { job_command: 'x', ...keys });
  const after = [is === null ? name : { job: name, is }];
  const { files } = exportJobs([before, job('it', { job_command: 'x', after })], 'compose', HERE);
  expect(parseAllDocuments(files[0]?.text ?? '')[0]?.toJS()).toMatchObject({
    services: { it: { depends_on: { [name]: { condition } } } },
  });
});

test('both forms for Nomad say the same', () => {
  const [, , web] = exported('nomad-json').files.map(
    ({ text }) => JSON.parse(text) as { Job: Record<string, unknown> },
  );
  expect(web?.Job).toMatchObject({
    ID: 'web',
    Type: 'service',
    TaskGroups: [
      { Count: 2, Tasks: [{ Config: { command: 'node', args: ['$(x) ${y}'] }, KillTimeout: 2_500_000_000 }] },
    ],
  });
  const hcl = exported('nomad').files[2]?.text ?? '';
  expect(hcl).toContain('args     = ["$(x) $${y}"]');
  expect(hcl).toContain('kill_timeout = "2500ms"');
});

test('launchd gets an agent for each copy, and a Procfile gets a line for each job', () => {
  const agents = exported('launchd').files;
  expect(agents.map(({ name }) => name)).toEqual([
    'db.plist',
    'Up_1.plist',
    'web@1.plist',
    'web@2.plist',
    'tick.plist',
  ]);
  expect(parsePlist(agents[4]?.text ?? '')).toMatchObject({ Label: 'tick', StartInterval: 420 });
  expect(parsePlist(agents[1]?.text ?? '')).not.toHaveProperty('KeepAlive');
  const lines = exported('procfile').files[0]?.text.trimEnd().split('\n');
  expect(lines?.[2]).toBe(`web: cd /home/ann && exec env A=/home/ann/x 'B=$' node '$(x) \${y}'`);
});
