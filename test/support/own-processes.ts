import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Os } from '../../src/os/os.ts';
import { signalGroup } from '../../src/os/signal.ts';

const started: ChildProcess[] = [];

export let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-os-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) await end(child);
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Starts a program as the leader of its own group. */
export function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): { child: ChildProcess; pid: number } {
  const child = spawn(command, args, { detached: true, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  if (child.pid === undefined) throw new Error(`cannot start ${command}`);
  return { child, pid: child.pid };
}

/** The whole group, for a child may have children. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child.pid, 'SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await ended;
}

/** The pids of those that carry a variable of exactly this value. */
export const carrying = (os: Os, name: string, value: string): number[] =>
  os
    .processesWithEnv(name)
    .filter((carrier) => carrier.has(name, value))
    .map(({ pid }) => pid);
