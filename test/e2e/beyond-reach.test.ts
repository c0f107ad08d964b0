import { spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { join } from 'node:path';
import type { Reply, Status } from '../../src/wire/messages.ts';
import { connect } from '../../src/wire/client.ts';
import { parseSocketFile } from '../../src/wire/socket-file.ts';
import type { Ran } from './support/home.ts';
import { OVERSEER, OVERSEERD, awaited, ended, kill, within } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { FreezableDisk, whyNoDisk } from './support/small-disk.ts';
import { home } from './support/fresh-home.ts';
import { left, stateOf, daemonLog } from './support/host-state.ts';

const isRoot = process.getuid?.() === 0;

const noIce = whyNoDisk((path) => new FreezableDisk(path));

if (noIce !== null) console.log(`the test of a process that cannot be killed is skipped: ${noIce}`);

if (!isRoot) console.log('the tests with a second user are skipped: only root can be one');

(noIce === null ? test : test.skip)(
  'T-126 a job that not even SIGKILL ends is waited for, with no second copy beside it',
  async () => {
    const disk = new FreezableDisk(home.path('ice'));
    try {
      const script = `until test -e "${home.path('go')}"; do sleep 0.02; done; echo x > "${disk.path}/file"; exec sleep 1000`;
      home.write('jobs.toml', shellJob('job', script, 'stop_timeout = 0.2') + sleeper('other'));
      const pid = (await home.apply()).changes[0]?.pid ?? 0;
      disk.freeze();
      writeFileSync(home.path('go'), '');
      await awaited(async () => stateOf(pid) === 'D' || null, 'a process that waits for the disk');
      const stop = home.overseer('stop', 'job');
      await awaited(async () => /killed: it did not stop/.test(daemonLog()) || null, 'its SIGKILL');
      const start = home.overseer('start', 'job');
      expect((await home.overseer('restart', 'other')).code).toBe(0);
      expect(await home.job('job')).toMatchObject({ state: 'stopping', pid });
      expect(left().length).toBe(2);
      disk.thaw();
      await Promise.all([stop, start]);
      expect(await home.until('job', ({ state }) => state === 'running')).toMatchObject({
        lastExit: { signal: expect.stringMatching(/^SIG(TERM|KILL)$/) },
      });
      expect(left().length).toBe(2);
    } finally {
      disk.remove();
    }
  },
);

(isRoot ? test : test.skip)(
  'T-127 a job that has become another user and cannot be signalled is waited for',
  async () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    const becomes = home.path('becomes');
    copyFileSync('/usr/bin/setpriv', becomes);
    chmodSync(becomes, 0o4755);
    const command = `{ exe = "${becomes}", args = ["--reuid=1", "--keep-groups", "/bin/sleep", "1000"] }`;
    home.write(
      'jobs.toml',
      `[[jobs]]\nname = "job"\nstart_seconds = 0.3\nstop_timeout = 0.2\njob_command = ${command}\n${sleeper('other')}`,
    );
    for (const folder of [home.dir, join(home.dir, 'config'), home.config])
      chownSync(folder, nobody.uid, nobody.gid);
    const run = (...args: readonly string[]): Promise<Ran> =>
      ended(spawn(process.execPath, [OVERSEER, ...args], { env: home.env, cwd: home.dir, ...nobody }));
    await run();
    const pid = (await home.job('job')).pid ?? 0;
    await awaited(
      async () => /^Uid:\s1\s/m.test(readFileSync(`/proc/${pid}/status`, 'latin1')) || null,
      'another user',
    );
    const stop = run('stop', 'job');
    await awaited(async () => /killed: it did not stop/.test(daemonLog()) || null, 'its SIGKILL');
    expect((await run('restart', 'other')).code).toBe(0);
    expect([stateOf(pid), (await home.job('job')).state]).toEqual(['S', 'stopping']);
    kill(pid, 'SIGKILL');
    expect((await stop).code).toBe(0);
  },
);

test('T-128 with few descriptors left a known client is answered, and a job comes back later', async () => {
  home.write('jobs.toml', sleeper('job', 'backoff = { min = 0.1, max = 0.2 }'));
  // Without the trace, which would need a descriptor for each step.
  const env = Object.fromEntries(Object.entries(home.env).filter(([name]) => name !== 'OVERSEER_TRACE'));
  const daemon = spawn('/bin/sh', ['-c', 'ulimit -n 40; exec "$0" "$1"', process.execPath, OVERSEERD], {
    env,
    stdio: 'ignore',
  });
  await home.serving();
  const { changes } = await home.apply();
  const file = parseSocketFile(readFileSync(join(home.data, 'socket'), 'utf8'));
  if (file === null) throw new Error('no socket file');
  const client = await connect(file);
  const strangers = Array.from({ length: 60 }, () =>
    dial(file.port, '127.0.0.1').on('error', () => undefined),
  );
  try {
    await awaited(
      async () => /EMFILE/.test(daemonLog()) || readdirSync(`/proc/${daemon.pid}/fd`).length >= 39 || null,
      'no descriptor left',
    );
    kill(changes[0]?.pid ?? 0, 'SIGKILL');
    const status = (): Promise<Status> =>
      within(
        new Promise<Reply>((resolve, reject) =>
          client.request({ name: 'status', jobs: [] }, resolve, reject),
        ),
        'an answer',
      ).then((reply) => (reply as { answer: Status }).answer);
    await awaited(
      async () => (await status()).jobs[0]?.pid !== changes[0]?.pid || null,
      'the end of the job',
    );
    for (const stranger of strangers) stranger.destroy();
    await awaited(async () => (await status()).jobs[0]?.state === 'running' || null, 'the job again');
    expect(await home.job('job')).toMatchObject({ state: 'running', restarts: 1 });
  } finally {
    client.close();
    for (const stranger of strangers) stranger.destroy();
  }
  expect((await home.overseer('die')).code).toBe(0);
});
