// Measures overseer beside other process managers, in turns within one run: each round has every one of them,
// in another order, so that other work on the machine meets all of them alike.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { kill } from '../home.mjs';
import { measureCount } from './by-count.mjs';
import { measureLog } from './log.mjs';
import { PEERS, floor, least, overseer } from './peers/peers.mjs';
import { processesOf } from './processes.mjs';
import { gathered } from './samples.mjs';
import { buildProbe, newFolder } from './session.mjs';
import { measureTests } from './tests.mjs';

const ROUNDS = 3;
/** This many jobs are measured in all rounds; other numbers once, since they only show the growth. */
const MANY = 1_000;
/** What takes longer for its log is not asked again. */
const SLOW_LOG_MS = 10_000;

/** Measures these peers with each number of jobs; returns the samples, and what they were measured with. */
export async function run({ peers, counts, rounds = ROUNDS, mib, parent }) {
  const [measured, missing] = installed(peers);
  for (const { name } of missing) console.error(`${name} is not installed, and is left out`);
  const begun = new Date();
  const loadBefore = loadavg()[0];
  const folder = newFolder(parent);
  const samples = [];
  const end = () => {
    endAllIn(folder);
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  try {
    const at = { folder, probe: buildProbe(folder) };
    await measureAll({ measured, counts, rounds, mib, at }, (sample) => samples.push(sample));
  } finally {
    endAllIn(folder);
  }
  return {
    date: begun.toISOString(),
    minutes: Math.round((Date.now() - begun.getTime()) / 6_000) / 10,
    commit: commit(),
    cores: availableParallelism(),
    kernel: release().replace(/-.*/, ''),
    node: process.version,
    load: [loadBefore, loadavg()[0]],
    rounds,
    mib,
    peers: measured.map(({ name, notes, most, found }) => ({
      name,
      version: found,
      notes,
      most: Number.isFinite(most) ? most : null,
    })),
    missing: missing.map(({ name }) => name),
    rows: gathered(samples),
  };
}

function endAllIn(folder) {
  for (const pid of processesOf(folder)) kill(pid);
  rmSync(folder, { recursive: true, force: true });
}

/** Which of the wanted peers are there, and which are not. */
function installed(wanted) {
  const asked = PEERS.filter(({ name }) => wanted === 'all' || wanted.includes(name)).map((peer) => ({
    ...peer,
    found: peer.version(),
  }));
  return [asked.filter(({ found }) => found !== null), asked.filter(({ found }) => found === null)];
}

async function measureAll({ measured, counts, rounds, mib, at }, keep) {
  const keepOf = (peer) => (sample) => keep({ peer: peer.name, ...sample });
  const inTurns = async (title, times, work) => {
    for (let round = 0; round < times; round += 1) {
      for (const peer of turned(measured, round)) {
        const begun = performance.now();
        await work(peer, round);
        const seconds = (performance.now() - begun) / 1_000;
        console.error(`${title}, round ${round + 1} of ${times}: ${peer.name}, ${seconds.toFixed(0)} s`);
      }
    }
  };
  // What was too slow for some jobs is too slow for more of them.
  const failed = new Set();
  for (const count of counts) {
    await inTurns(`${count} jobs`, count === MANY ? rounds : 1, async (peer, round) => {
      if (count > peer.most || count < (peer.least ?? 0) || failed.has(peer)) return;
      const isDone = await measureCount({ peer, count, ...at, isFirst: round === 0 }, keepOf(peer));
      if (!isDone) failed.add(peer);
    });
  }
  const slow = new Set();
  await inTurns(`${mib} MiB of log`, rounds, async (peer) => {
    const begun = performance.now();
    if (!slow.has(peer)) await measureLog({ peer, mib, ...at }, keepOf(peer));
    if (performance.now() - begun > SLOW_LOG_MS) slow.add(peer);
  });
  const count = Math.min(MANY, Math.max(...counts));
  for (let round = 0; round < rounds; round += 1) {
    for (const peer of turned([overseer, floor, least], round))
      await measureTests({ peer, count, ...at }, keepOf(peer));
  }
}

/** Another one is the first each time. */
const turned = (list, round) => [...list.slice(round % list.length), ...list.slice(0, round % list.length)];

function commit() {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
