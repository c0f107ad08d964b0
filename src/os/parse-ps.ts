import type { Carrier, ProcessInfo } from './os.ts';

/** The columns that `parsePs` reads, as arguments of `ps`. The start comes last: it holds blanks. */
export const PS_COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=';

const LINE = /^ *(\d+) +(\d+) +(\d+) +(\S+) +(\S.*?) *$/;

/** Reads the lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=`; a line that it does not understand is left out. */
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

/**
 * The pids of `ps -E -ww -o pid=,command=` whose line holds `NAME=value` as a word. Best effort: ps separates arguments
 * and environment by blanks alone, so that an argument of the same words looks like the variable, a value with blanks
 * is met by a longer one, and Apple's own programs show no environment at all.
 */
export function parseCarriers(text: string, wanted: string): readonly Carrier[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, command = ''] = /^ *(\d+) (.*)$/.exec(line) ?? [];
    const words = ` ${command} `;
    const has = (name: string, value?: string): boolean =>
      words.includes(value === undefined ? ` ${name}=` : ` ${name}=${value} `);
    const values = words
      .split(' ')
      .flatMap((word) => (word.startsWith(`${wanted}=`) ? [word.slice(wanted.length + 1)] : []));
    return values.length > 0 ? [{ pid: Number(pid), values, has }] : [];
  });
}
