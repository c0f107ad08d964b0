import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { limitCommands } from '../../os/hard-limits.ts';
import type { LaunchRequest, Program } from '../ports.ts';
import { quoted } from './quoted.ts';

/**
 * The shell that begins programs. dash starts faster than others, and tells a death by SIGTERM from exit code
 * 143. Debian has it as /bin/sh, macOS since 10.15 beside it.
 */
export const SHELL = existsSync('/bin/dash') ? '/bin/dash' : '/bin/sh';

export const isDash = SHELL === '/bin/dash';

/** The environment of our shells. It contains no variable of the job, so that none can act on a shell. */
export const SHELL_ENVIRONMENT = { PATH: '/usr/bin:/bin' } as const;

/** Abilities of this machine's env(1): none, `-S`, or also `--default-signal`. */
export type EnvSkill = 'plain' | 'split' | 'signals';

export interface BecomingOptions {
  readonly program: Program;
  /** Mask of the permission bits that the program's new files lack; null leaves the shell's. */
  readonly umask: number | null;
  /** Soft limit of open files; null leaves the shell's. */
  readonly openFiles: number | null;
  readonly limits?: LaunchRequest['limits'];
  /** The shell's descriptor that becomes the standard input; null leaves that empty. */
  readonly stdin?: number | null;
  readonly skill?: EnvSkill;
  /** Whether dash runs the commands in the foreground: then most programs do without env(1). */
  readonly byDash?: boolean;
}

/** Arguments of the shell: it reads commands from stdin and has the program's command line as parameters. */
export function shellWords({ exe, args }: Program): string[] {
  return ['-s', '--', exe, ...args];
}

/**
 * Whether the program gets the default action for SIGINT and SIGQUIT although its shell runs in the
 * background, where both are ignored.
 */
export function heedsAll(program: Program, skill = envSkill()): boolean {
  return skill === 'signals' && !goesWithoutEnv(program, skill);
}

/**
 * The commands by which the shell becomes the program. They are one compound command: if the daemon dies
 * while writing it, the shell runs nothing. No value is an argument, since everybody can read arguments.
 */
export function becoming({
  program,
  umask,
  openFiles,
  limits = {},
  stdin = null,
  skill = envSkill(),
  byDash = false,
}: BecomingOptions): string {
  const steps = [
    umask === null ? [] : [`umask ${umask.toString(8)}`],
    // A shell that may not set the limit keeps the present one.
    openFiles === null ? [] : [`ulimit -Sn ${openFiles}`],
    limitCommands(limits),
    ['trap - EXIT'],
    commandSteps(program, skill, byDash),
  ].flat();
  const input = stdin === null ? '< /dev/null' : `<&${stdin} ${stdin}<&-`;
  return `exec 2> /dev/null\n{ ${steps.join('\n')} "$@" ${input} 2>&1\n}\n`;
}

/** The commands of the shell before it becomes the program. The caller appends the program to the last. */
function commandSteps(program: Program, skill: EnvSkill, byDash: boolean): string[] {
  const variables = Object.entries(program.env);
  if (goesWithoutEnv(program, skill, byDash))
    return [
      'unset PATH PWD OLDPWD SHLVL _',
      ...variables.map(([name, value]) => `export ${name}=${quoted(value)}`),
      'exec',
    ];
  const carried = variables.map(([, value], index) => `export E${index}=${quoted(value)}`);
  const made = skill === 'plain' ? byValue(variables) : byReference(variables, skill);
  return [...carried, `exec /usr/bin/env ${made}${isOddToEnv(program) ? ' /usr/bin/nice -n 0 --' : ''}`];
}

/**
 * Whether the program can be executed without env(1): because env(1) would fail, or because dash, which is
 * known, hands plain variables on as they are. That saves a third of what it takes to become the program.
 */
function goesWithoutEnv(program: Program, skill: EnvSkill, byDash = false): boolean {
  return (skill === 'plain' || isOddToEnv(program) || byDash) && Object.keys(program.env).every(isPlain);
}

/** Whether env(1) would take the name of the program for a variable or an option. */
function isOddToEnv({ exe }: Program): boolean {
  return exe.includes('=') || exe === '-';
}

/**
 * env(1) builds the environment from names and from values in its own environment. So no variable of the
 * program affects env(1) itself.
 */
function byReference(variables: readonly (readonly [string, string])[], skill: EnvSkill): string {
  const signals = skill === 'signals' ? ['--default-signal=INT,QUIT'] : [];
  const words = variables.map(([name], index) => `'${name.replaceAll(/[\\']/g, '\\$&')}'=\${E${index}}`);
  return `-S ${quoted([...signals, '-i', '--', ...words].join(' '))}`;
}

/**
 * For an env(1) without `-S`, such as that of busybox: its arguments hold the values until it executes the
 * program.
 */
function byValue(variables: readonly (readonly [string, string])[]): string {
  return ['-i', '--', ...variables.map(([name], index) => `${quoted(`${name}=`)}"$E${index}"`)].join(' ');
}

/** Names that some shell treats specially. */
const OF_SHELLS = [
  '_|PWD|OLDPWD|SHLVL|PPID|IFS|OPT\\w*|PS\\d|RANDOM|LINENO|ENV|E\\d+|[EU]?[UG]ID',
  'GROUPS|SECONDS|EPOCH\\w*|BASH\\w*|SHELLOPTS|POSIX\\w*|DIRSTACK|FUNCNAME|HIST\\w*',
  'PIPESTATUS|TMOUT|SRANDOM|KSH\\w*|ZSH\\w*|[a-z_]+|status|USERNAME|HOST|TTYIDLE',
  'ERRNO|LINES|COLUMNS|KEYTIMEOUT|NULLCMD|READNULLCMD|PROMPT\\d?|TRY_\\w*|REPLY',
  'TERM\\w*',
].join('|');
const IS_OF_SHELLS = new RegExp(`^(${OF_SHELLS})$`);

/** Whether every shell exports a variable of this name unchanged. */
function isPlain(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !IS_OF_SHELLS.test(name);
}

let skill: EnvSkill | null = null;

function envSkill(): EnvSkill {
  return (skill ??= skillOf('/usr/bin/env'));
}

/** GNU, FreeBSD and macOS have `-S`, GNU the signals too, and busybox neither. */
export function skillOf(env: string): EnvSkill {
  if (understands(env, '--default-signal=INT,QUIT')) return 'signals';
  return understands(env, '') ? 'split' : 'plain';
}

function understands(env: string, option: string): boolean {
  const { stdout } = spawnSync(env, ['-S', `${option} -i -- 'a.b'=\${E0} /usr/bin/env`], {
    env: { E0: 'c d' },
    encoding: 'utf8',
    timeout: 2_000,
  });
  return stdout === 'a.b=c d\n';
}
