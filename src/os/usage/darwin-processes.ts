import { execFile } from 'node:child_process';
import type { ProcessUsage } from './process-usage.ts';

const COLUMNS = 'pid=,ppid=,pgid=,rss=,time=';
const ANSWER_BYTES = 16 * 1024 * 1024;

/** Every process of this machine, by one ps. */
export function darwinProcesses(): Promise<readonly ProcessUsage[]> {
  return new Promise((resolve, reject) => {
    const options = { env: { LC_ALL: 'C' }, maxBuffer: ANSWER_BYTES };
    execFile('/bin/ps', ['-A', '-o', COLUMNS], options, (error, stdout) =>
      error === null ? resolve(parsePs(stdout)) : reject(error),
    );
  });
}

/** Resident memory is in KiB, processor time `12:34.56` or `1:02:03.45`. */
export function parsePs(text: string): readonly ProcessUsage[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, kib, time] = line.trim().split(/\s+/);
    if (time === undefined) return [];
    const seconds = time.split(':').reduce((total, part) => total * 60 + Number(part), 0);
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        session: Number(group),
        memoryBytes: Number(kib) * 1024,
        cpuMs: Math.round(seconds * 1000),
      },
    ];
  });
}
