import { basename, dirname } from 'node:path';
import { sizeBytes } from '../../config/values/size.ts';
import { envText, shellCommand, shellQuoted, wordsCommand } from '../commands.ts';
import type { JobDraft, Import, ImportSpot, TomlValue } from '../draft.ts';
import { isLimitOfBytes, limitHere } from '../limit-units.ts';
import { secondsIn } from '../syntax/durations.ts';
import { readIni, type IniEntry, type IniSection } from '../syntax/ini.ts';
import { unitWords } from '../syntax/quoted-words.ts';
import { sizeHere } from './readers.ts';
import type { ImportSource } from './source.ts';
import { importTimer, type Unit } from './systemd-timer.ts';

/** A .service, with the .timer of the same name beside it, or a .timer with its .service. */
export function importSystemd(source: ImportSource, into: Import): void {
  const isTimer = source.file.endsWith('.timer');
  const own = unitOf(source.file, source.text, into);
  const serviceName = isTimer
    ? (valueIn(own, 'Timer', 'Unit') ?? `${own.name}.service`)
    : basename(source.file);
  const serviceText = isTimer ? source.other(serviceName) : source.text;
  if (serviceText === null)
    return into.remark(
      { file: source.file, line: null },
      `there is no ${serviceName} beside this timer, so nothing is imported`,
    );
  const service = isTimer ? unitOf(`${dirname(source.file)}/${serviceName}`, serviceText, into) : own;
  const timerName = `${service.name}.timer`;
  const path = `${dirname(source.file)}/${serviceName}`;
  // The timer and the service may both be named.
  if (into.hasSeen(path)) return;
  const timerText = isTimer ? source.text : source.other(timerName);
  const timer =
    timerText === null
      ? null
      : unitOf(isTimer ? source.file : `${dirname(source.file)}/${timerName}`, timerText, into);
  importService(service, { source, into, timer });
}

function unitOf(file: string, text: string, into: Import): Unit {
  const { sections, strays } = readIni(text, 'systemd');
  for (const { line, text: stray } of strays)
    into.remark({ file, line }, `this is no KEY=value of a section, so it is left out: ${stray}`);
  const name = basename(file).replace(/\.\w+$/, '');
  return { file, name, sections: sections.map((section) => ({ ...section, entries: inForce(section) })) };
}

/** An empty value takes back what the same key has said before; for a timer, what any of its times has. */
function inForce({ name, entries }: IniSection): readonly IniEntry[] {
  const groupOf = (key: string): string => (name === 'Timer' ? key.replace(/^On\w+$/, 'On') : key);
  return entries.filter(
    ({ key, value }, index) =>
      value !== '' &&
      !entries.slice(index).some((later) => later.value === '' && groupOf(later.key) === groupOf(key)),
  );
}

const valueIn = ({ sections }: Unit, section: string, key: string): string | undefined =>
  sections.find(({ name }) => name === section)?.entries.findLast((each) => each.key === key)?.value;

interface Context {
  readonly source: ImportSource;
  readonly into: Import;
  readonly unit: Unit;
  readonly from: ImportSpot;
}

function importService(
  unit: Unit,
  {
    source,
    into,
    timer,
  }: { readonly source: ImportSource; readonly into: Import; readonly timer: Unit | null },
): void {
  const draft = into.draft(unit.name.replace(/@$/, ''), {
    file: unit.file,
    line: unit.sections.find(({ name }) => name === 'Service')?.line ?? 1,
  });
  // What systemd does unless the unit says otherwise.
  draft.set('restart', 'never');
  for (const { name, entries } of unit.sections)
    for (const entry of entries)
      readEntry(draft, name, entry, { source, into, unit, from: { file: unit.file, line: entry.line } });
  if (!draft.keys.has('job_command')) {
    into.remark(draft.from, 'there is no ExecStart, so nothing is imported');
    return into.drop(draft);
  }
  readiness(draft, unit, { source, into, unit, from: draft.from });
  const dropIns = source.matching(`${basename(unit.file)}.d/*.conf`);
  for (const file of dropIns)
    into.remark(
      { file, line: null },
      `it is left out: import what \`systemctl --user cat ${basename(unit.file)}\` prints`,
    );
  if (timer !== null) importTimer(draft, timer, into);
}

/** A loop after the start that ends when the service answers, as an export writes it and many do by hand. */
function readiness(draft: JobDraft, unit: Unit, context: Context): void {
  const entries = unit.sections.find(({ name }) => name === 'Service')?.entries ?? [];
  for (const { value, line } of entries.filter(({ key }) => key === 'ExecStartPost')) {
    const from = { file: unit.file, line };
    const words = unitWords(value)?.map((word) =>
      plain(word, { ...context, from }).replaceAll('$$', () => '$'),
    );
    const [, timeout, command = '', interval = '1'] =
      /^until (?:timeout ([\d.]+) )?(.+); do sleep ([\d.]+)s?; done$/.exec(words?.at(-1) ?? '') ?? [];
    if (command === '' || draft.keys.has('ready'))
      context.into.remark(from, 'ExecStartPost is left out: let "ready" or a job that comes "after" do it');
    else {
      const within = secondsIn(valueIn(unit, 'Service', 'TimeoutStartSec') ?? '90');
      draft.set('ready', {
        command: shellCommand(command),
        interval: Number(interval),
        ...(timeout !== undefined && { timeout: Number(timeout) }),
        ...(within !== null && { within }),
      });
    }
  }
  if (!draft.keys.has('ready'))
    for (const { value, line } of entries.filter(({ key }) => key === 'TimeoutStartSec'))
      context.into.remark(
        { file: unit.file, line },
        `TimeoutStartSec=${value} is left out: "ready" has "within"`,
      );
}

function readEntry(draft: JobDraft, section: string, { key, value, line }: IniEntry, context: Context): void {
  const { into, from } = context;
  if (section === 'Install') {
    if (!/^(WantedBy|RequiredBy)$/.test(key))
      into.remark(from, `${key} is left out: a job has one name and no other units`);
    return;
  }
  if (section === 'Timer') return;
  const reader = READERS[key];
  if (section !== 'Service' && section !== 'Unit') return into.remark(from, `[${section}] is left out`);
  if (reader === undefined) into.remark(from, `${key} is left out: ${hintFor(key)}`);
  else if (typeof reader === 'string') into.remark(from, `${key} is left out: ${reader}`);
  else reader(draft, value, context, line);
}

type Reader = string | ((draft: JobDraft, value: string, context: Context, line: number) => void);

/** How the keys begin that confine a service. */
const CONFINING = (
  'Protect Private Restrict Capability AmbientCapabilities SystemCall NoNewPrivileges ReadWrite ReadOnly ' +
  'Inaccessible Dynamic Lock MemoryDeny RootDirectory Bind Namespace'
).split(' ');
/** How the keys begin that are of control groups. */
const OF_CONTROL_GROUPS = ['CPU', 'Memory', 'Tasks', 'IO', 'Block', 'Slice', 'Delegate', 'Device', 'IP'];

function hintFor(key: string): string {
  const begins = (words: readonly string[]): boolean => words.some((word) => key.startsWith(word));
  if (begins(CONFINING)) return 'overseer confines no job; run it below a tool that does, such as bwrap';
  if (begins(OF_CONTROL_GROUPS)) return 'overseer makes no control groups';
  return 'overseer has nothing that is like it';
}

const times =
  (key: string): Reader =>
  (draft, value, { into, from }) => {
    const seconds = value === 'infinity' ? 2_147_483 : secondsIn(value);
    if (seconds === null) into.remark(from, `this is no time: ${value}`);
    else draft.set(key, seconds);
  };

const limit =
  (name: string): Reader =>
  (draft, value, { into, from }) => {
    const [soft = ''] = value.split(':');
    const number =
      name === 'cpu' ? secondsIn(soft) : isLimitOfBytes(name) ? sizeBytes(sizeHere(soft)) : Number(soft);
    const limited =
      soft === 'infinity' ? 'unlimited' : soft === '0' ? 0 : number === null ? null : limitHere(name, number);
    if (limited === null || Number.isNaN(limited)) into.remark(from, `this limit is left out: ${value}`);
    else into.set(draft, 'limits', { ...draft.table('limits'), [name]: limited }, from);
  };

export const READERS: Readonly<Record<string, Reader>> = {
  Description: (draft, value, context) => void draft.set('description', plain(value, context)),
  ExecStart: (draft, value, context) => {
    const before = draft.keys.get('job_command');
    const command = commandOf(value, context);
    // Those of a oneshot run one after the other.
    draft.set(
      'job_command',
      before === undefined ? command : { exe: 'sh', args: ['-c', `${lineOf(before)} && ${lineOf(command)}`] },
    );
  },
  ExecCondition: (draft, value, context) => void draft.set('test_command', commandOf(value, context)),
  ExecStartPre: 'make it a job of its own with restart = "never", and name it in "after"',
  ExecStartPost: () => {},
  ExecStop: 'overseer stops a job by a signal: "stop_signal"',
  ExecStopPost: 'the key "on" runs a command when a job has stopped: on = { stopped = "…" }',
  ExecReload: '`overseer signal HUP NAME` does it',
  Type: (draft, value, { into, from }) => {
    if (value === 'oneshot') into.waitForEnd(draft);
    if (value === 'forking') into.remark(from, 'Type=forking: have the program stay in the foreground');
    else if (value === 'notify' || value === 'notify-reload' || value === 'dbus')
      into.remark(
        from,
        `Type=${value}: overseer hears no such message; "ready" asks a port, a URL, a command or the log`,
      );
  },
  Restart: (draft, value, { into, from }) => {
    const known: Readonly<Record<string, string>> = {
      no: 'never',
      always: 'always',
      'on-failure': 'on-failure',
      'on-abnormal': 'on-failure',
      'on-abort': 'on-failure',
      'on-watchdog': 'on-failure',
    };
    const restart = known[value];
    if (restart === undefined)
      into.remark(
        from,
        `Restart=${value} is taken for "always": overseer has no restart after success alone`,
      );
    else if (!['no', 'always', 'on-failure'].includes(value))
      into.remark(from, `Restart=${value} is taken for "on-failure"`);
    draft.set('restart', restart ?? 'always');
  },
  RestartSec: (draft, value, { into, from }) => {
    const seconds = secondsIn(value);
    if (seconds === null) into.remark(from, `this is no time: ${value}`);
    else draft.set('backoff', { min: seconds, max: seconds, factor: 1 });
  },
  SuccessExitStatus: (draft, value, { into, from }) => {
    const codes = value
      .split(/\s+/)
      .filter((each) => /^\d+$/.test(each))
      .map(Number);
    const rest = value.split(/\s+/).filter((each) => !/^\d+$/.test(each));
    if (codes.length > 0) draft.set('success_codes', [...new Set([0, ...codes])]);
    if (rest.length > 0)
      into.remark(from, `${rest.join(' ')} is left out of the success codes: only numbers count`);
  },
  WorkingDirectory: (draft, value, context) => void draft.set('cwd', plain(value.replace(/^-/, ''), context)),
  Environment: (draft, value, context) => {
    for (const word of unitWords(value) ?? []) {
      const at = word.indexOf('=');
      if (at > 0)
        draft.set('env', {
          ...draft.table('env'),
          [word.slice(0, at)]: envText(plain(word.slice(at + 1), context)),
        });
    }
  },
  EnvironmentFile: (draft, value, context) => {
    const file = plain(value.replace(/^-/, ''), context);
    if (!context.source.hasFile(file))
      return context.into.remark(
        context.from,
        `${file} is not there, so it is left out: add it to "env_file" when it is`,
      );
    draft.set('env_file', [...draft.list('env_file'), file]);
  },
  PassEnvironment: 'write env = { NAME = "${NAME}" } for what is of the base environment',
  UMask: (draft, value) => void draft.set('umask', value.replace(/^0+(?=\d{3})/, '')),
  Nice: (draft, value, { into, from }) => into.set(draft, 'nice', Number(value), from),
  KillSignal: (draft, value) => void draft.set('stop_signal', value),
  TimeoutStopSec: times('stop_timeout'),
  TimeoutSec: times('stop_timeout'),
  MemoryMax: (draft, value, { into, from }) =>
    value === 'infinity' ? undefined : into.set(draft, 'max_memory', sizeHere(value), from),
  LimitNOFILE: limit('nofile'),
  LimitNPROC: limit('nproc'),
  LimitCORE: limit('core'),
  LimitSTACK: limit('stack'),
  LimitFSIZE: limit('fsize'),
  LimitCPU: limit('cpu'),
  LimitMEMLOCK: limit('memlock'),
  LimitDATA: limit('data'),
  LimitAS: limit('as'),
  KillMode: (_, value, { into, from }) => {
    if (value === 'mixed')
      into.remark(from, 'KillMode=mixed: overseer sends its signals to the whole process group of a job');
    else if (value !== 'control-group')
      into.remark(from, `KillMode=${value}: overseer ends the whole process group of a job`);
  },
  User: (_, value, { into, from, source }) => {
    if (value !== source.user)
      into.remark(from, `overseer runs every job as you, not as ${value}: run an overseer as that user`);
  },
  Group: 'overseer runs every job as you',
  StandardOutput: logged,
  StandardError: logged,
  StandardInput: 'standard input is empty, or with "stdin = true" what `overseer send` writes',
  SyslogIdentifier: 'each job has a log of its own',
  After: ordered,
  Requires: ordered,
  Requisite: ordered,
  BindsTo: ordered,
  Wants: ordered,
  PartOf: '`overseer stop` takes several names, or a tag: name',
  Before: 'name this job in "after" of the other one',
  OnFailure: 'the key "on" runs a command when the job fails: on = { failed = "…" }',
  ConditionPathExists: (draft, value, { into, from }) => {
    const test = value.replace(/^[|!]*/, '');
    if (draft.keys.has('test_command'))
      return into.remark(from, 'a job has one test_command: put both conditions into it');
    draft.set(
      'test_command',
      value.includes('!')
        ? { exe: 'sh', args: ['-c', `test ! -e ${shellQuoted(test)}`] }
        : wordsCommand(['test', '-e', test]),
    );
  },
  StartLimitBurst: (draft, value) => void draft.set('max_restarts', Number(value)),
  StartLimitIntervalSec: 'the count of failures is back at zero after 30 s of running',
  StartLimitInterval: 'the count of failures is back at zero after 30 s of running',
  RemainAfterExit: () => {},
  Documentation: () => {},
  DefaultDependencies: () => {},
  TimeoutStartSec: () => {},
  WatchdogSec: '"alive" asks a running job by a command, a port or a URL',
  RuntimeMaxSec: 'run the program below timeout(1)',
};

function logged(_: JobDraft, value: string, { into, from }: Context): void {
  if (!/^(journal|inherit|null|)$/.test(value))
    into.remark(from, `what the job prints goes to its log, not to ${value}`);
}

function ordered(draft: JobDraft, value: string, { into, from }: Context): void {
  for (const name of value.split(/\s+/))
    if (!/\.(target|slice)$/.test(name)) into.after(draft, name.replace(/\.service$/, ''), from);
}

/** systemd splits words itself and fills in variables, for which a shell stands here. */
function commandOf(value: string, context: Context): TomlValue {
  const prefix = /^[-@:+!|]*/.exec(value)?.[0] ?? '';
  if (prefix.includes('-'))
    context.into.remark(context.from, 'the "-" before the program is left out: a failure counts');
  if (/[@+!]/.test(prefix))
    context.into.remark(context.from, `the "${prefix}" before the program is left out`);
  const words = (unitWords(value.slice(prefix.length)) ?? [value]).map((word) => plain(word, context));
  // In a longer word a variable needs braces.
  const isFilledIn = (word: string): boolean => /^\$\w+$|\$\{/.test(word.replaceAll('$$', ''));
  const hasVariables = !prefix.includes(':') && words.some(isFilledIn);
  if (!hasVariables) return wordsCommand(words.map((word) => word.replaceAll('$$', () => '$')));
  // A variable that is a whole word without braces is split at its blanks.
  const line = words.map((word) =>
    /^\$\w+$/.test(word) ? word : /\$/.test(word) ? inQuotes(word) : shellQuoted(word),
  );
  return { exe: 'sh', args: ['-c', `exec ${line.join(' ')}`] };
}

/** For a shell, which fills in what is in braces. */
const inQuotes = (word: string): string =>
  `"${word.replace(/["\\`]/g, (sign) => `\\${sign}`).replace(/\$\$|\$(?!\{)/g, () => String.raw`\$`)}"`;

function lineOf(command: TomlValue): string {
  if (typeof command === 'string') return command;
  const { exe, args } = command as { readonly exe: string; readonly args: readonly string[] };
  return exe === 'sh' && args[0] === '-c' ? `(${args[1]})` : [exe, ...args].map(shellQuoted).join(' ');
}

/** The specifiers that mean something for a user's own unit. */
function plain(text: string, { unit, source, into, from }: Context): string {
  const [, instance = ''] = /@(.*)$/.exec(unit.name) ?? [];
  const known: Readonly<Record<string, string>> = {
    '%': '%',
    h: source.home,
    u: source.user,
    n: `${unit.name}.service`,
    N: unit.name,
    p: unit.name.replace(/@.*/, ''),
    i: instance,
    I: instance,
    t: source.environment['XDG_RUNTIME_DIR'] ?? '/run',
    E: `${source.home}/.config`,
    S: `${source.home}/.config`,
    C: `${source.home}/.cache`,
    T: '/tmp',
    s: source.environment['SHELL'] ?? '/bin/sh',
  };
  return text.replace(/%([%a-zA-Z])/g, (whole, letter: string) => {
    const value = known[letter];
    if (/^[iI]$/.test(letter) && instance === '')
      into.remark(
        from,
        `${whole} is the name of an instance, of which a template has none: write a job for each, or ` +
          'let a shell fill in $OVERSEER_INSTANCE',
      );
    if (value === undefined)
      into.remark(from, `${whole} is no specifier that overseer fills in, so it stays as it is`);
    return value ?? whole;
  });
}
