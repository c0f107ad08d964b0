import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { killed, Home, OVERSEER, OVERSEERD } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Waits until a run that no daemon watches has ended and is recorded. */
async function recorded(name: string): Promise<void> {
  const folder = join(home.data, 'exits', name);
  for (;;) {
    const { stdout } = await home.shell(`cat ${folder}/*`);
    if (stdout.endsWith('\n')) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const untilFile = (file: string): string => `until [ -e ${join(home.dir, file)} ]; do /bin/sleep 0.02; done`;

const touch = (file: string): void => writeFileSync(join(home.dir, file), '');

test.each(['always', 'never', 'on-failure'])(
  'variables of loaders and shells reach the program alone, with restart = "%s"',
  async (restart) => {
    const env = `{ LD_PRELOAD = "/nowhere.so", SHELLOPTS = "xtrace", LC_ALL = "xx_YY", OPTIND = "x", "a.b" = "1", "-i" = "2" }`;
    home.write(
      'jobs.toml',
      `[[jobs]]\nname = "job"\nrestart = "${restart}"\nstart_seconds = 0\nbackoff = { min = 600, max = 600 }\nenv = ${env}\njob_command = { exe = "/usr/bin/env", args = ["-0"] }\n`,
    );
    await home.apply();
    await home.until('job', ({ lastExit }) => lastExit !== null);
    // It may have been restarted since.
    const [log = ''] = home.log('job').split('OVERSEER_JOB=job');
    expect(log.split('LD_PRELOAD=')).toHaveLength(2);
    expect(log.split('\0')).toEqual(
      expect.arrayContaining(['SHELLOPTS=xtrace', 'LC_ALL=xx_YY', 'OPTIND=x', 'a.b=1', '-i=2']),
    );
    // One line, which is the loader's, about env itself.
    expect(log.match(/cannot be preloaded/g)).toHaveLength(1);
  },
);

test('an exit while no daemon runs is known whatever the PATH and the name of a job are', async () => {
  const env = 'restart = "on-failure"\nenv = { PATH = "/nowhere" }';
  home.write(
    'jobs.toml',
    shellJob('mig', `${untilFile('second')}; exit 0`, env) +
      shellJob('mig.new', `echo run; ${untilFile('first')}; exit 0`, env),
  );
  await home.apply();
  await home.killDaemon();
  touch('first');
  await recorded('mig.new');
  touch('second');
  await recorded('mig');
  await home.apply();
  expect([await home.job('mig'), await home.job('mig.new')]).toMatchObject([
    { state: 'finished', lastExit: { code: 0 } },
    { state: 'finished', lastExit: { code: 0 } },
  ]);
  expect(home.log('mig.new')).toBe('run\n');
});

test('the record of an earlier run is never believed of a later one', async () => {
  const script = `test -e ${join(home.dir, 'quick')} && exit 0; exec /bin/sleep 1000`;
  touch('quick');
  home.write('jobs.toml', shellJob('job', script, 'restart = "on-failure"'));
  await home.apply();
  await home.until('job', ({ state }) => state === 'finished');
  rmSync(join(home.dir, 'quick'));
  home.write('jobs.toml', shellJob('job', script, 'restart = "always"'));
  await home.apply();
  home.write('jobs.toml', shellJob('job', script, 'restart = "on-failure"'));
  await home.apply();
  const { pid } = await home.job('job');
  await home.killDaemon();
  await killed(pid ?? 0);
  await home.apply();
  expect(await home.job('job')).toMatchObject({ state: 'running', lastExit: { code: null, signal: null } });
});

test.each([
  ['a folder', 'mkdir "$place"'],
  ['a pipe', 'mkfifo "$place"'],
  ['a link to itself', 'ln -s "$place" "$place"'],
])('%s in the place of an exit code is an exit that nobody saw, and the log says so', async (_, put) => {
  home.write(
    'jobs.toml',
    shellJob('once', `${untilFile('end')}; exit 0`, 'restart = "on-failure"') + sleeper('other'),
  );
  await home.apply();
  const { pid } = await home.job('other');
  await home.killDaemon();
  await home.apply();
  const folder = join(home.data, 'exits', 'once');
  const [run = ''] = readdirSync(folder);
  await home.shell(`place=${join(folder, run)}; rm "$place"; ${put}`);
  touch('end');
  await home.until('once', ({ lastExit }) => lastExit !== null);
  expect(await home.job('once')).toMatchObject({ lastExit: { code: null, signal: null } });
  expect(await home.job('other')).toMatchObject({ pid, restarts: 0 });
  expect((await home.shell(`cat ${join(home.data, 'overseerd.log')}`)).stdout).toContain(
    'an exit code cannot be read',
  );
});

test.each([
  ['the daemon', `"${OVERSEER}"`],
  ['overseerd itself, in place of a shell with a higher one', `(exec "${OVERSEERD}" --apply) &`],
])('jobs and tests have the soft limit of open files of the shell that starts %s', async (_, command) => {
  home.write(
    'jobs.toml',
    `${shellJob('job', 'ulimit -Sn; exec /bin/sleep 1000')}test_command = { exe = "/bin/sh", args = ["-c", "ulimit -Sn > ${join(home.dir, 'test')}"] }\n`,
  );
  await home.shell(`(ulimit -Sn 256; ${command}) > /dev/null 2>&1 < /dev/null; true`);
  await home.serving();
  await home.until('job', () => home.log('job') === '256\n');
  expect(await home.shell(`cat ${join(home.dir, 'test')}`)).toMatchObject({ stdout: '256\n' });
});

test('T-1084 checks of ready and alive have the open-file limit of the shell that started the daemon', async () => {
  const prints = (file: string): string =>
    `command = { exe = "/bin/sh", args = ["-c", "ulimit -Sn > ${join(home.dir, file)}"] }`;
  home.write(
    'jobs.toml',
    sleeper('job', `ready = { ${prints('ready')} }\nalive = { ${prints('alive')}, interval = 0.05 }`),
  );
  await home.shell(`(ulimit -Sn 256; "${OVERSEER}") > /dev/null 2>&1 < /dev/null; true`);
  await home.until('job', () => existsSync(join(home.dir, 'alive')));
  for (const file of ['ready', 'alive'])
    expect(await home.shell(`cat ${join(home.dir, file)}`)).toMatchObject({ stdout: '256\n' });
});
