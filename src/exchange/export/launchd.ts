import { build } from 'plist';
import { carried, left, ONLY_HERE, partly, type Exporter } from './exporter.ts';
import { cronFields, everySeconds, isPlainSchedule, numbersOf } from './cron-fields.ts';
import { limitElsewhere } from '../limit-units.ts';
import { isOff, type JobView, type ExportSurroundings } from './job-view.ts';

/** More entries than this are no schedule that anybody would maintain. */
const MOST_TIMES = 200;

const RESOURCES: Readonly<Record<string, string>> = {
  nofile: 'NumberOfFiles',
  nproc: 'NumberOfProcesses',
  core: 'Core',
  stack: 'Stack',
  fsize: 'FileSize',
  cpu: 'CPU',
  memlock: 'MemoryLock',
  data: 'Data',
};

/** Agents, one property list a job; with copies, one a copy. */
export const launchdExporter: Exporter = {
  fates: {
    ...ONLY_HERE,
    name: carried,
    job_command: partly(
      'the program must be in the PATH of launchd, or named by its whole path',
      ({ words }) => words[0]?.startsWith('/') !== true,
    ),
    test_command: left('launchd knows only KeepAlive PathState: let the program look itself'),
    cwd: carried,
    env: carried,
    env_file: partly('its variables are written into the agent as they are now'),
    umask: carried,
    restart: partly(
      'an agent that has times runs once at each',
      ({ schedule, draft }) => schedule !== null && draft.text('restart') !== null,
    ),
    backoff: partly('ThrottleInterval is the least delay, in whole seconds'),
    max_restarts: left('launchd never gives up'),
    success_codes: left('to launchd only 0 is success'),
    stop_signal: left('launchd sends SIGTERM'),
    stop_timeout: partly(
      'it is a whole number of seconds',
      ({ stopTimeout }) => !Number.isInteger(stopTimeout) || stopTimeout === 0,
    ),
    after: left('launchd knows no order: let the program wait'),
    ready: left('launchd does not ask'),
    schedule: partly(
      'StartInterval is a whole number of seconds',
      ({ schedule }) => !Number.isInteger(everySeconds(schedule ?? '') ?? 1),
    ),
    run_at_start: carried,
    instances: partly('an agent for each copy'),
    description: left('an agent has none'),
    enabled: carried,
    alive: left('launchd does not ask'),
    max_memory: left('launchd has no such limit'),
    limits: partly('it has no "as", and no word for "unlimited"', ({ draft }) =>
      Object.entries(draft.table('limits')).some(([name, value]) => name === 'as' || value === 'unlimited'),
    ),
    nice: carried,
  },
  numbersCopies: true,
  notes: ['launchd waits 10 s from start to start, unless ThrottleInterval says more, and knows no order'],
  nameThere: ({ name }) => name,
  refuses: ({ schedule }) =>
    schedule !== null && !isPlainSchedule(schedule)
      ? `launchd cannot say "${schedule}"`
      : schedule !== null && timesOf(schedule) === null
        ? `launchd would need more than ${MOST_TIMES} times for its schedule`
        : null,
  files: (jobs, surroundings) =>
    jobs.flatMap((job) =>
      copiesOf(job).map(({ label, env }) => ({
        name: `${label}.plist`,
        text: `${build(agentOf(job, label, env, surroundings) as never)}\n`,
      })),
    ),
};

function copiesOf({
  name,
  instances,
  env,
  ofCopy,
}: JobView): readonly { readonly label: string; readonly env: Readonly<Record<string, string>> }[] {
  if (instances === null) return [{ label: name, env: { ...env, OVERSEER_JOB: name } }];
  return Array.from({ length: instances }, (_, at) => ({
    label: `${name}@${at + 1}`,
    env: { ...ofCopy(String(at + 1)).env, OVERSEER_JOB: name, OVERSEER_INSTANCE: String(at + 1) },
  }));
}

function agentOf(
  job: JobView,
  label: string,
  env: Readonly<Record<string, string>>,
  { home, fromFiles }: ExportSurroundings,
): unknown {
  const { draft, restart, schedule } = job;
  const limits = Object.entries(draft.table('limits')).flatMap(([name, value]) =>
    RESOURCES[name] === undefined || value === 'unlimited'
      ? []
      : [[RESOURCES[name], limitElsewhere(name, Number(value))] as const],
  );
  const umask = draft.text('umask');
  const backoff = Number(draft.table('backoff')['min'] ?? 0);
  const every = schedule === null ? null : everySeconds(schedule);
  return {
    Label: label,
    ProgramArguments: job.words,
    WorkingDirectory: job.cwd,
    EnvironmentVariables: { ...fromFiles[job.name], ...env },
    ...(schedule === null
      ? {
          RunAtLoad: true,
          ...(restart === 'never'
            ? {}
            : { KeepAlive: restart === 'always' ? true : { SuccessfulExit: false } }),
        }
      : every === null
        ? { StartCalendarInterval: timesOf(schedule) }
        : { StartInterval: Math.max(1, Math.round(every)) }),
    ...(schedule !== null && draft.keys.get('run_at_start') === true && { RunAtLoad: true }),
    ExitTimeOut: Math.max(1, Math.ceil(job.stopTimeout)),
    ...(umask !== null && { Umask: Number.parseInt(umask, 8) }),
    ...(backoff >= 1 && { ThrottleInterval: Math.ceil(backoff) }),
    ...(draft.keys.has('nice') && { Nice: Number(draft.keys.get('nice')) }),
    ...(limits.length > 0 && { SoftResourceLimits: Object.fromEntries(limits) }),
    ...(isOff(job) && { Disabled: true }),
    ProcessType: 'Interactive',
    StandardOutPath: `${home}/Library/Logs/${label}.log`,
    StandardErrorPath: `${home}/Library/Logs/${label}.log`,
  };
}

const FIELD_NAMES = ['Minute', 'Hour', 'Day', 'Month', 'Weekday'];

/** Each time is an entry of its own; null where there would be too many. */
function timesOf(schedule: string): readonly Readonly<Record<string, number>>[] | null {
  const fields = cronFields(schedule);
  if (fields === null) return [];
  const both = fields[2] !== '*' && fields[4] !== '*';
  const parts = both
    ? [
        fields.map((field, at) => (at === 4 ? '*' : field)),
        fields.map((field, at) => (at === 2 ? '*' : field)),
      ]
    : [fields];
  const all = parts.flatMap((part) =>
    part.reduce<readonly Readonly<Record<string, number>>[]>(
      (times, field, index) => {
        const numbers = numbersOf(field, index);
        return numbers === null || times.length > MOST_TIMES
          ? times
          : times.flatMap((time) =>
              numbers.map((number) => ({ ...time, [FIELD_NAMES[index] ?? '']: number })),
            );
      },
      [{}],
    ),
  );
  return all.length > MOST_TIMES ? null : all;
}
