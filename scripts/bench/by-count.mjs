// What depends on the number of jobs, of one peer in sessions of its own. What is `keep`t are single samples.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { now } from './births.mjs';
import { cpuOf, isAlive, memoryOf, wakeUpsOf } from './processes.mjs';
import { inSession, limitOf } from './session.mjs';

/** Jobs count as running after a second, in most of the peers. */
const SETTLE_MS = 2_000;
const IDLE_MS = 10_000;
const CROWD = 2_000;

/** A peer may be slow: so many samples, or so long. */
const TIMES = { status: 9, trigger: 5, change: 5, restart: 100 };
const RESTARTS_MS = 4_000;
const SLOW_MS = 500;
/** Between two kills; one that has a clock must be met at any time of it. */
const QUICK_MS = 50;

/**
 * Everything that depends on the number of jobs: loads them into a running daemon, asks, changes, kills and
 * stops them, and then starts a daemon that has them. Tells whether all of it was done.
 */
export async function measureCount({ peer, count, folder, probe, isFirst }, keep) {
  const at = { peer, count, folder, probe };
  const isDone = await inSession(at, keep, async (session) => {
    const jobs = session.jobs();
    peer.write(session, []);
    await session.begin();
    await pause(500);
    if (isFirst) keepMemory(session, keep, 0);
    peer.write(session, jobs);
    // One that looks at its config from time to time must be met at any time.
    if (peer.pollMs) await pause(Math.random() * peer.pollMs);
    await load(session, keep);
    await pause(SETTLE_MS);
    if (isFirst) keepMemory(session, keep, count);
    if (isFirst && count >= 1_000 && !peer.isVariant) await idle(session, keep);
    await askAll(session, keep);
    // No job is killed twice: the second restart would measure its backoff.
    const [some, others] = [jobs.slice(0, TIMES.restart), jobs.slice(-TIMES.restart)];
    if (count >= TIMES.restart)
      await restartAll(session, some, (value) => keep({ row: 'restart', count, value }));
    if (count === 1_000 && peer.readsProcesses)
      await inCrowd(session, () =>
        restartAll(session, others, (value) => keep({ row: 'restart-crowd', count, value })),
      );
    if (count > 1) await changeAll(session, keep);
    await stop(session, keep);
  });
  return isDone && (await inSession(at, keep, (session) => boot(session, keep)));
}

async function load(session, keep) {
  const { peer, births, count } = session;
  const before = cpuOf(session.processes());
  const [command] = await session.time(peer.load(session));
  const at = await births.all(count, limitOf(count));
  // What the daemon still does after the last birth belongs to the load.
  await pause(300);
  const cpu = cpuOf(session.processes()) - before;
  keep({ row: 'load', count, value: at - command.begin, cpu: cpu + command.cpu });
}

async function askAll(session, keep) {
  const { peer, count, births } = session;
  const take = (row, runs) => {
    for (const { ms, cpu } of runs) keep({ row, count, value: ms, cpu });
  };
  take('status', await several(session, peer.status(session), TIMES.status));
  if (!peer.hasNoConfig) assertShown({ peer, count, said: session.said() });
  births.forget();
  if (peer.trigger !== null) take('trigger', await several(session, peer.trigger(session), TIMES.trigger));
  if (births.count > 0) keep({ row: 'restarted by a trigger', count, value: births.count });
  // A command may return before its work is done.
  if (peer.restMs) await pause(peer.restMs);
}

/** The times of a command; a slow one is not repeated as often. */
async function several(session, words, times) {
  const first = await session.time(words);
  const more = first[0].ms > SLOW_MS ? 1 : times - 1;
  return [...first, ...(await session.time(words, more))];
}

/** A command that says nothing would be the fastest. */
function assertShown({ peer, count, said }) {
  const shown = new Set(said.match(peer.shown ?? /job\d{6}/g)).size;
  if (shown !== count) throw new Error(`status shows ${shown} jobs: ${said.slice(0, 300)}`);
}

/** From the start of the command until the changed job runs and the one before is gone. */
async function changeAll(session, keep) {
  const { peer, count, births } = session;
  const jobs = session.jobs();
  for (let time = 1; time <= TIMES.change; time += 1) {
    // Another one each time, which has been up for a while.
    const at = (Math.floor(count / 2) + time) % count;
    const before = session.running().get(jobs[at].birth);
    jobs[at] = session.job(at, time);
    peer.write(session, jobs, 'plain', [jobs[at]]);
    const [command] = await session.time(peer.change(session, jobs[at]));
    if (peer.hasNoConfig) {
      keep({ row: 'change', count, value: command.ms, cpu: command.cpu });
      continue;
    }
    const begun = await births.of(jobs[at].birth, limitOf(count));
    let gone = begun;
    for (; isAlive(before); gone = now()) await pause(1);
    keep({ row: 'change', count, value: gone - command.begin, cpu: command.cpu });
  }
}

/** From `kill -9` until the job's program runs again. */
async function restartAll(session, jobs, keep) {
  const { peer, births } = session;
  const pids = session.running();
  const end = now() + RESTARTS_MS;
  for (const { birth } of jobs) {
    if (now() > end) return;
    await pause(Math.random() * (peer.tickMs ?? QUICK_MS));
    births.forget();
    const killed = now();
    process.kill(pids.get(birth), 'SIGKILL');
    keep((await births.of(birth, limitOf(jobs.length))) - killed);
  }
}

async function inCrowd(session, work) {
  const crowd = spawn(session.probe, ['crowd', String(CROWD)], {
    env: session.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(crowd.stdout, 'data');
  try {
    await pause(1_000);
    await work();
  } finally {
    crowd.kill('SIGKILL');
    await once(crowd, 'close');
  }
}

async function idle(session, keep) {
  const { count, peer } = session;
  await pause(peer.calmMs ?? 0);
  const pids = session.processes();
  const [cpu, wakeUps] = [cpuOf(pids), wakeUpsOf(pids)];
  await pause(IDLE_MS);
  keep({ row: 'idle', count, value: cpuOf(pids) - cpu });
  keep({ row: 'wake-ups', count, value: wakeUpsOf(pids) - wakeUps });
}

async function stop(session, keep) {
  const { peer, births, count } = session;
  const { daemon } = peer.processes(session);
  const before = cpuOf([daemon]);
  const [command] = await session.time(peer.stopAll(session));
  const gone = await births.noneLeft(command.begin, limitOf(count));
  const cpu = cpuOf([daemon]) - before;
  keep({ row: 'stop', count, value: Math.max(gone, command.end) - command.begin, cpu: cpu + command.cpu });
}

async function boot(session, keep) {
  const { peer, births, count } = session;
  const jobs = session.jobs();
  peer.write(session, jobs);
  if (peer.begin) return;
  peer.activate?.(session, jobs);
  if (peer.settleMs) await pause(peer.settleMs);
  const begin = session.launch();
  const at = await births.all(count, limitOf(count));
  keep({ row: 'boot', count, value: at - begin });
}

function keepMemory(session, keep, count) {
  const { daemon, helpers } = session.peer.processes(session);
  const [own, all] = [memoryOf([daemon]), memoryOf([daemon, ...helpers])];
  keep({ row: 'pss', count, value: own.pss });
  keep({ row: 'rss', count, value: own.rss });
  keep({ row: 'pss-all', count, value: all.pss });
  keep({ row: 'processes', count, value: helpers.length + 1 });
}
