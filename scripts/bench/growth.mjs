// `npm run bench -- --growth [10,100,1000]`: how the processor time of each command grows with the number of
// jobs. Other work on the machine changes processor time less than it changes the time that passes; `node -e
// 0` and a bare loop of the same spawns are measured in the same run. Needs Linux.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Home, overseer } from '../home.mjs';

const COUNTS = [10, 100, 1_000];
const TIMES = 10;
const TICK_MS = 10;

/** Measures one count of jobs after the other, and prints a row for each; returns the exit code. */
export async function measureGrowth(counts = COUNTS) {
  const node = clientTime(['-e', '0'], { PATH: process.env.PATH });
  console.log(`node -e 0: ${node.toFixed(0)} ms of processor time\n`);
  console.log(
    'Processor time in ms. Start and stop: of the daemon for each job. Others: of daemon and command.',
  );
  console.log(rowOf(['jobs', 'bare loop', 'start', 'stop', 'trigger', 'change one', 'status', 'PSS MB']));
  for (const count of counts) {
    const row = await measure(count);
    console.log(rowOf([count, ...row.map((value) => value.toFixed(2))]));
  }
  return 0;
}

const rowOf = (cells) => cells.map((cell) => String(cell).padStart(11)).join('');

async function measure(count) {
  const home = new Home('growth');
  const write = (seconds) =>
    home.writeJobs(
      Array.from({ length: count }, (_, index) => jobText(index, index === 0 ? seconds : 0)).join('\n'),
    );
  write(0);
  const daemon = await home.serve();
  const during = (args, times, prepare = () => undefined) => {
    const before = threadTime(daemon.pid);
    const client = clientTime([overseer, ...args], home.env, times, prepare);
    return { client, daemon: (threadTime(daemon.pid) - before) / times };
  };
  const both = (...asked) => Object.values(during(...asked)).reduce((sum, each) => sum + each);
  try {
    const start = during([], 1).daemon / count;
    const trigger = both([], TIMES);
    const change = both([], TIMES, (time) => write(0.001 * (time + 1)));
    const status = both(['status'], TIMES);
    const pss =
      Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${daemon.pid}/smaps_rollup`, 'utf8'))[1]) / 1024;
    const stop = during(['stop', '--all'], 1).daemon / count;
    return [await bareLoop(count, home.dir), start, stop, trigger, change, status, pss];
  } finally {
    home.die();
    daemon.kill('SIGKILL');
    home.remove();
  }
}

/** A changed `start_seconds` is applied in place. */
const jobText = (index, seconds) =>
  `[[jobs]]\nname = "job${index}"\njob_command = "sleep 100000"\nstart_seconds = ${seconds}\n`;

/** Processor time of a command, from what this process has waited for; the kernel rounds the sum only. */
function clientTime(args, env, times = TIMES, prepare = () => undefined) {
  const before = childrenTime();
  for (let time = 0; time < times; time += 1) {
    prepare(time);
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  }
  return (childrenTime() - before) / times;
}

function childrenTime() {
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** Of all threads that a process has now. */
function threadTime(pid) {
  const folder = `/proc/${pid}/task`;
  const times = readdirSync(folder).map((thread) =>
    readFileSync(join(folder, thread, 'schedstat'), 'latin1'),
  );
  return times.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
}

/** What a start costs at the very least: a shell at a gate for each job, in a session of its own. */
async function bareLoop(count, folder) {
  const loop = spawn(process.execPath, [join(import.meta.dirname, 'bare-loop.mjs'), String(count), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  loop.stdout.on('data', (chunk) => (text += chunk));
  await once(loop, 'close');
  return Number(text) / count;
}
