// `npm run bench`: the cost of overseer, as ratios of medians measured side by side (A B A B …) in one run.
// Milliseconds depend on this machine and moment; only the ratios mean something. With `--check` it counts
// instead, see check.mjs; with `--page` it measures the page of `overseer web`, see page.mjs;
// with `--growth` it measures different numbers of jobs, see growth.mjs.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { check } from './check.mjs';
import { measureGrowth } from './growth.mjs';
import { measurePage } from './page.mjs';
import { Home, overseer } from '../home.mjs';

if (process.argv.includes('--check'))
  process.exit(await check({ isUpdate: process.argv.includes('--update') }));
if (process.argv.includes('--page')) process.exit(await measurePage());
if (process.argv.includes('--growth')) {
  const counts = process.argv[process.argv.indexOf('--growth') + 1]?.split(',').map(Number);
  process.exit(await measureGrowth(counts));
}

const ROUNDS = Number(process.argv[2] ?? 15);
const JOBS = 200;
const home = new Home('bench');
const { env } = home;

/**
 * Wall-clock milliseconds of one whole process; NODE_EXTRA_CA_CERTS is left out, it would slow the yardstick.
 */
function time(args) {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  if (status !== 0 && status !== 3) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begin;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Runs the contenders alternately, so that other load affects all of them alike. */
function compare(title, contenders) {
  const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, args] of Object.entries(contenders)) times[name].push(time(args));
  }
  const [[yard]] = Object.entries(contenders);
  console.log(`\n${title}`);
  for (const name of Object.keys(contenders)) {
    const ratio = median(times[name]) / median(times[yard]);
    console.log(
      `  ${name.padEnd(34)} ${ratio.toFixed(2).padStart(6)} x  (${median(times[name]).toFixed(0)} ms)`,
    );
  }
}

const yardstick = { 'node -e 0': ['-e', '0'] };
try {
  compare('no daemon', {
    ...yardstick,
    'overseer --version': [overseer, '--version'],
    'overseer status': [overseer, 'status'],
  });

  const job = (n) => `[[jobs]]\nname = "job${n}"\njob_command = "sleep 100000"\nstart_seconds = 0\n`;
  home.writeJobs(Array.from({ length: JOBS }, (_, n) => job(n)).join('\n'));
  const first = time([overseer]);
  console.log(
    `\nfirst trigger: ${JOBS} jobs launched in ${first.toFixed(0)} ms, ${(first / JOBS).toFixed(1)} ms a job`,
  );

  compare(`a daemon with ${JOBS} running jobs`, {
    ...yardstick,
    'overseer status': [overseer, 'status'],
    'overseer status job7': [overseer, 'status', 'job7'],
    'overseer (nothing changed)': [overseer],
  });
  const { pid } = JSON.parse(readFileSync(home.socket, 'utf8'));
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  console.log(`\nresident memory of the daemon: ${(Number(rss) / 1024).toFixed(0)} MiB`);
} finally {
  home.dispose();
}
