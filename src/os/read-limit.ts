import { readFileSync } from 'node:fs';

/** The soft limit of a process by its name in /proc: null where there is none, or none that can be read. */
export function readLimit(pid: number | 'self', name: string): number | null {
  try {
    const line = readFileSync(`/proc/${pid}/limits`, 'latin1')
      .split('\n')
      .find((text) => text.startsWith(`${name} `));
    const [soft = ''] = line?.slice(name.length).trim().split(/\s+/) ?? [];
    return /^\d+$/.test(soft) ? Number(soft) : null;
  } catch {
    // No /proc, as on macOS, or a process of somebody else.
    return null;
  }
}
