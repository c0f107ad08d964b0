import { plainText } from '../draft.ts';
import { join } from 'node:path';
import { shellQuoted } from '../commands.ts';
import { limitElsewhere } from '../limit-units.ts';
import {
  carried,
  left,
  ONLY_HERE,
  partly,
  probePartly,
  type ExportedFile,
  type Exporter,
} from './exporter.ts';
import { cronFields, everySeconds, isPlainSchedule, numbersOf } from './cron-fields.ts';
import { inBinaryUnits, isOff, probeWords, type JobView } from './job-view.ts';

const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** User units, one service a job, and a timer for each schedule. */
export const systemdExporter: Exporter = {
  fates: {
    ...ONLY_HERE,
    name: partly('an @ would make it a template, so there is a hyphen', ({ name }) => name.includes('@')),
    job_command: partly(
      'the program must be in a folder that `systemd-path search-binaries-default` names, or named by its ' +
        'whole path',
      ({ words }) => words[0]?.includes('/') !== true,
    ),
    test_command: carried,
    cwd: carried,
    env: carried,
    env_file: partly('in systemd an EnvironmentFile wins over Environment'),
    umask: carried,
    restart: partly(
      'a service that a timer starts runs once each time',
      ({ schedule, draft }) => schedule !== null && draft.text('restart') !== null,
    ),
    backoff: partly('RestartSec is the least delay, and does not grow'),
    max_restarts: partly('systemd counts starts within a time'),
    success_codes: partly('0 always counts as success', ({ successCodes }) => !successCodes.includes(0)),
    stop_signal: carried,
    stop_timeout: partly('the least time is 1 ms', ({ stopTimeout }) => stopTimeout === 0),
    after: partly(
      'systemd starts what a job comes after, and goes on where that fails, unless it waits for its end',
    ),
    ready: probePartly('a loop after the start asks the port, the URL or the command'),
    schedule: carried,
    run_at_start: carried,
    instances: partly('enable the template for each number: `systemctl --user enable --now NAME@1`'),
    description: partly(
      'it is one line',
      ({ draft }) => oneLine(draft.text('description') ?? '') !== (draft.text('description') ?? ''),
    ),
    enabled: partly(
      'it has no [Install], so that nothing but `systemctl --user start` starts it; until then what comes ' +
        'after it does not start either',
      isOff,
    ),
    alive: left('a WatchdogSec wants a program that notifies systemd'),
    max_memory: partly('systemd kills at the limit, and Restart brings it back'),
    limits: carried,
    nice: carried,
  },
  notes: ['systemd waits equally long before each restart; the delays of overseer grow'],
  nameThere: unitName,
  numbersCopies: true,
  tellsOfAfter,
  refuses: ({ schedule }) =>
    schedule === null || isPlainSchedule(schedule) ? null : `a timer cannot say "${schedule}"`,
  files: (jobs) => jobs.flatMap((job) => filesOf(job, jobs)),
};

const isTemplate = ({ instances }: JobView): boolean => instances !== null;
function unitName(job: JobView): string {
  return `${escaped(job.name)}${isTemplate(job) ? '@' : ''}`;
}
/** The services of all copies of a job. */
const unitsOf = (job: JobView): readonly string[] =>
  isTemplate(job)
    ? Array.from({ length: job.instances ?? 1 }, (_, at) => `${unitName(job)}${at + 1}.service`)
    : [`${unitName(job)}.service`];
/** A colon is fine in a unit's name, an @ is not where none is meant. */
const escaped = (name: string): string => name.replaceAll('@', '-');

/** Stands for the number of a copy until all else is escaped; no text has it. */
const NUMBER = '\u0000';

interface Before {
  readonly other: JobView;
  /** Whether the job waits for its end, and not only for its start. */
  readonly forEnd: boolean;
}

const othersBefore = (job: JobView, jobs: readonly JobView[]): readonly Before[] =>
  job.after.flatMap(({ job: name, is }) =>
    jobs
      .filter((other) => other.name === name)
      .map((other) => ({ other, forEnd: is === 'finished' || (is === null && other.isOnce) })),
  );

const namesOf = (others: readonly Before[]): string =>
  others.flatMap(({ other }) => unitsOf(other)).join(' ');

/** What comes after a oneshot waits for its end, and what comes after any other service for its start. */
function typeOf(job: JobView, jobs: readonly JobView[]): 'oneshot' | 'exec' {
  if (job.schedule !== null) return 'oneshot';
  const waits = jobs
    .flatMap((each) => othersBefore(each, jobs))
    .filter(({ other }) => other.name === job.name);
  const forEnd = waits.filter((each) => each.forEnd).length;
  if (job.isOnce) return forEnd > 0 || waits.length === 0 ? 'oneshot' : 'exec';
  const mayEnd = job.restart === 'on-failure' && job.ready === null;
  return mayEnd && forEnd > 0 && forEnd === waits.length ? 'oneshot' : 'exec';
}

function tellsOfAfter(job: JobView, jobs: readonly JobView[]): readonly string[] {
  return othersBefore(job, jobs).flatMap(({ other, forEnd }) => {
    const { name, schedule, isOnce } = other;
    if (schedule !== null) return [`it waits for ${name} only while that runs`];
    const isOneshot = typeOf(other, jobs) === 'oneshot';
    if (!forEnd) return isOneshot ? [`here it also waits for the end of ${name}, since others do`] : [];
    if (!isOneshot) return [`it does not wait for the end of ${name}`];
    return isOnce ? [] : [`where ${name} fails first and is restarted, it is not started`];
  });
}

function filesOf(job: JobView, jobs: readonly JobView[]): readonly ExportedFile[] {
  const service = { name: `${unitName(job)}.service`, text: serviceText(job, jobs) };
  return job.schedule === null
    ? [service]
    : [service, { name: `${unitName(job)}.timer`, text: timerText(job, job.schedule) }];
}

function serviceText(job: JobView, jobs: readonly JobView[]): string {
  const { draft } = job;
  const others = othersBefore(job, jobs);
  // Those that are wanted are started; a service that is off is not, and one with a timer starts at its time.
  const on = others.filter(({ other }) => !isOff(other) && other.schedule === null);
  const type = typeOf(job, jobs);
  const isOneshot = type === 'oneshot';
  const { env, ready: probe } = isTemplate(job) ? job.ofCopy(NUMBER) : job;
  const restarts = job.schedule === null && job.restart !== 'never';
  const backoff = draft.table('backoff')['min'];
  const most = Number(draft.keys.get('max_restarts') ?? 0);
  const ready = probe === null ? null : probeWords(probe);
  const limits = Object.entries(draft.table('limits'));
  const lines: readonly (readonly [string, string | null])[] = [
    ['[Unit]', null],
    ['Description', percent(oneLine(draft.text('description') ?? ''))],
    ['After', namesOf(others)],
    ['Requires', namesOf(on.filter(({ forEnd }) => forEnd))],
    ['Wants', namesOf(on.filter(({ forEnd }) => !forEnd))],
    // Does not start them, and fails where they are not up.
    ['Requisite', namesOf(others.filter(({ other }) => isOff(other)))],
    ['StartLimitIntervalSec', !restarts ? '' : most === 0 ? '0' : '1h'],
    ['StartLimitBurst', !restarts || most === 0 ? '' : String(most)],
    ['', null],
    ['[Service]', null],
    ['Type', type],
    ['RemainAfterExit', job.isOnce || (isOneshot && job.schedule === null) ? 'yes' : ''],
    ...(job.test === null ? [] : [['ExecCondition', commandLine(wholeProgram(job.test, job.cwd))] as const]),
    ['ExecStart', commandLine(wholeProgram(job.words, job.cwd))],
    ...(ready === null
      ? []
      : [
          [
            'ExecStartPost',
            commandLine([
              '/bin/sh',
              '-c',
              `until timeout ${job.ready?.timeout ?? 5} ${ready.map(shellQuoted).join(' ')}; do ` +
                `sleep ${job.ready?.interval ?? 1}; done`,
            ]).replaceAll(NUMBER, '%i'),
          ] as const,
          ['TimeoutStartSec', String(job.ready?.within ?? 60)] as const,
        ]),
    ['WorkingDirectory', percent(job.cwd)],
    ...job.envFiles.map((file) => ['EnvironmentFile', percent(file)] as const),
    ...Object.entries({
      ...env,
      OVERSEER_JOB: job.name,
      ...(isTemplate(job) && { OVERSEER_INSTANCE: NUMBER }),
    }).map(([name, value]) => ['Environment', quoted(`${name}=${value}`).replaceAll(NUMBER, '%i')] as const),
    ['UMask', draft.text('umask') ?? ''],
    ['Restart', restarts ? job.restart : isOneshot ? '' : 'no'],
    ['RestartSec', restarts ? plainText(backoff ?? 0.1) : ''],
    ['SuccessExitStatus', job.successCodes.filter((code) => code !== 0).join(' ')],
    ['KillSignal', draft.text('stop_signal') ?? ''],
    ['TimeoutStopSec', job.stopTimeout === 0 ? '1ms' : String(job.stopTimeout)],
    ['MemoryMax', job.maxMemory === null ? '' : inBinaryUnits(job.maxMemory).join('')],
    ['Nice', draft.keys.has('nice') ? plainText(draft.keys.get('nice')) : ''],
    ...limits.map(
      ([name, value]) =>
        [
          `Limit${name.toUpperCase()}`,
          value === 'unlimited' ? 'infinity' : String(limitElsewhere(name, Number(value))),
        ] as const,
    ),
    ...(job.schedule !== null || isOff(job)
      ? []
      : [['', null] as const, ['[Install]', null] as const, ['WantedBy', 'default.target'] as const]),
  ];
  return text(lines);
}

/** systemd takes a name that it finds in its PATH, or a whole path. */
const wholeProgram = ([exe = '', ...args]: readonly string[], cwd: string): readonly string[] => [
  exe.includes('/') && !exe.startsWith('/') ? join(cwd, exe) : exe,
  ...args,
];

function timerText(job: JobView, schedule: string): string {
  const every = everySeconds(schedule);
  const startsNow = job.draft.keys.get('run_at_start') === true;
  return text([
    ['[Unit]', null],
    ['Description', `when ${job.name} runs`],
    ['', null],
    ['[Timer]', null],
    ...(every === null
      ? calendarsOf(schedule).map((calendar) => ['OnCalendar', calendar] as const)
      : [
          ['OnActiveSec', startsNow ? '0' : String(every)] as const,
          ['OnUnitActiveSec', String(every)] as const,
        ]),
    ...(every === null && startsNow ? [['OnActiveSec', '0'] as const] : []),
    ...(every === null ? [['Persistent', 'true'] as const] : []),
    ['AccuracySec', '1s'],
    ...(isOff(job)
      ? []
      : ([
          ['', null],
          ['[Install]', null],
          ['WantedBy', 'timers.target'],
        ] as const)),
  ]);
}

/**
 * cron takes either where both a day of the month and a weekday are given; systemd wants both, so there are
 * two.
 */
function calendarsOf(schedule: string): readonly string[] {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cronFields(schedule) ?? [];
  const field = (text: string, index: number): string => {
    const numbers = numbersOf(text, index);
    return numbers === null ? '*' : numbers.map((number) => String(number).padStart(2, '0')).join(',');
  };
  const time = `${field(hour, 1)}:${field(minute, 0)}:00`;
  const days = numbersOf(weekday, 4);
  const date = (of: string): string => `*-${field(month, 3)}-${of}`;
  const named = days === null ? null : days.map((each) => DAY_NAMES[each]).join(',');
  if (named === null) return [`${date(field(day, 2))} ${time}`];
  if (day === '*') return [`${named} ${date('*')} ${time}`];
  return [`${date(field(day, 2))} ${time}`, `${named} ${date('*')} ${time}`];
}

const text = (lines: readonly (readonly [string, string | null])[]): string =>
  lines
    .flatMap(([key, value]) => (value === null ? [`${key}\n`] : value === '' ? [] : [`${key}=${value}\n`]))
    .join('');

/** A backslash at the end would join the next line. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\\+$/, '').trim();
}

const percent = (word: string): string => word.replaceAll('%', '%%');

/** A word of a command line, in which a dollar sign would begin a variable. */
const commandLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[A-Za-z0-9_@+=:,./-]+$/.test(word) ? word : quoted(word).replaceAll('$', () => '$$')))
    .join(' ');

const quoted = (word: string): string =>
  `"${percent(word)
    .replace(/["\\]/g, (sign) => `\\${sign}`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
    // oxlint-disable-next-line no-control-regex -- they are what is escaped
    .replace(/[\u0001-\u001f\u007f]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
