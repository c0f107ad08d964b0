// `npm run test:burst -- [--jobs 1000]`: how late the daemon's timers are while very many jobs start, end,
// restart and stop at once. Fails when a timer is later than 100 ms while all jobs end at the same moment, or
// when a job does not come back.
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Home, overseerd } from './home.mjs';
import { timerProbe } from './timer-probe.mjs';

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '1000' } } });
const jobs = Number(values.jobs);
const LIMIT_MS = 100;

const home = new Home('burst');
const probe = timerProbe(home.dir, overseerd);
const run = (...args) => home.run([...args, '--json']);
const statuses = async () => JSON.parse((await run('status')).stdout).jobs;

async function phase(name, act) {
  const from = Date.now();
  await act();
  const to = Date.now();
  // The last word of the probe comes a little later.
  await pause(250);
  const worst = probe.worst(from, to);
  console.log(
    `${name.padEnd(34)} ${((to - from) / 1000).toFixed(1).padStart(5)} s   worst timer ` +
      `${worst.toFixed(0).padStart(4)} ms late`,
  );
  return worst;
}

async function endAll() {
  for (const { pid } of await statuses()) process.kill(pid, 'SIGKILL');
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(300))
    if ((await statuses()).every(({ state, restarts }) => state === 'running' && restarts === 1)) return;
  throw new Error('not every job came back once');
}

try {
  console.log(`${jobs} jobs, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`);
  const job = (_, n) => `[[jobs]]\nname = "job${n}"\nstart_seconds = 0.2\njob_command = "sleep 100000"\n`;
  home.writeJobs(Array.from({ length: jobs }, job).join('\n'));
  await home.serve({ NODE_OPTIONS: probe.options });
  await phase('a trigger that starts them all', () => run('apply'));
  await phase('nothing happens', () => pause(3_000));
  await phase('a trigger that changes nothing', () => run('apply'));
  const worst = await phase('all end at once and come back', endAll);
  await phase('restart --all', () => run('restart', '--all'));
  await phase('stop --all', () => run('stop', '--all'));
  await phase('start --all', () => run('start', '--all'));
  await phase('die', () => run('die'));
  process.exitCode = worst > LIMIT_MS ? 1 : 0;
} finally {
  home.dispose();
}
