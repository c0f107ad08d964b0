import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { readConfigFiles } from '../../../src/config/read-config.ts';
import { envText, wordsCommand } from '../../../src/exchange/commands.ts';
import { JobDraft, plainText, type TomlValue } from '../../../src/exchange/draft.ts';
import type { ExportSurroundings } from '../../../src/exchange/export/job-view.ts';
import { tomlOf } from '../../../src/exchange/toml-text.ts';

/** Letters that mean something to some tool, each. */
const word = fc
  .string({ unit: fc.constantFrom(...'ab $%{}"\'\\;&|<>*?#~=:@é\t!,'.split('')), maxLength: 8 })
  .map((each) => `x${each}`);
const words = fc.array(word, { minLength: 1, maxLength: 4 });
const command = words.map(wordsCommand);
const name = fc.stringMatching(/^[a-z][a-z0-9]{0,4}([-_.][a-z0-9]{1,3})?$/);
const half = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most * 2 }).map((each) => each / 2);
const probe = (more: Readonly<Record<string, fc.Arbitrary<TomlValue>>>): fc.Arbitrary<TomlValue> =>
  fc
    .tuple(
      fc.oneof(
        command.map((each) => ({ command: each })),
        fc.constant({ tcp: '127.0.0.1:8080' }),
        fc.constantFrom({ http: 'http://127.0.0.1:8080/up?x=1' }, { http: 'https://localhost/' }),
        ...(more['within'] === undefined ? [] : [fc.constant({ log: 'listening' })]),
      ),
      fc.record({ interval: half(20), timeout: half(20), ...more }, { requiredKeys: [] }),
    )
    .map(([what, times]) => ({ ...what, ...times }) as TomlValue);

/** For each key, values that a config may have; of a key that is still to come, too. */
export const VALUES: Readonly<Record<string, fc.Arbitrary<TomlValue>>> = {
  name: fc.oneof(name, fc.constantFrom('Web_1', 'a.b', 'a:b', 'a@b', '9x')),
  job_command: command,
  test_command: command,
  cwd: fc.constantFrom('/srv', '/srv/a b', '/srv/50%', '~/x'),
  env: fc
    .dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,5}$/), word, { maxKeys: 3 })
    .map((env) => Object.fromEntries(Object.entries(env).map(([each, text]) => [each, envText(text)]))),
  env_file: fc.constant('FILE'),
  umask: fc.constantFrom('022', '077', '0027', '7'),
  restart: fc.constantFrom('always', 'on-failure', 'never'),
  start_seconds: half(20),
  backoff: fc.record({ min: half(10), max: fc.integer({ min: 10, max: 100 }) }),
  max_restarts: fc.integer({ min: 0, max: 2000 }),
  success_codes: fc.constantFrom([0], [0, 3], [7]),
  stop_signal: fc.constantFrom('SIGTERM', 'SIGINT', 'SIGUSR1'),
  stop_timeout: fc.oneof(fc.integer({ min: 0, max: 500 }), half(10)),
  test_timeout: half(20),
  test_interval: half(200),
  after: fc.constant(['OTHER']),
  ready: probe({ within: half(200) }),
  schedule: fc.constantFrom(
    'every 10m',
    'every 90s',
    '30 2 * * *',
    '0,30 9-17 * * 1-5',
    '15 3 1 * *',
    '0 4 13 * fri',
    '*/15 * * jan,jul 7',
    '@weekly',
    '0 5 L * *',
  ),
  run_at_start: fc.boolean(),
  instances: fc.integer({ min: 0, max: 4 }),
  watch: fc.constantFrom(['src/**'], []),
  log: fc.constant({ max_size: '1MB', keep: 2 }),
  description: fc.oneof(word, fc.constantFrom('two\nlines', 'ends with \\')),
  tags: fc.constantFrom(['front'], ['front', 'a.b'], []),
  enabled: fc.boolean(),
  limits: fc.record(
    {
      nofile: fc.integer({ min: 64, max: 999 }),
      core: fc.constant(0),
      fsize: fc.integer({ min: 1, max: 9999 }),
      stack: fc.integer({ min: 64, max: 8192 }),
      cpu: fc.integer({ min: 60, max: 999 }),
      as: fc.integer({ min: 1_000_000, max: 2_000_000 }),
      data: fc.constant('unlimited'),
    },
    { requiredKeys: [] },
  ),
  nice: fc.integer({ min: 0, max: 19 }),
  alive: probe({ failures: fc.integer({ min: 1, max: 9 }) }),
  max_memory: fc.constantFrom('300MiB', '1GB', 123_456_789),
  on: fc.constant({ failed: 'x' }),
  rolling: fc.boolean(),
  stdin: fc.boolean(),
};

const OPTIONAL = KEYS.map((key): string => key.name).filter(
  (key) => !['name', 'job_command', 'after'].includes(key),
);

const MOST_KEYS = 12;
const HOME = '/home/ann';

/** A config of up to three jobs that has no problems, with a file for `env_file`. */
export class Written {
  readonly dir = mkdtempSync(join(tmpdir(), 'overseer-exchange-'));
  readonly envFile = join(this.dir, 'app.env');

  constructor() {
    writeFileSync(this.envFile, 'FROM_FILE=1\n');
  }

  /** Those for which overseer itself finds nothing wrong. */
  configs(): fc.Arbitrary<readonly JobDraft[]> {
    return fc
      .array(fc.tuple(this.#job(), fc.boolean(), fc.option(fc.constantFrom('running', 'finished'))), {
        minLength: 1,
        maxLength: 3,
      })
      .map((jobs) => {
        const drafts = jobs.map(([draft]) => draft);
        const named = drafts.filter(
          (draft, at) => drafts.findIndex((each) => each.name === draft.name) === at,
        );
        for (const [at, draft] of named.entries()) {
          const before = named[at - 1];
          const [, isAfter, is] = jobs[at] ?? [];
          if (before !== undefined && isAfter === true)
            draft.set('after', [is === null || is === undefined ? before.name : { job: before.name, is }]);
        }
        return named;
      })
      .filter((drafts) => this.problems(drafts) === null);
  }

  #job(): fc.Arbitrary<JobDraft> {
    const { name: names = fc.constant('x'), job_command: commands = command } = VALUES;
    const others = fc
      .subarray(OPTIONAL, { maxLength: MOST_KEYS })
      .chain((keys) =>
        fc.record(Object.fromEntries(keys.map((key) => [key, VALUES[key] ?? fc.constant('?')]))),
      );
    return fc.tuple(names, commands, others).map(([called, run, keys]) => {
      const draft = new JobDraft(plainText(called), { file: 'x', line: 1 }).set('job_command', run);
      for (const [key, value] of Object.entries(keys) as [string, TomlValue][])
        draft.set(key, key === 'env_file' ? this.envFile : value);
      if (!draft.keys.has('schedule')) draft.keys.delete('run_at_start');
      if (!draft.keys.has('test_command')) draft.keys.delete('test_interval');
      return draft;
    });
  }

  problems(drafts: readonly JobDraft[]): string | null {
    const file = join(this.dir, 'config.toml');
    writeFileSync(file, tomlOf(drafts));
    const reading = readConfigFiles([file], { home: HOME });
    return reading.ok ? null : JSON.stringify(reading.problems);
  }

  surroundings(drafts: readonly JobDraft[]): ExportSurroundings {
    return {
      home: HOME,
      folder: null,
      base: { HOME },
      image: 'app:1',
      timeZone: 'Europe/Berlin',
      fromFiles: Object.fromEntries(
        drafts.filter((each) => each.keys.has('env_file')).map((each) => [each.name, { FROM_FILE: '1' }]),
      ),
    };
  }

  dispose(): void {
    rmSync(this.dir, { recursive: true });
  }
}
