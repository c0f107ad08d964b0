import { readdirSync } from 'node:fs';
import { connect as dial } from 'node:net';
import type { Socket } from 'node:net';
import { OVERSEER, fixture, kill } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';

/** Everything that lives in this home but the daemon. */
const left = (): number[] => home.processes().filter((pid) => pid !== home.daemonPid());

test('T-119 2,000 silent connections keep no real client out, and the daemon holds few of them', async () => {
  home.write('jobs.toml', sleeper('job'));
  await home.apply();
  const { port } = (await home.status()).daemon;
  const sockets: Socket[] = [];
  try {
    for (let round = 0; round < 20; round += 1) {
      for (let count = 0; count < 100; count += 1)
        sockets.push(dial(port, '127.0.0.1').on('error', () => undefined));
      expect((await home.status()).jobs).toMatchObject([{ name: 'job', state: 'running' }]);
    }
    expect(sockets.length).toBe(2000);
    expect(readdirSync(`/proc/${home.daemonPid()}/fd`).length).toBeLessThan(150);
    expect((await home.overseer('status', 'job')).code).toBe(0);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});

test('T-120 a request whose client is killed meanwhile is carried out nevertheless', async () => {
  home.write(
    'jobs.toml',
    shellJob('slow', `exec "${fixture('ignores-term')}"`, 'stop_timeout = 600\nready = { log = "ready" }') +
      sleeper('other'),
  );
  await home.apply();
  const client = home.spawn(OVERSEER, ['restart', '--all']);
  await home.until('slow', ({ state }) => state === 'stopping');
  const { pid } = await home.job('slow');
  client.kill('SIGKILL');
  if (pid !== null) kill(-pid, 'SIGKILL');
  await home.until('slow', ({ state, lastExit }) => state === 'running' && lastExit?.signal === 'SIGKILL');
  expect(await home.job('other')).toMatchObject({ state: 'running', lastExit: { signal: 'SIGTERM' } });
  const stopping = home.overseer('stop', '--all');
  await home.until('slow', ({ state }) => state === 'stopping');
  await home.overseer('signal', 'KILL', 'slow');
  await stopping;
  expect(left()).toEqual([]);
});
