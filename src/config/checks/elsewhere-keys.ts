import { KEYS } from '../schema/keys.ts';

/** What keys of other process managers are here: a key of another name, or a sentence where there is none. */
interface Elsewhere {
  readonly words: readonly string[];
  /** Counts where overseer has it. */
  readonly key?: string;
  readonly says: string;
}

const ELSEWHERE: readonly Elsewhere[] = [
  {
    words: ['autorun', 'disabled'],
    key: 'enabled',
    says: 'a job that is not to start by itself has a `test_command` that says no',
  },
  {
    words: ['ulimit', 'minfds', 'nofile', 'max_open_files'],
    key: 'limits',
    says: 'a job has the limits of the shell that started the daemon',
  },
  {
    words: ['namespaces', 'profile'],
    key: 'tags',
    says: 'a pattern such as `web*` means several jobs',
  },
  {
    words: ['start_order', 'order'],
    says: 'the order of starts follows from `after`, and `nice` is the priority of the process',
  },
  {
    words: ['user', 'uid', 'gid', 'username', 'run_as', 'user_name', 'group_name'],
    says: 'every job runs as the user of its overseer',
  },
  {
    words: [
      'stdout',
      'stderr',
      'stderr_logfile',
      'out_file',
      'error_file',
      'logfile',
      'log_location',
      'standard_out_path',
      'standard_error_path',
      'redirect_stderr',
    ],
    says:
      'what a job prints goes to logs/NAME.log in the data folder, stdout and stderr together; ' +
      '`log` bounds its size',
  },
  {
    words: ['port', 'ports'],
    says: 'a port is a variable in `env`, of each copy with `${OVERSEER_INSTANCE}`',
  },
  {
    words: ['exec_mode', 'cluster'],
    says: '`instances` runs several copies, each with an OVERSEER_INSTANCE of its own',
  },
  {
    words: ['interpreter', 'interpreter_args', 'node_args'],
    says: 'the interpreter is the program in `job_command`, its options are arguments',
  },
  {
    words: ['shell', 'use_shell'],
    says: 'no shell runs a command: write `job_command = { exe = "sh", args = ["-c", "…"] }`',
  },
  {
    words: ['killasgroup', 'stopasgroup', 'kill_mode', 'treekill', 'kill_process_group'],
    says: 'every stop is of the whole process group, and of what left it',
  },
  {
    words: ['shutdown', 'stop_command', 'exec_stop'],
    says: '`stop_signal` and `stop_timeout` say how a job is stopped',
  },
  {
    words: ['availability', 'restart_on'],
    says: '`restart` says whether a job is started again, `backoff` when, `max_restarts` how often',
  },
  { words: ['tty', 'pty', 'is_tty', 'terminal'], says: 'a job has no terminal' },
  {
    words: ['image', 'build', 'volumes', 'networks', 'container_name'],
    says: 'overseer runs programs, not containers',
  },
];

const fold = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '');
const known: ReadonlySet<string> = new Set(KEYS.map(({ name }) => name));

/**
 * What to write in place of a key of another process manager, as the end of a sentence; null for any other
 * word.
 */
export function keyElsewhere(word: string): string | null {
  const found = ELSEWHERE.find(({ words }) => words.some((each) => fold(each) === fold(word)));
  if (found === undefined) return null;
  const { key, says } = found;
  return key !== undefined && known.has(key) ? `: did you mean "${key}"?` : `: ${says}`;
}

/** Every name in the table, for the test that none of them is a key of overseer. */
export const ELSEWHERE_WORDS: readonly string[] = ELSEWHERE.flatMap(({ words }) => words);
