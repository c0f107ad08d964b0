import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';

/** More than what a test opens by itself, such as files that it loads late. */
const ROOM = 40;

/** Does some work while this process can open only a few more files. Linux only. */
export async function withDescriptorsLeft<T>(left: number, work: () => Promise<T>): Promise<T> {
  const before = limit();
  const most = Math.max(...readdirSync('/proc/self/fd').map(Number)) + ROOM;
  setLimit(String(most));
  const fillers: number[] = [];
  try {
    fill(fillers);
    for (let count = 0; count < left; count += 1) closeSync(fillers.pop() ?? -1);
    return await work();
  } finally {
    for (const fd of fillers) closeSync(fd);
    setLimit(before);
  }
}

function fill(fillers: number[]): void {
  try {
    for (;;) fillers.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error;
  }
}

function limit(): string {
  return prlimit('--nofile', '--output=SOFT', '--noheadings', '--raw').trim();
}

/** The soft limit alone. */
function setLimit(soft: string): void {
  prlimit(`--nofile=${soft}:`);
}

function prlimit(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('prlimit', ['--pid', String(process.pid), ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
  return stdout;
}
