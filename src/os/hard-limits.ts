import { spawnSync } from 'node:child_process';

/** The options of ulimit in a shell: dash calls the number of processes `-p`, other shells `-u`. */
const OPTIONS = {
  nofile: 'n',
  nproc: 'u',
  core: 'c',
  stack: 's',
  fsize: 'f',
  cpu: 't',
  memlock: 'l',
  data: 'd',
  as: 'v',
} as const;

type Name = keyof typeof OPTIONS;

const PATIENCE_MS = 5_000;

let known: Readonly<Partial<Record<Name, number>>> | null = null;

/**
 * The hard limits that this process has, and so its jobs, in the units of the shell; those that are unlimited
 * are left out. Asked once.
 */
export function hardLimits(): Readonly<Partial<Record<Name, number>>> {
  known ??= askShell();
  return known;
}

/** Sets soft limits in a shell; a limit that may not be set stays as it is. */
export function limitCommands(limits: Readonly<Partial<Record<Name, number | 'unlimited'>>>): string[] {
  return (Object.keys(OPTIONS) as Name[]).flatMap((name) => {
    const limit = limits[name];
    if (limit === undefined) return [];
    const set = `ulimit -S${OPTIONS[name]} ${limit}`;
    return [name === 'nproc' ? `${set} || ulimit -Sp ${limit}` : set];
  });
}

function askShell(): Readonly<Partial<Record<Name, number>>> {
  const names = Object.keys(OPTIONS) as Name[];
  const script = names.map((name) =>
    name === 'nproc' ? 'echo $(ulimit -Hu || ulimit -Hp)' : `echo $(ulimit -H${OPTIONS[name]})`,
  );
  const { stdout } = spawnSync('/bin/sh', ['-c', `exec 2> /dev/null\n${script.join('\n')}`], {
    encoding: 'utf8',
    env: {},
    timeout: PATIENCE_MS,
  });
  const lines = (stdout ?? '').split('\n');
  return Object.fromEntries(
    names.flatMap((name, at) => (/^\d+$/.test(lines[at] ?? '') ? [[name, Number(lines[at])]] : [])),
  );
}
