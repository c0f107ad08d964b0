import {
  anyText,
  count,
  defaultsOf,
  listOf,
  oneOf,
  seconds,
  someSeconds,
  text,
  yesOrNo,
  type Fragment,
} from './fragment.ts';
import {
  ALIVE,
  BACKOFF,
  COMMAND,
  DEPENDENCY,
  ENV,
  ENV_FILE,
  LIMITS,
  LOG,
  NICE,
  ON,
  READY,
  SIZE,
  SUCCESS_CODES,
  TAGS,
  WATCH,
} from './key-schemas.ts';

/** The most jobs and instances in all files together. */
export const MAX_JOBS = 10_000;

const MAX_RESTARTS = 1_000_000;
const NAME_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,63}$';

/**
 * One key of a `[[jobs]]` table. The schema, the documentation and the effect of a change come from this
 * list.
 */
export interface Key {
  readonly name: string;
  readonly schema: Fragment;
  /** As written in a file; null where leaving the key out means "none". */
  readonly default: unknown;
  readonly doc: string;
  readonly required: boolean;
  /** The child process itself sees it, so that a change restarts a running job. */
  readonly restarts: boolean;
  readonly inDefaults: boolean;
  /** Names of the same setting in other process managers. */
  readonly alias: readonly string[];
}

const OPTIONAL = {
  required: false,
  restarts: false,
  inDefaults: true,
  default: null,
  alias: [] as readonly string[],
};

export const KEYS = [
  {
    ...OPTIONAL,
    name: 'name',
    schema: {
      type: 'string',
      pattern: NAME_PATTERN,
      description: '1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _',
    },
    doc: 'Names the job in every command, and its log file. A job with a new name is a new job.',
    required: true,
    inDefaults: false,
    alias: ['id', 'title', 'label', 'job_name'],
  },
  {
    ...OPTIONAL,
    name: 'job_command',
    schema: COMMAND,
    doc: 'What to run, without a shell.',
    required: true,
    restarts: true,
    inDefaults: false,
    alias: [
      'command',
      'cmd',
      'exec',
      'run',
      'script',
      'start',
      'exec_start',
      'program',
      'exe',
      'args',
      'program_arguments',
    ],
  },
  {
    ...OPTIONAL,
    name: 'test_command',
    schema: COMMAND,
    doc: 'Says whether the job should run: exit 0 yes, 1 to 254 no, anything else unknown.',
    inDefaults: false,
    alias: ['test', 'check', 'condition'],
  },
  {
    ...OPTIONAL,
    name: 'cwd',
    schema: text('an absolute path, or one that begins with ~ or $HOME'),
    default: '~',
    doc: 'Working directory of the job and of its test.',
    restarts: true,
    alias: ['directory', 'dir', 'working_directory', 'workdir', 'working_dir', 'chdir'],
  },
  {
    ...OPTIONAL,
    name: 'env',
    schema: ENV,
    default: {},
    doc:
      'Added to the base environment; `${NAME}` refers to it, to `env_file`, to `OVERSEER_JOB` and ' +
      '`OVERSEER_INSTANCE`.',
    restarts: true,
    alias: ['environment', 'environment_variables', 'envs', 'vars'],
  },
  {
    ...OPTIONAL,
    name: 'env_file',
    schema: ENV_FILE,
    doc:
      'Files of NAME=value lines, put into the environment before `env`; relative to `cwd`. A later ' +
      'file wins.',
    restarts: true,
    alias: ['environment_file', 'dotenv', 'env_files', 'env_from'],
  },
  {
    ...OPTIONAL,
    name: 'umask',
    schema: {
      type: 'string',
      pattern: '^0?[0-7]{1,3}$',
      description: 'a string of octal digits such as "022"',
    },
    doc: 'File mode creation mask of the job; by default inherited.',
    restarts: true,
  },
  {
    ...OPTIONAL,
    name: 'restart',
    schema: oneOf('always', 'on-failure', 'never'),
    default: 'always',
    doc: 'What to do when the job ends by itself.',
    alias: ['autorestart', 'auto_restart', 'keep_alive', 'restart_policy', 'respawn'],
  },
  {
    ...OPTIONAL,
    name: 'start_seconds',
    schema: seconds(),
    default: 1,
    doc:
      'A job without `ready` that lives this long counts as running; one that ends sooner has ' +
      'failed to start.',
    alias: ['startsecs', 'start_secs', 'min_uptime', 'start_timeout'],
  },
  {
    ...OPTIONAL,
    name: 'backoff',
    schema: BACKOFF,
    default: defaultsOf(BACKOFF),
    doc:
      'Delay before a restart after a failed start: from `min`, times `factor` each time, up to ' +
      '`max` seconds.',
    alias: ['restart_delay', 'restart_sec', 'backoff_seconds'],
  },
  {
    ...OPTIONAL,
    name: 'max_restarts',
    schema: count(MAX_RESTARTS),
    default: 0,
    doc:
      'After this many consecutive failures the job is `failed`; 0 never gives up. A job that is ' +
      'meant to end fails with each exit code outside `success_codes`, any other with each start ' +
      'that does not reach `running`.',
    alias: ['startretries', 'retries', 'max_retries', 'start_limit'],
  },
  {
    ...OPTIONAL,
    name: 'success_codes',
    schema: SUCCESS_CODES,
    default: [0],
    doc: 'The exit codes that count as success.',
    alias: ['exitcodes', 'exit_codes', 'success_exit_status', 'stop_exit_codes'],
  },
  {
    ...OPTIONAL,
    name: 'stop_signal',
    schema: text('the name of a signal such as "SIGTERM"'),
    default: 'SIGTERM',
    doc: 'Sent to the whole process group to stop it.',
    alias: ['stopsignal', 'kill_signal', 'signal'],
  },
  {
    ...OPTIONAL,
    name: 'stop_timeout',
    schema: seconds(),
    default: 10,
    doc: 'If the group has not ended after this many seconds, it gets SIGKILL.',
    alias: ['stopwaitsecs', 'kill_timeout', 'stop_seconds', 'timeout_stop_sec', 'exit_timeout'],
  },
  {
    ...OPTIONAL,
    name: 'test_timeout',
    schema: someSeconds(),
    default: 10,
    doc: 'A test that runs longer is killed, and its answer is unknown.',
    alias: ['test_seconds'],
  },
  {
    ...OPTIONAL,
    name: 'test_interval',
    schema: someSeconds(),
    doc: 'Also run the test each time this many seconds have passed, not only on triggers.',
    alias: ['test_every'],
  },
  {
    ...OPTIONAL,
    name: 'after',
    schema: listOf(DEPENDENCY, 'an array of names of jobs'),
    default: [],
    doc:
      'Start only when these jobs are up, and stop before them. A job that runs once counts when it ' +
      'has finished with success, any other when it is `running`; `is` says otherwise.',
    alias: ['depends_on', 'dependencies', 'requires', 'needs', 'wants', 'depends'],
  },
  {
    ...OPTIONAL,
    name: 'ready',
    schema: READY,
    doc:
      'When a started job counts as running: a command exits 0, a port answers, a URL answers, or a ' +
      'line of the log matches.',
    alias: ['readiness', 'readiness_probe', 'healthcheck', 'health_check', 'health'],
  },
  {
    ...OPTIONAL,
    name: 'schedule',
    schema: text('"every 10m" or a cron expression'),
    doc: 'The job runs at these times instead of always; never two runs at once.',
    alias: [
      'cron',
      'cron_restart',
      'timer',
      'every',
      'interval',
      'on_calendar',
      'start_interval',
      'start_calendar_interval',
    ],
  },
  {
    ...OPTIONAL,
    name: 'run_at_start',
    schema: yesOrNo,
    default: false,
    doc: 'With `schedule`: the job also runs when it becomes known and when the daemon starts.',
    alias: ['run_at_load', 'run_on_start', 'runatload'],
  },
  {
    ...OPTIONAL,
    name: 'instances',
    schema: count(MAX_JOBS),
    doc:
      'The number of copies, named `NAME@1`, `NAME@2` …, each with its own `OVERSEER_INSTANCE`. Without ' +
      'this key there is one copy, named `NAME`.',
    alias: ['numprocs', 'replicas', 'copies', 'processes', 'scale'],
  },
  {
    ...OPTIONAL,
    name: 'watch',
    schema: WATCH,
    default: [],
    doc: 'Restart when one of these files changes; relative to `cwd`.',
    alias: ['watch_files', 'watch_paths', 'watch_dirs'],
  },
  {
    ...OPTIONAL,
    name: 'log',
    schema: LOG,
    default: defaultsOf(LOG),
    doc:
      'When to rotate the log, how many old ones to keep, and how: `"pause"` loses nothing, ' +
      '`"truncate"` may lose lines, `"off"` never rotates; and whether a pipe leads there or the ' +
      'job writes to the file itself.',
    alias: ['logs', 'log_rotate', 'logging', 'stdout_logfile', 'log_file'],
  },
  {
    ...OPTIONAL,
    name: 'description',
    schema: { ...anyText('a string of at most 1000 characters'), pattern: '^[^\\u0000]{0,1000}$' },
    doc: 'Shown in `status` and `why`.',
    alias: ['comment', 'desc', 'summary', 'about'],
  },
  {
    ...OPTIONAL,
    name: 'tags',
    schema: TAGS,
    default: [],
    doc: '`tag:NAME` selects every job with this tag, wherever a command takes a JOB and in `after`.',
    alias: ['tag', 'labels', 'group', 'groups', 'namespace', 'profiles', 'tasks'],
  },
  {
    ...OPTIONAL,
    name: 'enabled',
    schema: yesOrNo,
    default: true,
    doc: '`false`: only `overseer start` starts the job; until then it is `held`.',
    alias: ['autostart', 'auto_start', 'enable', 'active'],
  },
  {
    ...OPTIONAL,
    name: 'limits',
    schema: LIMITS,
    default: {},
    doc: 'Soft resource limits of the job, in the units of `ulimit`; by default inherited.',
    restarts: true,
    alias: ['rlimits', 'ulimits', 'rlimit', 'resource_limits'],
  },
  {
    ...OPTIONAL,
    name: 'nice',
    schema: NICE,
    doc: 'Priority of the job, from -20 (first) to 19 (last); by default inherited.',
    restarts: true,
    alias: ['niceness', 'priority'],
  },
  {
    ...OPTIONAL,
    name: 'alive',
    schema: ALIVE,
    doc:
      'Checked while the job is `running`: after `failures` failed checks in a row it is stopped ' +
      'and treated like a crash.',
    alias: ['liveness', 'liveness_probe', 'livenessprobe', 'watchdog', 'health_cmd'],
  },
  {
    ...OPTIONAL,
    name: 'max_memory',
    schema: SIZE,
    doc:
      'Measured while the job is `running`: when its processes together have more resident memory than ' +
      'this in two samples in a row, it is stopped and treated like a crash.',
    alias: ['memory_limit', 'mem_limit', 'max_memory_restart', 'memory', 'memory_max', 'memory_high'],
  },
  {
    ...OPTIONAL,
    name: 'stdin',
    schema: yesOrNo,
    default: false,
    doc:
      '`true`: the standard input of the job receives what `overseer send` and `attach` write, and never ' +
      'ends; otherwise it is empty.',
    restarts: true,
    alias: ['stdin_open', 'interactive', 'is_interactive', 'standard_input'],
  },
  {
    ...OPTIONAL,
    name: 'on',
    schema: ON,
    default: {},
    doc:
      'Commands that are run when the job enters a state: one at a time, of the states entered meanwhile ' +
      'only the newest, and for 30 s at most. They never delay or change the job.',
    alias: ['hooks', 'hook', 'on_failure', 'on_exit', 'on_start', 'on_stop', 'on_ready', 'notify'],
  },
  {
    ...OPTIONAL,
    name: 'rolling',
    schema: yesOrNo,
    default: false,
    doc:
      'With `instances`: a change or restart replaces one copy at a time, the next one when the new copy ' +
      'is `running`. A copy that does not come up stops the roll.',
    alias: ['rolling_update', 'rolling_restart', 'update_config', 'max_unavailable'],
  },
] as const satisfies readonly Key[];

export type KeyName = (typeof KEYS)[number]['name'];
