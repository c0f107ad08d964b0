import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';

let dir: string;
beforeEach(() => {
  dir = newFolder();
  mkdirSync(join(dir, 'config'));
});
const config = (text: string): void => writeFileSync(join(dir, 'config', 'a.toml'), text);
const JOB = (name: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "${name} run"\n${more}`;

const call = (words: string): Promise<Outcome> =>
  run(words, answering(null), {
    homes: { ...HOMES, config: join(dir, 'config'), data: join(dir, 'data'), home: dir },
    env: { PATH: '/usr/bin', HOME: dir },
  });

test('an export of one file is printed as it is', async () => {
  config(JOB('web') + JOB('db'));
  const { code, out } = await call('export --to procfile');
  expect([code, out]).toEqual([0, expect.stringMatching(/^web: .*web run\n/)]);
  expect(out).toMatch(/^db: .*db run$/m);
});

test('an export of several files has the name of each above it', async () => {
  config(JOB('web') + JOB('db'));
  const { out } = await call('export --to systemd');
  expect(out).toMatch(/^# web\.service\n\[Unit\]/);
  expect(out).toMatch(/\n\n# db\.service\n\[Unit\]|\n# db\.service\n\[Unit\]/);
});

test('an export is written into a folder, and never over a file', async () => {
  config(JOB('web'));
  const to = join(dir, 'out');
  expect((await call(`export --to systemd --dir ${to}`)).out).toBe(`wrote ${to}/web.service\n`);
  expect(readFileSync(join(to, 'web.service'), 'utf8')).toContain('[Service]');
  const again = await call(`export --to systemd --dir ${to}`);
  expect([again.code, again.out, again.err]).toEqual([1, '', expect.stringContaining('web.service')]);
});

test('an export into a folder that is named from here says where its files are', async () => {
  config(JOB('web'));
  const before = process.cwd();
  process.chdir(dir);
  try {
    const { out } = await call('export --to systemd --dir out');
    expect(out).toBe(`wrote ${realpathSync(dir)}/out/web.service\n`);
  } finally {
    process.chdir(before);
  }
});

test('what the other tool cannot do is remarked on, also as JSON', async () => {
  config(JOB('web', 'test_command = "true"\n'));
  const { err } = await call('export --to procfile');
  expect(err).toMatch(/^web: test_command .+$/m);
  const { out } = await call('export --to procfile --json');
  expect(JSON.parse(out)).toMatchObject({
    files: [{ name: 'Procfile' }],
    remarks: expect.arrayContaining([expect.objectContaining({ job: 'web', key: 'test_command' })]),
  });
});

test('an export wants a known format, an image for containers, and a right config', async () => {
  config(JOB('web'));
  const wrong = async (words: string): Promise<string> => {
    const { code, err } = await call(`export ${words}`);
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([await wrong(''), await wrong('--to sistemd'), await wrong('--to compose')]).toEqual([
    expect.stringMatching(/^64 overseer: --to wants one of systemd, /),
    expect.stringMatching(/^64 overseer: --to wants one of .*: did you mean "systemd"\?$/),
    '64 overseer: --to compose wants an --image',
  ]);
  expect((await call('export --to compose --image node:24')).out).toContain('image: node:24');
  config('');
  expect((await call('export --to procfile')).err).toContain(
    'the config has no jobs, so there is nothing to export\n',
  );
  config('nonsense = 1\n');
  const bad = await call('export --to procfile');
  expect([bad.code, bad.err]).toEqual([
    78,
    expect.stringMatching(/a\.toml:1:1[^]*overseer: the config has a problem; nothing was exported\n$/),
  ]);
});

test('a time zone is exported by its name, and an offset or an unknown zone is none', async () => {
  config(JOB('web', 'schedule = "0 3 * * *"\n'));
  const formats = Intl.DateTimeFormat.prototype;
  const own = Object.getOwnPropertyDescriptor(formats, 'resolvedOptions') ?? {};
  const zoneIn = async (timeZone: string): Promise<string | undefined> => {
    Object.defineProperty(formats, 'resolvedOptions', { ...own, value: () => ({ timeZone }) });
    try {
      const { code, out } = await call('export --to kubernetes --image x');
      expect(code).toBe(0);
      return /timeZone: (.*)/.exec(out)?.[1];
    } finally {
      Object.defineProperty(formats, 'resolvedOptions', own);
    }
  };
  expect([await zoneIn('Europe/Zurich'), await zoneIn('+02:00'), await zoneIn('Etc/Unknown')]).toEqual([
    expect.stringContaining('Europe/Zurich'),
    undefined,
    undefined,
  ]);
});
