// `npm run test:burst -- [--jobs 1000]`: how late the daemon's timers are while very many jobs start, end, restart and stop at once.
// Fails when one is later than 100 ms while all jobs end in the same moment, or when one of them does not come back.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { timerProbe } from './timer-probe.mjs';

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '1000' } } });
const jobs = Number(values.jobs);
const LIMIT_MS = 100;

const overseer = fileURLToPath(new URL('../bin/overseer', import.meta.url));
const overseerd = fileURLToPath(new URL('../bin/overseerd', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'overseer-burst-'));
const config = join(home, 'config', 'overseer');
const data = join(home, 'data', 'overseer');
const env = { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data') };
mkdirSync(config, { recursive: true });
const probe = timerProbe(home, overseerd);

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [overseer, ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.on('close', () => resolve(text));
  });
}

const statuses = async () => JSON.parse(await run('status')).jobs;

async function phase(name, act) {
  const from = Date.now();
  await act();
  const to = Date.now();
  // The last word of the probe comes a little later.
  await pause(250);
  const worst = probe.worst(from, to);
  console.log(`${name.padEnd(34)} ${((to - from) / 1000).toFixed(1).padStart(5)} s   worst timer ${worst.toFixed(0).padStart(4)} ms late`);
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
  writeFileSync(join(config, 'jobs.toml'), Array.from({ length: jobs }, job).join('\n'));
  spawn(process.execPath, [overseerd], { env: { ...env, NODE_OPTIONS: probe.options }, stdio: 'ignore' });
  while (!existsSync(join(data, 'socket'))) await pause(20);
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
  spawnSync(process.execPath, [overseer, 'die'], { env, stdio: 'ignore' });
  rmSync(home, { recursive: true, force: true });
}
