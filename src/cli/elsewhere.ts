/**
 * What users of other process managers type, and what it is here. A command or an option that overseer has
 * is never looked up.
 */

const COMMANDS: readonly { readonly words: readonly string[]; readonly says: string }[] = [
  {
    words: ['list', 'ps', 'l', 'jlist', 'prettylist', 'pid', 'avail', 'ping'],
    says: '`overseer status` lists the jobs',
  },
  { words: ['describe', 'desc', 'info', 'cat', 'print'], says: '`overseer why JOB` tells about a job' },
  { words: ['env', 'environ'], says: '`overseer show JOB` shows the environment of a job' },
  {
    words: ['daemon', 'serve', 'server'],
    says: '`overseer` starts the daemon; `overseerd` is the daemon in the foreground',
  },
  { words: ['show'], says: '`overseer why JOB` tells about a job' },
  {
    words: [
      'up',
      'reread',
      'update',
      'sync',
      'daemon-reload',
      'load',
      'bootstrap',
      'startOrRestart',
      'deploy',
    ],
    says: '`overseer` applies the config; `overseer run` runs the jobs in this terminal',
  },
  {
    words: ['down', 'quit', 'exit', 'halt', 'bootout', 'unload'],
    says: '`overseer die` stops every job and the daemon; `overseer stop JOB` stops a job',
  },
  {
    words: ['kill'],
    says:
      '`overseer signal KILL JOB` sends a signal, `overseer stop JOB` stops a job, ' +
      '`overseer die` ends everything',
  },
  { words: ['exec', 'foreground'], says: '`overseer run JOB` runs a job of a project in this terminal' },
  {
    words: ['top', 'monit', 'monitor', 'dash', 'dashboard', 'ui', 'tui'],
    says: '`overseer status --watch` shows the jobs live',
  },
  {
    words: ['fg', 'connect'],
    says: '`overseer attach JOB` follows what a job prints and sends what you type',
  },
  {
    words: ['log', 'logtail', 'maintail', 'journal', 'output'],
    says: '`overseer logs` shows what jobs print',
  },
  { words: ['delete', 'del', 'rm', 'remove'], says: 'remove the job from the config, then `overseer`' },
  {
    words: ['add', 'create', 'new'],
    says: 'add a [[jobs]] table to the config, then `overseer`; `overseer init` writes a first config',
  },
  {
    words: ['enable', 'disable'],
    says:
      '`enabled` in the config says whether a job starts by itself; ' +
      '`overseer start JOB` and `stop JOB` do it by hand',
  },
  {
    words: ['startup', 'unstartup', 'install', 'uninstall'],
    says: '`overseer autostart enable` starts overseer at login',
  },
  {
    words: ['save', 'dump', 'resurrect', 'cleardump'],
    says: 'nothing needs to be saved: the daemon keeps its state, and the next one takes it up',
  },
  { words: ['flush', 'clear', 'reloadLogs'], says: '`log` in the config bounds the size of logs' },
  { words: ['scale'], says: '`instances` in the config is the number of copies; then `overseer`' },
  { words: ['kickstart', 'gracefulReload', 'bounce'], says: '`overseer restart JOB` restarts a job' },
  { words: ['version', 'ver'], says: '`overseer --version` prints the version' },
  {
    words: ['validate', 'lint', 'test', 'configtest', 'verify', 'config'],
    says: '`overseer check` looks for mistakes in the config',
  },
];

const OPTIONS: readonly {
  readonly words: readonly string[];
  /** Of these commands only; all of them where it is left out. */
  readonly of?: readonly string[];
  readonly says: string;
}[] = [
  {
    words: ['-a'],
    of: ['status', 'ls', 'logs', 'wait', 'start', 'stop', 'restart', 'signal'],
    says: '`--all` means every job',
  },
  { words: ['--tail', '--last', '--num'], of: ['logs', 'tail'], says: '`-n N` shows the last N lines' },
  {
    words: ['-d', '--detach', '--detached', '--daemon', '--background', '-D'],
    says: '`overseer` runs the jobs in the background, `overseer run` in this terminal',
  },
  {
    words: ['-f', '--file', '-c', '--configuration', '--conf'],
    says: '`--config FILE` names a config, `--project` that of a project',
  },
  { words: ['-p'], says: '`--project` means the project of this folder' },
  { words: ['--name', '--id'], says: 'a job is named by its name alone, as in `overseer stop web`' },
  { words: ['-s', '--signal'], says: '`overseer signal SIGNAL JOB` sends a signal' },
  {
    words: ['-q', '--quiet', '--silent'],
    says: 'send what it prints to /dev/null; the exit code says how it went',
  },
  { words: ['-v', '--verbose', '--debug'], says: 'OVERSEER_DEBUG=1 in the environment shows more' },
  { words: ['-y', '--yes', '--force', '--now'], says: 'overseer does not ask' },
  {
    words: ['--env', '-e', '--env-file'],
    says: '`env` and `env_file` in the config are the variables of a job',
  },
  { words: ['-i', '--instances', '--scale'], says: '`instances` in the config is the number of copies' },
];

export function commandElsewhere(word: string): string | null {
  return (
    COMMANDS.find(({ words }) => words.some((each) => each.toLowerCase() === word.toLowerCase()))?.says ??
    null
  );
}

export function optionElsewhere(option: string, command: string): string | null {
  return (
    OPTIONS.find(({ words, of }) => words.includes(option) && (of === undefined || of.includes(command)))
      ?.says ?? null
  );
}

/** Words for the jobs of a command that are no names of jobs. */
export function jobElsewhere(word: string): string | null {
  if (word === 'all') return '`--all` means every job';
  if (/\.(?:[cm]?js|ts|py|rb|sh|pl|php|jar|json|ya?ml|toml|conf|service|plist)$|\//.test(word))
    return 'jobs are started by their names in the config; a [[jobs]] table with a job_command adds one';
  return null;
}
