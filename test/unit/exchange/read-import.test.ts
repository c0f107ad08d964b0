import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFiles, type Imported } from '../../../src/exchange/read-import.ts';
import { problemsOf } from '../../../src/exchange/written.ts';
import { ROOT } from '../../support/sources.ts';

const FIXTURES = join(ROOT, 'test/fixtures/imports');
const HOME = '/home/ann';

const imported = (...files: readonly string[]): Imported =>
  importFiles(files, { format: null, trust: true, home: HOME, environment: { HOME, SHELL: '/bin/sh' } });

/** The output of an import, without the folder of the fixtures. */
function shown(result: Imported): string {
  const remarks = result.remarks.map(
    ({ file, line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}\n`,
  );
  const text = `${remarks.join('')}\n${result.ok ? result.toml : result.message}`;
  return text.replaceAll(`${FIXTURES}/`, '');
}

const FILES = [
  ['procfile/Procfile'],
  ['supervisord/supervisord.conf'],
  ['pm2/ecosystem.config.cjs'],
  ['systemd/web.service', 'systemd/db.service'],
  ['systemd/backup.timer'],
  ['process-compose/process-compose.yaml'],
  ['compose/docker-compose.yml'],
  ['launchd/com.example.sync.plist'],
  ['crontab/crontab'],
];

test.each<readonly string[]>(FILES)('what becomes of %s is as it was read through by hand', (...names) => {
  const files = names.map((name) => join(FIXTURES, name));
  const result = imported(...files);
  const expected = `${files[0]}.expected`;
  if (process.env['UPDATE_IMPORTS'] !== undefined) writeFileSync(expected, shown(result));
  expect(shown(result)).toBe(readFileSync(expected, 'utf8'));
  expect(result.ok && problemsOf(result.toml, { home: HOME })).toEqual([]);
});

test('each format has its fixtures, so that none can be forgotten', () => {
  expect(readdirSync(FIXTURES).sort()).toEqual(
    ['compose', 'crontab', 'launchd', 'pm2', 'process-compose', 'procfile', 'supervisord', 'systemd'].sort(),
  );
});

describe('a file that cannot be imported', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'overseer-import-test-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  test('a file to import is refused if it is missing, unknown, without a job, or a program', () => {
    const file = join(dir, 'x');
    expect(imported(file)).toMatchObject({ ok: false, code: 'unreadable' });
    writeFileSync(file, 'nothing\n');
    expect(imported(file)).toMatchObject({ ok: false, code: 'unknown-format' });
    writeFileSync(join(dir, 'crontab'), '# none\n');
    expect(imported(join(dir, 'crontab'))).toMatchObject({ ok: false, code: 'no-jobs' });
    const script = join(dir, 'ecosystem.config.js');
    writeFileSync(script, 'throw new Error("no")\n');
    const options = { format: null, trust: false, home: HOME, environment: {} };
    expect(importFiles([script], options)).toMatchObject({ ok: false, code: 'untrusted' });
    expect(imported(script)).toMatchObject({ ok: false, code: 'unreadable' });
  });

  test.each([
    ['process-compose.yaml', 'processes:\n  a: [1\n'],
    ['process-compose.yaml', 'processes: 1\n'],
    ['compose.yaml', '- 1\n'],
    ['compose.yaml', 'services: { a: { command: [] , healthcheck: 1 }, b: null }\n'],
    ['ecosystem.json', '{"apps": [1, {}, {"script": ""}]}'],
    ['a.plist', '<plist><array/></plist>'],
    ['a.plist', 'bplist00garbage'],
    ['a.plist', '<plist><dict><key>Label</key>'],
    ['a.service', '[Service]\nRestart=always\n'],
    ['a.timer', '[Timer]\nOnCalendar=daily\n'],
    ['supervisord.conf', 'stray = 1\n[program:x]\nautostart=true\n[program:y]\ncommand="open\n'],
    ['Procfile', 'a b c\n\u0000\n'],
    ['crontab', '* * * *\n'],
  ])('a file that cannot be imported is refused without an exception: %s %j', (name, text) => {
    const file = join(dir, name);
    writeFileSync(file, text);
    const result = imported(file);
    expect(result.ok).toBe(false);
    expect(result.remarks.length + (result.ok ? 0 : 1)).toBeGreaterThan(0);
  });
});

test.each([
  ['', 3, [0, 1, 2]],
  ['numprocs_start=1', 3, [1, 2, 3]],
  ['numprocs_start=3', 3, [3, 4, 5]],
  ['numprocs_start=100', 2, [100, 101]],
  ['numprocs_start=7', 1, [7]],
])('every copy of a program of supervisord is imported with its number: %s %d', (start, count, numbers) => {
  const dir = mkdtempSync(join(tmpdir(), 'overseer-import-test-'));
  const file = join(dir, 'supervisord.conf');
  writeFileSync(file, `[program:x]\ncommand=run %(process_num)d\nnumprocs=${count}\n${start}\n`);
  const { ok, ...result } = imported(file);
  rmSync(dir, { recursive: true });
  expect([ok, result.remarks]).toEqual([true, []]);
  const toml = 'toml' in result ? String(result.toml) : '';
  expect([...toml.matchAll(/^job_command = "run (\d+)"$/gm)].map(([, number]) => Number(number))).toEqual(
    numbers,
  );
});

test('a binary property list is read as the XML one is', async () => {
  const { buildBinary, parse } = await import('plist');
  const file = join(FIXTURES, 'launchd/com.example.sync.plist');
  const dir = mkdtempSync(join(tmpdir(), 'overseer-import-test-'));
  const binary = join(dir, 'com.example.sync.plist');
  writeFileSync(binary, buildBinary(parse(readFileSync(file, 'utf8')) as never));
  const [one, other] = [imported(file), imported(binary)];
  expect(one.ok && other.ok && one.toml.replace(/^#.*$/gm, '')).toBe(
    other.ok && other.toml.replace(/^#.*$/gm, ''),
  );
  rmSync(dir, { recursive: true });
});

test('a file without an end, a folder and one that is too large are refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-import-'));
  try {
    const at = (name: string): string => join(folder, name);
    spawnSync('mkfifo', [at('pipe')]);
    const compose = (file: string): string =>
      `services:\n  web:\n    image: x\n    command: run\n    env_file: ${file}\n`;
    writeFileSync(at('compose.yaml'), compose('/dev/zero'));
    expect(imported('/dev/zero')).toMatchObject({ message: 'cannot read /dev/zero: it is a device' });
    expect(imported(at('pipe'))).toMatchObject({ message: `cannot read ${at('pipe')}: it is a FIFO` });
    expect(imported(folder)).toMatchObject({ message: `cannot read ${folder}: it is a folder` });
    expect(imported(at('compose.yaml'))).toMatchObject({ ok: true });
    writeFileSync(at('Procfile'), `a: b${' '.repeat(17 * 1024 * 1024)}\n`);
    expect(imported(at('Procfile'))).toMatchObject({
      message: expect.stringContaining('larger than 16 MiB'),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  ['update_config: { parallelism: 1 }', true],
  ['update_config: { order: start-first }', true],
  ['update_config: { parallelism: 2 }', false],
])('copies that compose updates one at a time roll: %s', (update, isRolling) => {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-import-'));
  try {
    const file = join(folder, 'compose.yaml');
    const service = `command: serve\n    deploy: { replicas: 3, ${update} }`;
    writeFileSync(file, `services:\n  web:\n    ${service}\n`);
    const result = imported(file);
    const remarks = result.remarks.map(({ message }) => message).join('\n');
    expect([result.ok && /^rolling = true$/m.test(result.toml), /update_config/.test(remarks)]).toEqual([
      isRolling,
      !isRolling,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
