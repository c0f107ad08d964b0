import { plainText } from '../draft.ts';
import { shellQuoted } from '../commands.ts';
import { carried, left, partly, ONLY_HERE, type Exporter } from './exporter.ts';
import { isOff, type JobView } from './job-view.ts';

const NOTHING = left('foreman only starts and ends');

/** A Procfile: a line of shell for each job. */
export const procfileExporter: Exporter = {
  fates: {
    ...ONLY_HERE,
    name: partly('dots and the like become hyphens', ({ name }) => fit(name) !== name),
    job_command: partly('a line has no line breaks: each is a blank', ({ words }) => hasBreak(words)),
    cwd: carried,
    env: partly('a line has no line breaks: each is a blank', ({ env }) => hasBreak(Object.values(env))),
    env_file: partly('a shell reads it, so it must be one that a shell can read'),
    umask: carried,
    instances: partly('say how many: `foreman start -m NAME=N`; a copy has its number in PS only, as NAME.1'),
    test_command: NOTHING,
    restart: left('foreman ends everything when one process ends'),
    backoff: NOTHING,
    max_restarts: NOTHING,
    success_codes: NOTHING,
    stop_signal: NOTHING,
    stop_timeout: left('`foreman start -t SECONDS` is for all'),
    after: NOTHING,
    ready: NOTHING,
    run_at_start: NOTHING,
    schedule: left('foreman has no schedules'),
    description: NOTHING,
    enabled: partly('a job that is not enabled is a comment', isOff),
    alive: NOTHING,
    max_memory: NOTHING,
    limits: carried,
    nice: carried,
  },
  notes: ['foreman restarts nothing, and ends everything when one process ends'],
  nameThere: ({ name }) => fit(name),
  refuses: ({ schedule }) => (schedule === null ? null : 'foreman has no schedules'),
  files: (jobs) => [{ name: 'Procfile', text: jobs.map(lineOf).join('') }],
};

/** Before a program whose name env(1) would take for a variable. */
const VERBATIM = ['sh', '-c', shellQuoted('exec "$0" "$@"')];

const ULIMIT: Readonly<Record<string, string>> = {
  nofile: 'n',
  core: 'c',
  stack: 's',
  fsize: 'f',
  cpu: 't',
  data: 'd',
  as: 'v',
  memlock: 'l',
};

function fit(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '-');
}

const hasBreak = (texts: readonly string[]): boolean => texts.some((text) => text.includes('\n'));

function lineOf(job: JobView): string {
  const { name, draft, words, cwd, env, envFiles } = job;
  const umask = draft.text('umask');
  const limits = Object.entries(draft.table('limits')).map(([each, value]) =>
    // Some shells have another letter for the number of processes.
    each === 'nproc'
      ? `{ ulimit -Su ${plainText(value)} 2>/dev/null || ulimit -Sp ${plainText(value)}; }`
      : `ulimit -S${ULIMIT[each] ?? 'n'} ${plainText(value)}`,
  );
  const variables = Object.entries(env).map(([variable, value]) => shellQuoted(`${variable}=${value}`));
  const nice = draft.keys.has('nice') ? [`nice -n ${plainText(draft.keys.get('nice'))}`] : [];
  const before = [
    `cd ${shellQuoted(cwd)}`,
    ...envFiles.map((file) => `set -a && . ${shellQuoted(file)} && set +a`),
    ...(umask === null ? [] : [`umask ${umask}`]),
    ...limits,
  ];
  const isAssignment = words[0]?.includes('=') === true;
  const run = [
    'exec',
    ...nice,
    ...(variables.length > 0 ? ['env', ...variables, ...(isAssignment ? VERBATIM : [])] : []),
    ...words.map(shellQuoted),
  ].join(' ');
  const off = isOff(job) ? '# ' : '';
  return `${off}${fit(name)}: ${[...before, run].join(' && ').replaceAll('\n', ' ')}\n`;
}
