import { parse, parseBinary, type PlistValue } from 'plist';
import { envTexts, shellQuoted, wordsCommand } from '../commands.ts';
import { RUNS_ONCE, type JobDraft, type Import } from '../draft.ts';
import { limitHere } from '../limit-units.ts';
import { everyText } from '../syntax/durations.ts';
import { as, CARRIED, isTable, readKeys, textsIn, variablesIn, type Reader, textOf } from './readers.ts';
import { mergedCron } from '../syntax/merged-cron.ts';
import type { ImportSource } from './source.ts';

/** A property list of launchd, in XML or binary. */
export function importLaunchd(source: ImportSource, into: Import): void {
  const isBinary = source.text.startsWith('bplist');
  const plist = parsed(source, isBinary);
  if (!isTable(plist))
    return into.remark({ file: source.file, line: null }, 'this is no property list of an agent');
  const lines = source.text.split('\n');
  const spotOf = (key: string): { file: string; line: number } => {
    const at = isBinary ? -1 : lines.findIndex((line) => line.includes(`<key>${key}</key>`));
    return { file: source.file, line: at < 0 ? 1 : at + 1 };
  };
  const label = textOf(plist['Label'] ?? 'job');
  const draft = into.draft(label, spotOf('Label'));
  const words = Array.isArray(plist['ProgramArguments']) ? plist['ProgramArguments'].map(textOf) : [];
  const program = typeof plist['Program'] === 'string' ? plist['Program'] : words[0];
  if (program === undefined) {
    into.remark(draft.from, 'there is neither ProgramArguments nor Program, so nothing is imported');
    return into.drop(draft);
  }
  draft
    .set('job_command', wordsCommand([program, ...words.slice(1)]))
    .set('cwd', '/')
    .set('stop_timeout', 20);
  if (plist['Program'] !== undefined && words[0] !== undefined && words[0] !== program)
    into.remark(spotOf('Program'), `the program gets its real name as argv[0], not ${words[0]}`);
  readKeys(draft, plist, READERS, { into, source, spotOf });
  decideWhen(draft, plist, into);
}

/** launchd resolves none but those of XML itself. */
const UNKNOWN_ENTITY = /<!ENTITY|&(?!amp;|lt;|gt;|quot;|apos;|#)/;

function parsed({ text, bytes }: ImportSource, isBinary: boolean): PlistValue {
  // The parser would print where it stumbles.
  if (!isBinary && (!text.includes('</plist>') || UNKNOWN_ENTITY.test(text))) return null;
  try {
    return isBinary ? parseBinary(bytes) : parse(text);
  } catch {
    // The errors of the parsers describe their internals, not the file.
    return null;
  }
}

/** Without KeepAlive an agent runs when it is loaded, at its times, or only when somebody asks for it. */
function decideWhen(draft: JobDraft, plist: Readonly<Record<string, unknown>>, into: Import): void {
  const isScheduled = draft.keys.has('schedule');
  if (plist['KeepAlive'] === undefined || plist['KeepAlive'] === false) {
    if (!isScheduled) draft.set('restart', 'never');
    if (!isScheduled && plist['RunAtLoad'] === true) into.remark(draft.from, RUNS_ONCE);
    if (!isScheduled && plist['RunAtLoad'] !== true && plist['WatchPaths'] === undefined)
      into.set(draft, 'enabled', false);
  } else if (isScheduled)
    into.remark(draft.from, 'KeepAlive beside a schedule is left out: a job runs always or at its times');
  if (isScheduled && plist['RunAtLoad'] === true) draft.set('run_at_start', true);
}

export const READERS: Readonly<Record<string, Reader>> = {
  Label: CARRIED,
  ProgramArguments: CARRIED,
  Program: CARRIED,
  RunAtLoad: CARRIED,
  WorkingDirectory: as('cwd'),
  EnvironmentVariables: (draft, value) => void draft.set('env', envTexts(variablesIn(value))),
  KeepAlive: (draft, value, { into, from }) => {
    if (!isTable(value)) return;
    if (value['SuccessfulExit'] === false || value['Crashed'] === true) draft.set('restart', 'on-failure');
    if (value['Crashed'] === true)
      into.remark(
        from,
        'KeepAlive Crashed is taken for restart = "on-failure": any failure counts, not only a signal',
      );
    const paths = isTable(value['PathState']) ? Object.entries(value['PathState']) : [];
    const tests = paths.map(
      ([path, isThere]) => `test ${isThere === true ? '' : '! '}-e ${shellQuoted(path)}`,
    );
    const [only = ''] = paths.map(([path]) => path);
    if (tests.length === 1 && paths[0]?.[1] === true)
      draft.set('test_command', wordsCommand(['test', '-e', only]));
    // Any one of them is enough for launchd.
    else if (tests.length > 0) draft.set('test_command', { exe: 'sh', args: ['-c', tests.join(' || ')] });
    if (tests.length > 0) draft.set('test_interval', 10);
    for (const key of Object.keys(value))
      if (!['SuccessfulExit', 'Crashed', 'PathState'].includes(key))
        into.remark(from, `KeepAlive ${key} is left out: write it as a test_command`);
    if (value['SuccessfulExit'] === true)
      into.remark(
        from,
        'KeepAlive SuccessfulExit true is taken for restart = "always": overseer has no restart ' +
          'after success alone',
      );
  },
  StartInterval: (draft, value) => void draft.set('schedule', everyText(Number(value))),
  StartCalendarInterval: (draft, value, { into, from }) => {
    const crons = (Array.isArray(value) ? value : [value]).filter(isTable).map(cronOf);
    const merged = mergedCron(crons);
    if (merged !== null) draft.set('schedule', merged);
    else {
      draft.set('schedule', crons[0] ?? '0 0 * * *');
      into.remark(from, `a job has one schedule: write further jobs for ${crons.slice(1).join(' and ')}`);
    }
  },
  WatchPaths: (draft, value, { into, from }) => {
    draft.set('watch', textsIn(value));
    into.remark(
      from,
      'WatchPaths starts a program that is down; "watch" restarts one that is up or has failed, ' +
        'so it should be one that stays',
    );
  },
  QueueDirectories:
    'let the program itself wait for files, or test for them by a test_command with a test_interval',
  StandardOutPath: logged,
  StandardErrorPath: logged,
  StandardInPath: 'standard input is empty',
  ExitTimeOut: (draft, value) => void draft.set('stop_timeout', Number(value)),
  ThrottleInterval: (draft, value) =>
    void draft.set('backoff', { min: Number(value), max: Math.max(30, Number(value)), factor: 2 }),
  Umask: (draft, value) =>
    void draft.set('umask', typeof value === 'number' ? value.toString(8).padStart(3, '0') : textOf(value)),
  Nice: (draft, value, { into, from }) => into.set(draft, 'nice', Number(value), from),
  SoftResourceLimits: (draft, value, { into, from }) => {
    const names: Readonly<Record<string, string>> = {
      NumberOfFiles: 'nofile',
      NumberOfProcesses: 'nproc',
      Core: 'core',
      Stack: 'stack',
      FileSize: 'fsize',
      CPU: 'cpu',
      MemoryLock: 'memlock',
      Data: 'data',
    };
    for (const [key, each] of isTable(value) ? Object.entries(value) : []) {
      const name = names[key];
      if (name === undefined) into.remark(from, `the limit ${key} is left out`);
      else
        into.set(draft, 'limits', { ...draft.table('limits'), [name]: limitHere(name, Number(each)) }, from);
    }
  },
  HardResourceLimits: 'overseer sets soft limits only',
  Disabled: (draft, value, { into, from }) => {
    if (value === true) into.set(draft, 'enabled', false, from);
  },
  UserName: (_, value, { into, from, source }) => {
    if (value !== source.user)
      into.remark(
        from,
        `overseer runs every job as you, not as ${textOf(value)}: run an overseer as that user`,
      );
  },
  GroupName: 'overseer runs every job as you',
  ProcessType: 'jobs have the priority of the daemon, and the agent of `overseer autostart` is Interactive',
  LowPriorityIO: 'jobs have the priority of the daemon',
  Sockets: 'overseer opens no sockets for a job: let the program listen itself',
  MachServices: 'overseer knows nothing of Mach',
  EnableTransactions: CARRIED,
  AbandonProcessGroup: (_, value, { into, from }) => {
    if (value === true) into.remark(from, 'overseer ends the whole process group of a job, always');
  },
  LimitLoadToSessionType: CARRIED,
  AssociatedBundleIdentifiers: CARRIED,
};

function logged(_: JobDraft, value: unknown, { into, from }: Parameters<Exclude<Reader, string>>[2]): void {
  if (value !== '/dev/null')
    into.remark(from, `what the job prints goes to its log, not to ${textOf(value)}`);
}

const FIELDS = ['Minute', 'Hour', 'Day', 'Month', 'Weekday'];
const cronOf = (value: Readonly<Record<string, unknown>>): string =>
  FIELDS.map((field) => (value[field] === undefined ? '*' : textOf(value[field]))).join(' ');
