// How fast a log is written, and what that costs the daemon.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { TooSlow, now } from './births.mjs';
import { cpuOf } from './processes.mjs';
import { inSession, limitOf } from './session.mjs';

const LINE = 100;

/** From the first write of a job until all bytes are in the log. */
export async function measureLog({ peer, mib, folder, probe }, keep) {
  if (peer.noLog) return;
  await inSession({ peer, count: 1, folder, probe }, keep, async (session) => {
    const lines = Math.floor((mib * 2 ** 20) / LINE);
    const done = session.path('written');
    const job = { ...session.job(0), words: [probe, 'write', String(lines), done] };
    const bytes = lines * LINE;
    if (peer.hasNoConfig)
      keep({ row: 'log', count: 1, value: await redirected(session, job, { bytes, done }) });
    else await logged(session, job, { bytes, done }, keep);
  });
}

function redirected(session, { words }, written) {
  const log = session.path('log');
  spawn('/bin/sh', ['-c', `exec "$@" >> ${log}`, 'sh', ...words], { env: session.env, stdio: 'ignore' });
  return timeOf(() => [log], written);
}

async function logged(session, job, written, keep) {
  const { peer } = session;
  peer.write(session, []);
  await session.begin();
  await pause(500);
  peer.write(session, [job], 'log');
  const before = cpuOf(session.processes());
  // The command may wait until the job counts as running.
  const command = session.time(peer.load(session));
  keep({ row: 'log', count: 1, value: await timeOf(() => peer.logs(session, job), written) });
  await command;
  keep({ row: 'log-cpu', count: 1, value: cpuOf(session.processes()) - before });
}

async function timeOf(files, { bytes, done }) {
  const end = await whole(files, bytes);
  while (!existsSync(done)) await pause(1);
  const [begun, written] = readFileSync(done, 'utf8').split(' ');
  return Math.max(end, Number(written) / 1e6) - Number(begun) / 1e6;
}

async function whole(files, bytes) {
  for (const end = now() + limitOf(1); now() < end; await pause(2)) {
    const size = sizeOf(files);
    if (size >= bytes) return now();
  }
  throw new TooSlow(
    `${bytes - sizeOf(files)} of ${bytes} bytes are not in the log after ${limitOf(1) / 1000} s`,
  );
}

function sizeOf(files) {
  try {
    return files().reduce((sum, file) => sum + statSync(file).size, 0);
  } catch {
    // A log may not be there yet, or be renamed meanwhile.
    return 0;
  }
}
