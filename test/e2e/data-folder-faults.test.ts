import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Home, OVERSEER, awaited, isAlive } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { left, stateOf, gone, applySleeper, daemons } from './support/host-state.ts';

const isRoot = process.getuid?.() === 0;

if (!isRoot) console.log('the tests with a second user are skipped: only root can be one');

test('T-129 an empty data folder that is open to others gets the mode 0700', async () => {
  mkdirSync(home.data, { recursive: true });
  chmodSync(home.data, 0o777);
  await applySleeper();
  expect(statSync(home.data).mode & 0o777).toBe(0o700);
});

test('T-130 a data folder that is a link is used where it leads', async () => {
  mkdirSync(home.path('elsewhere'));
  mkdirSync(join(home.dir, 'data'));
  symlinkSync(home.path('elsewhere'), home.data);
  await applySleeper();
  expect(readdirSync(home.path('elsewhere'))).toContain('state.journal');
});

test.each([
  ['is a file', (data: string) => writeFileSync(data, 'mine'), 'is not a folder; move it away'],
  [
    'is a link to nowhere',
    (data: string) => symlinkSync('/nowhere/at/all', data),
    'cannot make the data folder',
  ],
])('T-131 a data folder that %s is refused with the cure, and left as it is', async (_, make, words) => {
  mkdirSync(join(home.dir, 'data'));
  make(home.data);
  home.write('jobs.toml', sleeper('job'));
  const refused = await home.overseer();
  expect([refused.code, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain(words);
  expect(refused.stderr).not.toContain('    at ');
  expect(home.processes()).toEqual([]);
});

(isRoot ? test : test.skip)('T-132 a data folder of another user is refused and left as it is', async () => {
  mkdirSync(home.data, { recursive: true });
  chownSync(home.data, 65_534, 65_534);
  home.write('jobs.toml', sleeper('job'));
  const refused = await home.overseer();
  expect([refused.code, readdirSync(home.data)]).toEqual([1, []]);
  expect(refused.stderr).toContain('belongs to another user');
});

(isRoot ? test : test.skip)(
  'a log, an exit code or a history of another user is refused with the cure',
  async () => {
    await applySleeper();
    await home.overseer('die');
    for (const folder of ['logs', 'exits', 'history']) {
      const foreign = join(home.data, folder, 'planted');
      mkdirSync(join(home.data, folder), { recursive: true });
      writeFileSync(foreign, '');
      chownSync(foreign, 65_534, 65_534);
      const { code, stderr } = await home.overseer();
      expect([folder, code, stderr]).toEqual([
        folder,
        1,
        expect.stringContaining(`${foreign} belongs to another`),
      ]);
      rmSync(foreign);
    }
  },
);

test('a data folder that can only be read keeps no command from asking the daemon in it', () => {
  mkdirSync(home.data, { recursive: true });
  chmodSync(home.data, 0o500);
  chmodSync(home.dir, 0o755);
  // Root could write nevertheless.
  const uid = isRoot ? 65_534 : process.getuid?.();
  if (isRoot) chownSync(home.data, 65_534, 65_534);
  const asked = spawnSync(OVERSEER, ['status'], {
    env: { ...home.env, OVERSEER_TRACE: undefined },
    encoding: 'utf8',
    ...(uid !== undefined && { uid }),
  });
  expect([asked.status, asked.stderr]).toEqual([3, expect.stringMatching(/^overseer: no daemon is running/)]);
});

test('T-133 a data folder that is removed or moved ends its daemon; the next trigger leaves one copy', async () => {
  const other = new Home();
  try {
    other.write('jobs.toml', sleeper('job'));
    const [, there] = await Promise.all([applySleeper(), other.apply()]);
    const before = await home.job('job');
    const [first, second] = [home.daemonPid(), other.daemonPid()];
    rmSync(home.data, { recursive: true });
    renameSync(other.data, other.path('moved'));
    await Promise.all([gone(first, 'the end of the daemon'), gone(second, 'the end of the other')]);
    expect([stateOf(before.pid ?? 0), stateOf(there.changes[0]?.pid ?? 0)]).toEqual(['S', 'S']);
    renameSync(other.path('moved'), other.data);
    expect((await other.apply()).changes).toMatchObject([
      { action: 'none', reason: 'unchanged', pid: there.changes[0]?.pid },
    ]);
    expect((await home.apply()).changes).toMatchObject([
      { action: 'start', reason: 'new', state: 'running' },
    ]);
    expect([isAlive(before.pid ?? 0), left().length]).toEqual([false, 1]);
  } finally {
    await other.dispose();
  }
});

test.each([
  ['the whole folder', () => rmSync(home.data, { recursive: true })],
  [
    'its lock and its socket file',
    () => {
      for (const name of ['lock', 'socket']) rmSync(join(home.data, name));
    },
  ],
])(
  'T-134 a data folder whose %s is removed is the next daemon’s, with one copy of each job',
  async (_, remove) => {
    await applySleeper();
    const first = home.daemonPid();
    remove();
    // The first daemon hears that its child has ended, and may not start it again.
    expect((await home.apply()).changes).toMatchObject([{ job: 'job', state: 'running' }]);
    await gone(first, 'the end of the first daemon');
    expect(left().map(String)).toEqual([String((await home.job('job')).pid)]);
    expect(daemons().length).toBe(1);
  },
);

test('T-135 a removed socket file comes back within seconds, and no second daemon comes meanwhile', async () => {
  const pid = await applySleeper();
  const path = join(home.data, 'socket');
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  const [triggered] = await Promise.all([
    home.overseer(),
    awaited(async () => (daemons().length <= 2 && existsSync(path)) || null, 'the socket file'),
  ]);
  expect([triggered.code, readFileSync(path, 'utf8') === text]).toEqual([0, true]);
  // A daemon that was launched in between ends by itself.
  await awaited(async () => daemons().length === 1 || null, 'one daemon alone');
  expect(await home.job('job')).toMatchObject({ pid, restarts: 0 });
});

test('T-992 a folder in the place of the socket file is named, instead of no daemon alone', async () => {
  await applySleeper();
  const path = join(home.data, 'socket');
  const pid = home.daemonPid();
  renameSync(path, `${path}.kept`);
  mkdirSync(path);
  const { code, stderr } = await home.overseer('status');
  expect([code, stderr]).toEqual([
    3,
    `overseer: no daemon is running that could be found: ${path} is a folder, but no socket file of overseer's\n`,
  ]);
  rmSync(path, { recursive: true });
  renameSync(`${path}.kept`, path);
  expect(home.daemonPid()).toBe(pid);
});
