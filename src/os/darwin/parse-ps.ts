import type { Carrier, ProcessInfo } from '../os.ts';
import { vis } from './vis.ts';

/** The columns that `parsePs` reads, as arguments of `ps`. The start comes last: it holds blanks. */
export const PS_COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=';

/** The start is that of strftime's `%c`; a command may follow. */
const LINE =
  /^ *(\d+) +(\d+) +(\d+) +(\S+) +([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})(?: +(.*))?$/;

/**
 * Reads the lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=`; a line that it does not understand is left out.
 */
export function parsePs(text: string): readonly ProcessInfo[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, ppid, pgid, stat, start] = LINE.exec(line) ?? [];
    if (stat === undefined || start === undefined) return [];
    return {
      pid: Number(pid),
      start,
      ppid: Number(ppid),
      pgid: Number(pgid),
      sid: null,
      state: stat.charAt(0),
    };
  });
}

/** The command and the environment of each pid, which `ps` prints after the columns above. */
export function parseCommands(text: string): ReadonlyMap<number, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, pid, , , , , command] = LINE.exec(line) ?? [];
      return command === undefined ? [] : [[Number(pid), command] as const];
    }),
  );
}

/** The carriers among the lines of `ps -E -ww -o pid=,command=`. */
export function parseCarriers(text: string, wanted: string): readonly Carrier[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, command = ''] = /^ *(\d+) (.*)$/.exec(line) ?? [];
    return carriersIn(Number(pid), command, wanted);
  });
}

/**
 * A process, if its command and environment hold `NAME=value` as a word. Best effort: ps separates arguments
 * and environment by blanks alone, so that an argument of the same words looks like the variable, a value
 * with blanks is met by a longer one, and Apple's own programs show no environment at all.
 */
export function carriersIn(pid: number, command: string, wanted: string): readonly Carrier[] {
  const words = ` ${command} `;
  const has = (name: string, value?: string): boolean =>
    words.includes(value === undefined ? ` ${name}=` : ` ${name}=${vis(value)} `);
  const values = words
    .split(' ')
    .flatMap((word) => (word.startsWith(`${wanted}=`) ? [word.slice(wanted.length + 1)] : []));
  return values.length > 0 ? [{ pid, values, has }] : [];
}
