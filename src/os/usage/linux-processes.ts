import { readFileSync, readdirSync } from 'node:fs';
import type { ProcessUsage } from './process-usage.ts';

/** Ticks of the processor times in /proc, a hundredth of a second on every Linux that Node runs on. */
const TICK_MS = 10;

/** Every process of this machine, by proc(5). One that ends meanwhile is left out. */
export function linuxProcesses(folder = '/proc', pageBytes = pageSize()): readonly ProcessUsage[] {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(readFileSync(`${folder}/${name}/stat`, 'latin1'), pageBytes)];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        return [];
      }
    });
}

/** The name in brackets may hold blanks and brackets; the fields are counted from its end. */
export function parseStat(text: string, pageBytes: number): ProcessUsage {
  const end = text.lastIndexOf(')');
  // From the third field of proc(5) on.
  const fields = text
    .slice(end + 2)
    .split(' ')
    .map(Number);
  const field = (number: number): number => fields[number - 3] ?? 0;
  return {
    pid: Number.parseInt(text, 10),
    parent: field(4),
    session: field(6),
    cpuMs: (field(14) + field(15)) * TICK_MS,
    memoryBytes: field(24) * pageBytes,
  };
}

/** /proc counts memory in pages, whose size only comparing tells: a power of two. */
function pageSize(): number {
  const pages = Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1]);
  return 2 ** Math.round(Math.log2(process.memoryUsage().rss / pages));
}
