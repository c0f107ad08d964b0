// What /proc tells of the processes of a session.
import { readFileSync, readdirSync } from 'node:fs';
import { statOf } from '../home.mjs';

const read = (pid, name) => readFileSync(`/proc/${pid}/${name}`, 'latin1');

/** Calls `look` with each process; one that ends meanwhile is left out, and so is one without an answer. */
export function eachProcess(look) {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const found = look(Number(name));
      return found === undefined ? [] : [found];
    } catch {
      return [];
    }
  });
}

/** Everything that was started by the session in this folder, and has not ended. */
export const processesOf = (folder) =>
  eachProcess((pid) =>
    pid !== process.pid &&
    isAlive(pid) &&
    (read(pid, 'cmdline').includes(`${folder}/`) || read(pid, 'environ').includes(`BENCH_SESSION=${folder}`))
      ? pid
      : undefined,
  );

/** The pid of each job that reports to this FIFO, by the job's name. */
export function jobsAt(fifo) {
  const start = `job\0${fifo}\0`;
  return new Map(
    eachProcess((pid) => {
      const [, name] = read(pid, 'cmdline').split(start);
      return name === undefined ? undefined : [name.split('\0')[0], pid];
    }),
  );
}

export function isAlive(pid) {
  try {
    return !'ZX'.includes(statOf(pid)[0]);
  } catch {
    return false;
  }
}

export const commandOf = (pid) => read(pid, 'comm').trim();
export const wordsOf = (pid) => read(pid, 'cmdline').split('\0');

/** The descendants of a process with one of these commands. */
export function helpersOf(root, commands) {
  const children = new Map();
  for (const [pid, parent] of eachProcess((pid) => [pid, Number(statOf(pid)[1])]))
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  const below = (pid) => (children.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(root).filter((pid) => isAlive(pid) && commands.includes(commandOf(pid)));
}

/** Memory in MB: PSS divides shared pages among their users, RSS counts them as a whole. */
export function memoryOf(pids) {
  const sum = { pss: 0, rss: 0 };
  for (const pid of pids) {
    const rollup = read(pid, 'smaps_rollup');
    sum.pss += Number(/^Pss:\s+(\d+)/m.exec(rollup)[1]) / 1024;
    sum.rss += Number(/^Rss:\s+(\d+)/m.exec(rollup)[1]) / 1024;
  }
  return sum;
}

/** Milliseconds of processor time that the threads of these processes have used. */
export function cpuOf(pids) {
  return sumOfThreads(pids, (pid, thread) => {
    const [used] = read(pid, `task/${thread}/schedstat`).split(' ');
    return Number(used) / 1e6;
  });
}

/** How often these processes went to sleep by themselves, which is how often something woke them. */
export function wakeUpsOf(pids) {
  return sumOfThreads(pids, (pid, thread) =>
    Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(read(pid, `task/${thread}/status`))[1]),
  );
}

function sumOfThreads(pids, ask) {
  let sum = 0;
  for (const pid of pids) for (const thread of readdirSync(`/proc/${pid}/task`)) sum += ask(pid, thread);
  return sum;
}
