import { spawnSync } from 'node:child_process';
import { limitCommands } from '../../os/hard-limits.ts';
import type { LaunchRequest, Program } from '../ports.ts';
import { quoted } from './quoted.ts';

/** What our shells have for an environment: nothing of a job's, so that no variable of a job can act on them. */
export const SHELL_ENVIRONMENT = { PATH: '/usr/bin:/bin' } as const;

/** What the env(1) of a machine can do: `-S` alone, or give signals their default meaning as well. */
export type EnvSkill = 'plain' | 'split' | 'signals';

export interface BecomingOptions {
  readonly program: Program;
  /** Mask of the permission bits that the program's new files lack; null leaves the shell's. */
  readonly umask: number | null;
  /** Soft limit of open files; null leaves the shell's. */
  readonly openFiles: number | null;
  readonly limits?: LaunchRequest['limits'];
  readonly skill?: EnvSkill;
}

/** What the shell is started with: it reads commands from its stdin, and has the program's command line as its arguments. */
export function shellWords({ exe, args }: Program): string[] {
  return ['-s', '--', exe, ...args];
}

/** Whether the program heeds SIGINT and SIGQUIT even if its shell was begun in the background, where it has to ignore them. */
export function heedsAll(program: Program, skill = envSkill()): boolean {
  return skill === 'signals' && !goesWithoutEnv(program, skill);
}

/**
 * What a shell reads on its stdin to become the program. The whole is one compound command, so a part of it, which is all
 * that the shell reads when the daemon dies meanwhile, runs nothing. No value is ever an argument, since everybody may read those.
 */
export function becoming({
  program,
  umask,
  openFiles,
  limits = {},
  skill = envSkill(),
}: BecomingOptions): string {
  const steps = [
    umask === null ? [] : [`umask ${umask.toString(8).padStart(3, '0')}`],
    // A shell that may not set it goes on with the one it has.
    openFiles === null ? [] : [`ulimit -Sn ${openFiles}`],
    limitCommands(limits),
    ['trap - EXIT'],
    commandSteps(program, skill),
  ].flat();
  return `exec 2> /dev/null\n{ ${steps.join('\n')} "$@" < /dev/null 2>&1\n}\n`;
}

/** The last of these lacks its operands. */
function commandSteps(program: Program, skill: EnvSkill): string[] {
  const variables = Object.entries(program.env);
  if (goesWithoutEnv(program, skill))
    return [
      'unset PATH PWD OLDPWD SHLVL _',
      ...variables.map(([name, value]) => `export ${name}=${quoted(value)}`),
      'exec',
    ];
  const carried = variables.map(([, value], index) => `export E${index}=${quoted(value)}`);
  const made = skill === 'plain' ? byValue(variables) : byReference(variables, skill);
  return [...carried, `exec /usr/bin/env ${made}${isOddToEnv(program) ? ' /usr/bin/nice -n 0 --' : ''}`];
}

/** Where env(1) would not do, and every shell can do without it. */
function goesWithoutEnv(program: Program, skill: EnvSkill): boolean {
  return (skill === 'plain' || isOddToEnv(program)) && Object.keys(program.env).every(isPlain);
}

/** env(1) takes it for a variable, or for an option. */
function isOddToEnv({ exe }: Program): boolean {
  return exe.includes('=') || exe === '-';
}

/** env(1) makes the environment of names and of the values that it finds in its own, so it heeds no variable of the program either. */
function byReference(variables: readonly (readonly [string, string])[], skill: EnvSkill): string {
  const signals = skill === 'signals' ? ['--default-signal=INT,QUIT'] : [];
  const words = variables.map(([name], index) => `'${name.replaceAll(/[\\']/g, '\\$&')}'=\${E${index}}`);
  return `-S ${quoted([...signals, '-i', '--', ...words].join(' '))}`;
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

let skill: EnvSkill | null = null;

/** Asked once. GNU, FreeBSD and macOS have `-S`, GNU the signals too, and busybox neither. */
function envSkill(): EnvSkill {
  skill ??= understands('--default-signal=INT,QUIT') ? 'signals' : understands('') ? 'split' : 'plain';
  return skill;
}

function understands(option: string): boolean {
  const { stdout } = spawnSync('/usr/bin/env', ['-S', `${option} -i -- 'a.b'=\${E0} /usr/bin/env`], {
    env: { E0: 'c d' },
    encoding: 'utf8',
    timeout: 2_000,
  });
  return stdout === 'a.b=c d\n';
}
