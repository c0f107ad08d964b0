import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { job, statusOf } from '../../../../support/sample-replies.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import type { Reply } from '../../../../../src/wire/messages.ts';

const CONFIG = `
[[jobs]]
name = "web"
job_command = "node 'a b'"
instances = 2
tags = ["front"]
env = { A = "x\${HOME}", B = "2" }
ready = { tcp = "127.0.0.1:80", timeout = 3 }
umask = "027"
after = ["db", { job = "once", is = "finished" }]

[[jobs]]
name = "db"
job_command = "db"

[[jobs]]
name = "once"
job_command = "once"
restart = "never"

[[jobs]]
name = "nightly"
job_command = "backup"
schedule = "0 3 * * *"
restart = "never"
`;

function show(words: string, config = CONFIG, reply: Reply | null = null): Promise<Outcome> {
  const dir = newFolder();
  writeFileSync(join(dir, 'overseer.toml'), config);
  const homes = { ...HOMES, config: dir, data: join(dir, 'data') };
  return run(`show ${words}`, answering(reply), { homes, env: { PATH: '/bin', HOME: '/home/me' } });
}

interface Shown {
  readonly job: string;
  readonly instances: readonly string[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: readonly {
    readonly name: string;
    readonly origin: string;
    readonly value: string | null;
  }[];
  readonly nextRuns: readonly string[];
}
const json = async (words: string, reply: Reply | null = null): Promise<Shown> =>
  JSON.parse((await show(`${words} --json`, CONFIG, reply)).out) as Shown;

test('a job is shown with every key as the config would have it, defaults included', async () => {
  const { job: name, instances, config } = await json('web');
  expect([name, instances]).toEqual(['web', ['web@1', 'web@2']]);
  expect(config).toMatchObject({
    job_command: "node 'a b'",
    instances: 2,
    tags: ['front'],
    umask: '027',
    after: ['db', { job: 'once', is: 'finished' }],
    ready: { tcp: '127.0.0.1:80', timeout: 3 },
    stop_timeout: 10,
    restart: 'always',
    log: { max_size: 10_000_000 },
  });
  const keys = Object.keys(config);
  expect(keys.indexOf('job_command')).toBeLessThan(keys.indexOf('restart'));
  expect(keys).not.toContain('name');
});

test('each variable tells where it comes from, and its value only if that is asked for', async () => {
  const { environment } = await json('web --values');
  const of = (name: string): unknown => environment.find((each) => each.name === name);
  expect([of('A'), of('PATH'), of('OVERSEER_JOB'), of('OVERSEER_ID')]).toEqual([
    { name: 'A', origin: 'env', value: 'x/home/me' },
    { name: 'PATH', origin: 'base', value: '/bin' },
    { name: 'OVERSEER_JOB', origin: 'overseer', value: 'web' },
    { name: 'OVERSEER_ID', origin: 'overseer', value: null },
  ]);
  const names = environment.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect((await json('web')).environment.every(({ value }) => value === null)).toBe(true);
});

test('a variable that is written in several places is shown as the job gets it', async () => {
  const files = newFolder();
  writeFileSync(join(files, 'vars'), 'PATH=/file\nONE=file\nTWO=file\n');
  const config = `[[jobs]]\nname = "web"\njob_command = "x"\nenv_file = "${files}/vars"\nenv = { TWO = "\${TWO} and own" }\n`;
  const { environment } = JSON.parse((await show('web --values --json', config)).out) as Shown;
  expect(environment.filter(({ name }) => ['ONE', 'PATH', 'TWO'].includes(name))).toEqual([
    { name: 'ONE', origin: 'env_file', value: 'file' },
    { name: 'PATH', origin: 'env_file', value: '/file' },
    { name: 'TWO', origin: 'env', value: 'file and own' },
  ]);
});

test('a variable may refer to what overseer sets, and to the home', async () => {
  const config = `[[jobs]]\nname = "web"\njob_command = "x"\ninstances = 2\n
env = { ID = "\${OVERSEER_JOB}-\${OVERSEER_INSTANCE}", FILE = "~/x" }\n`;
  const { environment } = JSON.parse((await show('web@2 --values --json', config)).out) as Shown;
  expect(environment.filter(({ origin }) => origin === 'env')).toEqual([
    { name: 'FILE', origin: 'env', value: '/home/me/x' },
    { name: 'ID', origin: 'env', value: 'web-2' },
  ]);
});

test('each kind of probe is shown as the config has it', async () => {
  const probe = async (text: string): Promise<unknown> => {
    const config = `[[jobs]]\nname = "web"\njob_command = "x"\n${text}\n`;
    const { ready, alive } = (JSON.parse((await show('web --json', config)).out) as Shown).config;
    return ready ?? alive;
  };
  expect([
    await probe('ready = { http = "http://127.0.0.1:80/up" }'),
    await probe('ready = { log = "listening on .*" }'),
    await probe('ready = { command = "curl \'a b\'" }'),
    await probe('alive = { http = "http://127.0.0.1:80/up", interval = 2 }'),
  ]).toMatchObject([
    { http: 'http://127.0.0.1:80/up' },
    { log: 'listening on .*' },
    { command: "curl 'a b'" },
    { http: 'http://127.0.0.1:80/up', interval: 2 },
  ]);
});

test('the text has the keys that are set, the environment, and values where they are asked for', async () => {
  const { code, out, err } = await show('web');
  expect([code, err]).toEqual([0, '']);
  const lines = out.split('\n').map((line) => line.replace(/ {2,}/g, '  '));
  expect(lines[0]).toBe('web  2 instances');
  expect(out).toMatch(/^ {2}ready +\{ .*tcp = "127\.0\.0\.1:80".*timeout = 3, within = 60 \}$/m);
  expect(lines).toContain('  after  ["db", { job = "once", is = "finished" }]');
  expect(lines).toContain('environment');
  expect(lines).toContain('  A  env');
  expect(out).not.toContain('next runs');
  expect((await show('db --values')).out).toMatch(/ {2}PATH +base +\/bin\n/);
  expect((await show('db')).out.split('\n')[0]).toBe('db');
});

test('a schedule tells its next five times, the first as the daemon has it', async () => {
  const { nextRuns } = await json('nightly');
  expect(nextRuns.length).toBe(5);
  expect(new Set(nextRuns.map((at) => new Date(at).getHours()))).toEqual(new Set([3]));
  const due = '2031-05-05T05:05:05.000Z';
  const waits = await json('nightly', statusOf(job({ name: 'nightly', state: 'waiting', nextStartAt: due })));
  expect([waits.nextRuns[0], waits.nextRuns.length]).toEqual([due, 5]);
  const runs = await json('nightly', statusOf(job({ name: 'nightly', nextStartAt: due })));
  expect(runs.nextRuns[0]).not.toBe(due);
  expect((await show('nightly')).out).toMatch(/\nnext runs\n(?: {2}.*03:00:00\n){5}/);
});

test('several jobs are shown one after the other, and an instance as its job', async () => {
  const { out } = await show('*');
  expect(
    ['web', 'db', 'once', 'nightly'].map(
      (name) => out.split('\n').filter((line) => line.startsWith(name)).length,
    ),
  ).toEqual([1, 1, 1, 1]);
  expect(JSON.parse((await show('tag:front --json')).out)).toMatchObject({ job: 'web' });
  expect((await json('web@2')).instances).toEqual(['web@2']);
  expect(JSON.parse((await show('d* --json')).out)).toMatchObject({ job: 'db' });
  expect(JSON.parse((await show('* --json')).out)).toHaveLength(4);
});

test('a job that is not there, no job, and a bad config are refused', async () => {
  expect(await show('wbe')).toMatchObject({
    code: 4,
    err: 'overseer: the config has no job wbe: did you mean "web"?\n',
  });
  expect((await show('')).err).toContain('which job?');
  const bad = await show('web', 'nonsense = 1\n');
  expect([bad.code, bad.err]).toEqual([78, expect.stringMatching(/overseer\.toml:1:1: .*nonsense/)]);
});
