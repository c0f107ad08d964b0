import { writeFileSync } from 'node:fs';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited, ended } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const lifeOf = ({ pid, startedAt }: JobStatus): string => `${pid} ${startedAt}`;

async function statesOf(...names: readonly string[]): Promise<readonly string[]> {
  const { jobs } = await home.status();
  return names.map((name) => jobs.find((job) => job.name === name)?.state ?? 'none');
}

test('T-255 tag:NAME means every job with that tag, in each command that takes a JOB', async () => {
  const says = (name: string, tags: string): string =>
    shellJob(name, `trap 'echo hup ${name}' HUP; echo up ${name}; while :; do sleep 0.05; done`, tags);
  home.write(
    'jobs.toml',
    says('web', 'tags = ["front", "eu"]\ninstances = 2') +
      says('db', 'tags = ["back", "eu"]') +
      says('cron', ''),
  );
  await home.apply();
  const all = ['web@1', 'web@2', 'db', 'cron'];

  const status = await home.json<{ readonly jobs: readonly { name: string; tags: string[] }[] }>(
    'status',
    'tag:front',
  );
  expect(status.jobs.map(({ name, tags }) => `${name} ${tags.join()}`)).toEqual([
    'web@1 front,eu',
    'web@2 front,eu',
  ]);
  expect((await home.overseer('status', 'tag:back')).stdout).toMatch(/TAGS[\s\S]*back eu/);
  expect((await home.overseer('why', 'tag:back')).stdout).toMatch(/tags +back eu/);

  expect((await home.overseer('stop', 'tag:front')).code).toBe(0);
  expect(await statesOf(...all)).toEqual(['stopped', 'stopped', 'running', 'running']);
  expect((await home.overseer('start', 'tag:front')).code).toBe(0);
  expect(await statesOf(...all)).toEqual(['running', 'running', 'running', 'running']);

  const before = new Map((await home.status()).jobs.map((job) => [job.name, lifeOf(job)]));
  expect((await home.overseer('restart', 'tag:eu')).code).toBe(0);
  expect((await home.overseer('wait', 'tag:e?', '--timeout', '20')).code).toBe(0);
  const { jobs } = await home.status();
  expect(jobs.filter((job) => before.get(job.name) === lifeOf(job)).map(({ name }) => name)).toEqual([
    'cron',
  ]);

  await awaited(async () => home.log('db').endsWith('up db\n') || null, 'the second run of db');
  expect((await home.overseer('signal', 'HUP', 'tag:back')).stdout).toContain('db');
  await awaited(async () => home.log('db').includes('hup db') || null, 'the signal in the log of db');
  expect((await home.overseer('logs', 'tag:front', '--json')).stdout).toMatch(/web@1[\s\S]*web@2/);
  expect((await home.overseer('logs', 'tag:front')).stdout).not.toContain('db');
  const events = (await home.overseer('events', 'tag:back', '--json')).stdout.trim().split('\n');
  expect(new Set(events.map((line) => (JSON.parse(line) as { id: string }).id))).toEqual(new Set(['db']));

  expect((await home.overseer('__jobs')).stdout.split('\n')).toEqual(
    expect.arrayContaining(['tag:back', 'tag:eu', 'tag:front', 'web', 'web@1']),
  );
  const unknown = await home.overseer('stop', 'tag:frnt');
  expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('did you mean "tag:front"?')]);
});

test('T-1083 a tag selects jobs for apply, show, graph, send and attach as well', async () => {
  home.write(
    'jobs.toml',
    sleeper('web', 'tags = ["front"]\nafter = ["db"]') +
      sleeper('db') +
      sleeper('cron', 'tags = ["night"]') +
      shellJob('chat', 'exec cat', 'tags = ["night"]\nstdin = true'),
  );
  expect((await home.apply('tag:front')).changes.map(({ job, action }) => `${job} ${action}`)).toEqual([
    'db start',
    'web start',
  ]);
  await home.apply();
  const shown = await home.json<readonly { readonly job: string }[]>('show', 'tag:night');
  expect(shown.map(({ job }) => job).toSorted()).toEqual(['chat', 'cron']);
  expect((await home.overseer('graph', 'tag:front')).stdout).toContain('web');
  expect((await home.overseer('graph', 'tag:front')).stdout).not.toContain('cron');
  // Of the two only one reads its standard input.
  expect(await home.overseer('send', 'tag:night', 'sent')).toMatchObject({
    code: 0,
    stdout: 'sent to chat\n',
  });
  const attach = home.begin({}, 'attach', 'tag:night');
  attach.stdin.write('typed\n');
  await awaited(async () => home.log('chat') === 'sent\ntyped\n' || null, 'what was sent and typed');
  attach.kill('SIGINT');
  for (const command of ['apply', 'show', 'graph', 'logs', 'status', 'events'])
    expect(await home.overseer(command, 'tag:frnt')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('did you mean "tag:front"?'),
    });
});

test('T-1085 run starts the jobs of a tag, and those that they come after', async () => {
  const says = (name: string, more: string): string => shellJob(name, 'echo up; exec sleep 1000', more);
  writeFileSync(
    home.path('overseer.toml'),
    says('web', 'tags = ["front"]\nafter = ["db"]') + says('db', '') + says('cron', 'tags = ["night"]'),
  );
  const run = home.begin({}, 'run', 'tag:front');
  const end = ended(run);
  let said = '';
  run.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await awaited(async () => /web +\| up/.test(said) || null, 'what web says');
  run.kill('SIGINT');
  expect((await end).code).toBe(0);
  expect(said).toMatch(/db +\| up/);
  expect(said).not.toContain('cron');
});

test('logs select by the tags of the config where no daemon runs', async () => {
  home.write('jobs.toml', shellJob('web', 'echo up; exec sleep 1000', 'tags = ["front"]') + sleeper('db'));
  await home.apply();
  await awaited(async () => home.log('web') === 'up\n' || null, 'what web says');
  await home.overseer('die');
  const shown = await home.overseer('logs', 'tag:front');
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('up')]);
  expect((await home.overseer('logs', 'tag:back')).code).toBe(4);
});

test('T-256 a job that comes after a tag starts after all of its jobs and stops before them', async () => {
  const says = (name: string, more: string): string =>
    shellJob(
      name,
      `trap 'echo down ${name} >> order; exit 0' TERM; echo up ${name} >> order; while :; do sleep 0.05; done`,
      more,
    );
  home.write(
    'jobs.toml',
    says('web', 'after = ["tag:storage"]') +
      says('db', `tags = ["storage"]\nready = { command = "grep -q 'up db' order" }`) +
      says('cache', `tags = ["storage"]\nready = { command = "grep -q 'up cache' order" }`),
  );
  expect((await home.apply()).code).toBe(0);
  const order = async (): Promise<readonly string[]> =>
    (await home.shell('cat order')).stdout.trim().split('\n');
  await awaited(async () => (await order()).length === 3 || null, 'all three');
  expect((await order())[2]).toBe('up web');
  await home.overseer('stop', '--all');
  expect((await order())[3]).toBe('down web');
});

test('a tag that comes and goes in the config changes what a job waits for, without a restart', async () => {
  const web = sleeper('web', 'after = ["tag:storage"]');
  home.write(
    'jobs.toml',
    web + sleeper('db', 'tags = ["storage"]') + sleeper('cache', 'test_command = "false"'),
  );
  await home.apply();
  const { pid } = await home.job('web');
  home.write(
    'jobs.toml',
    web +
      sleeper('db', 'tags = ["storage"]') +
      sleeper('cache', 'test_command = "false"\ntags = ["storage"]'),
  );
  const { changes } = await home.apply();
  expect(changes.map(({ job, action }) => `${job} ${action}`)).toEqual([
    'cache update',
    'db none',
    'web none',
  ]);
  expect((await home.job('web')).pid).toBe(pid);
  const restart = await home.overseer('restart', 'web');
  expect([restart.code, restart.stderr + restart.stdout]).toEqual([1, expect.stringContaining('cache')]);
  expect((await home.job('web')).pid).toBe(pid);
});
