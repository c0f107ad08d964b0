import { spawnSync } from 'node:child_process';
import type { Program } from '../ports.ts';
import { quoted } from './quoted.ts';

/** What our shells have for an environment: nothing of a job's, so that no variable of a job can act on them. */
export const SHELL_ENVIRONMENT = { PATH: '/usr/bin:/bin' } as const;

export interface BecomingOptions {
  readonly program: Program;
  /** Mask of the permission bits that the program's new files lack; null leaves the shell's. */
  readonly umask: number | null;
  /** Soft limit of open files; null leaves the shell's. */
  readonly openFiles: number | null;
  /** Whether env(1) understands `-S`. */
  readonly hasSplit?: boolean;
}

/** What the shell is started with: it reads commands from its stdin, and has the program's command line as its arguments. */
export function shellWords({ exe, args }: Program): string[] {
  return ['-s', '--', exe, ...args];
}

/**
 * What a shell reads on its stdin to become the program. The whole is one compound command, so a part of it, which is all
 * that the shell reads when the daemon dies meanwhile, runs nothing. No value is ever an argument, since everybody may read those.
 */
export function becoming(options: BecomingOptions): string {
  const { program, umask, openFiles, hasSplit = envHasSplit() } = options;
  const steps = [
    umask === null ? [] : [`umask ${umask.toString(8).padStart(3, '0')}`],
    // One that may not lower or raise it goes on with the one it has.
    openFiles === null ? [] : [`ulimit -Sn ${openFiles}`],
    ['trap - EXIT'],
    commandSteps(program, hasSplit),
  ].flat();
  return `exec 2> /dev/null\n{ ${steps.join('\n')} "$@" < /dev/null 2>&1\n}\n`;
}

/** The last of these lacks its operands. */
function commandSteps({ exe, env }: Program, hasSplit: boolean): string[] {
  const variables = Object.entries(env);
  // env(1) takes it for a variable, or for an option.
  const isOddToEnv = exe.includes('=') || exe === '-';
  if ((isOddToEnv || !hasSplit) && variables.every(([name]) => isPlain(name)))
    return [
      'unset PATH PWD OLDPWD SHLVL _',
      ...variables.map(([name, value]) => `export ${name}=${quoted(value)}`),
      'exec',
    ];
  const carried = variables.map(([, value], index) => `export E${index}=${quoted(value)}`);
  const last = isOddToEnv ? ' /usr/bin/nice -n 0 --' : '';
  return [...carried, `exec /usr/bin/env ${hasSplit ? byReference(variables) : byValue(variables)}${last}`];
}

/** env(1) makes the environment of names and of the values that it finds in its own, so it heeds no variable of the program either. */
function byReference(variables: readonly (readonly [string, string])[]): string {
  const words = variables.map(([name], index) => `'${name.replaceAll(/[\\']/g, '\\$&')}'=\${E${index}}`);
  return `-S ${quoted(['-i', '--', ...words].join(' '))}`;
}

/** For an env(1) without `-S`, as busybox has it: until it has become the program, the values are among its arguments. */
function byValue(variables: readonly (readonly [string, string])[]): string {
  return ['-i', '--', ...variables.map(([name], index) => `${quoted(`${name}=`)}"$E${index}"`)].join(' ');
}

/** Names to which some shell gives a meaning or a value of its own. */
const OF_SHELLS =
  /^(_|PWD|OLDPWD|SHLVL|PPID|IFS|OPT\w*|PS\d|RANDOM|LINENO|ENV|E\d+|[EU]?[UG]ID|GROUPS|SECONDS|EPOCH\w*|BASH\w*|SHELLOPTS|POSIX\w*|DIRSTACK|FUNCNAME|HIST\w*|PIPESTATUS|TMOUT|SRANDOM|KSH\w*|ZSH\w*|[a-z_]+|status|USERNAME|HOST|TTYIDLE|ERRNO|LINES|COLUMNS|KEYTIMEOUT|NULLCMD|READNULLCMD|PROMPT\d?|TRY_\w*|REPLY|TERM\w*)$/;

/** Whether every shell exports a variable of this name as it is given. */
function isPlain(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !OF_SHELLS.test(name);
}

let split: boolean | null = null;

/** Whether the env(1) of this machine makes variables of references, as those of GNU, FreeBSD and macOS do. Asked once. */
function envHasSplit(): boolean {
  split ??=
    spawnSync('/usr/bin/env', ['-S', "-i -- 'a.b'=${E0} /usr/bin/env"], {
      env: { E0: 'c d' },
      encoding: 'utf8',
      timeout: 2_000,
    }).stdout === 'a.b=c d\n';
  return split;
}
