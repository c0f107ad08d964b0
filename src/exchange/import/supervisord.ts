import { dirname, join, resolve } from 'node:path';
import { envText, wordsCommand } from '../commands.ts';
import type { JobDraft, Import, ImportSpot } from '../draft.ts';
import { readIni, type IniEntry, type IniSection } from '../syntax/ini.ts';
import { quotedWords } from '../syntax/quoted-words.ts';
import type { ImportSource } from './source.ts';

interface Found extends IniSection {
  readonly file: string;
}

/** More copies than this are a slip of the finger. */
const MOST_COPIES = 1000;

/** What supervisord itself needs and a job does not. */
const OF_THE_DAEMON = /^(supervisord|supervisorctl|unix_http_server|inet_http_server|rpcinterface:.*)$/;

/** supervisord.conf, with what it includes. */
export function importSupervisord(source: ImportSource, into: Import): void {
  const sections = sectionsOf(source, into);
  const shared = environmentOf(
    sections.find(({ name }) => name === 'supervisord'),
    source,
    into,
  );
  for (const section of sections) {
    const from = { file: section.file, line: section.line };
    const [kind = '', name = ''] = section.name.split(/:(.*)/s);
    if (kind === 'program') importProgram(section, name, { source, into, shared });
    else if (kind === 'eventlistener' || kind === 'fcgi-program')
      into.remark(
        from,
        `[${section.name}] speaks a protocol of supervisord, so it is left out: \`overseer events ` +
          `--json\` tells what happens, and a socket is the program's own to open`,
      );
    else if (kind !== 'group' && kind !== 'include' && !OF_THE_DAEMON.test(section.name))
      into.remark(from, `[${section.name}] is no section that overseer knows of, so it is left out`);
  }
  for (const section of sections.filter(({ name }) => name.startsWith('group:'))) group(section, into);
}

function sectionsOf(source: ImportSource, into: Import): readonly Found[] {
  const reading = (text: string, file: string): readonly Found[] => {
    const { sections, strays } = readIni(text, 'supervisord');
    for (const { line, text: stray } of strays)
      into.remark({ file, line }, `this belongs to no section, so it is left out: ${stray}`);
    return sections.map((section) => ({ ...section, file }));
  };
  const own = reading(source.text, source.file);
  for (const { name, entries, file, line } of own)
    if (name === 'supervisord')
      for (const { key } of entries)
        if (['umask', 'user', 'minfds', 'minprocs', 'directory'].includes(key))
          into.remark(
            { file, line: entries.find((each) => each.key === key)?.line ?? line },
            `${key} of supervisord itself is left out: a job has "umask", "limits" and "cwd" of its own`,
          );
  const included = own
    .filter(({ name }) => name === 'include')
    .flatMap(({ entries }) => entries.filter(({ key }) => key === 'files'))
    .flatMap(({ value, line }) =>
      value.split(/\s+/).flatMap((glob) => {
        const files = source.matching(glob.replaceAll('%(here)s', dirname(source.file)));
        if (files.length === 0) into.remark({ file: source.file, line }, `no file matches ${glob}`);
        return files.flatMap((name) => {
          const file = resolve(dirname(source.file), name);
          const text = source.other(file);
          if (text === null) into.remark({ file: source.file, line }, `${name} cannot be read`);
          const found = reading(text ?? '', file);
          for (const { name: section, line: at } of found)
            if (section === 'include')
              into.remark({ file, line: at }, 'supervisord follows no [include] of an included file');
          return found;
        });
      }),
    );
  return [...own, ...included];
}

interface Context {
  readonly source: ImportSource;
  readonly into: Import;
  readonly shared: Readonly<Record<string, string>>;
}

/**
 * supervisord starts one copy for each number; only where the number is nowhere used are they instances of
 * one job.
 */
function importProgram(section: Found, name: string, context: Context): void {
  const entry = (key: string): IniEntry | undefined => section.entries.find((each) => each.key === key);
  const wanted = entry('numprocs');
  const count = Number(wanted?.value ?? 1);
  const first = Number(entry('numprocs_start')?.value ?? 0);
  if (wanted !== undefined && !(count >= 1 && count <= MOST_COPIES)) {
    context.into.remark(
      { file: section.file, line: wanted.line },
      `numprocs=${wanted.value} is left out: it is no number from 1 to ${MOST_COPIES}`,
    );
    return importCopy(section, name, { ...context, program: name, number: first, count: 1 }, []);
  }
  const usesNumber = section.entries.some(
    ({ key, value }) => key !== 'process_name' && /%\(process_num\)|%\(process_name\)/.test(value),
  );
  if (count > 1 && usesNumber)
    for (let number = first; number < first + count; number += 1)
      importCopy(section, `${name}-${number}`, { ...context, program: name, number, count }, []);
  else
    importCopy(section, name, { ...context, program: name, number: first, count }, count > 1 ? [count] : []);
}

interface Copy extends Context {
  readonly program: string;
  readonly number: number;
  readonly count: number;
}

function importCopy(section: Found, name: string, copy: Copy, [instances]: readonly number[]): void {
  const { into, source } = copy;
  const draft = into.draft(name, { file: section.file, line: section.line });
  draft.set('cwd', dirname(source.file));
  if (instances !== undefined) draft.set('instances', instances);
  else if (copy.count > 1) draft.set('tags', [copy.program]);
  // The default of `autorestart` is "unexpected", and only exit code 0 is expected.
  draft.set('restart', 'on-failure');
  for (const { key, value, line } of section.entries) {
    const from = { file: section.file, line };
    const read = READERS[key];
    if (read === undefined) into.remark(from, `${key} is left out: overseer has nothing that is like it`);
    else
      read(draft, key === 'process_name' ? value : expanded(value, copy, from), { ...copy, from, section });
  }
  draft.addEnv(copy.shared);
  if (!draft.keys.has('job_command')) {
    into.remark(draft.from, `[${section.name}] has no command, so it is left out`);
    into.drop(draft);
  }
}

type Reader = (
  draft: JobDraft,
  value: string,
  context: Copy & { readonly from: ImportSpot; readonly section: Found },
) => void;

const logged: Reader = (_, value, { into, from }) =>
  into.remark(from, `what the job prints goes to its log, which \`overseer logs\` shows, not to ${value}`);
const same: Reader = () => {};

export const READERS: Readonly<Record<string, Reader>> = {
  command: (draft, value, { into, from }) => {
    const words = quotedWords(value);
    if (words === null) into.remark(from, `a quote is never closed: ${value}`);
    else draft.set('job_command', wordsCommand(words));
  },
  directory: (draft, value, { source }) =>
    void draft.set(
      'cwd',
      value.startsWith('/') || value.startsWith('~') ? value : join(dirname(source.file), value),
    ),
  environment: (draft, value, { into, from }) => {
    const variables = pairs(value);
    if (variables === null) into.remark(from, `this is no list of KEY="value": ${value}`);
    else draft.set('env', { ...draft.table('env'), ...variables });
  },
  numprocs: same,
  numprocs_start: same,
  process_name: (_, value, { into, from, program }) => {
    if (!/^(%\(program_name\)s|%\(process_num\)\d*[ds]|[_:.-])*$/.test(value) && value !== program)
      into.remark(from, `the names of copies are NAME@1, NAME@2 …, not ${value}`);
  },
  autostart: (draft, value, { into, from }) => {
    if (isNo(value)) into.set(draft, 'enabled', false, from);
  },
  autorestart: (draft, value) =>
    void draft.set('restart', value === 'unexpected' ? 'on-failure' : isNo(value) ? 'never' : 'always'),
  exitcodes: (draft, value) => {
    const codes = value.split(',').map(Number);
    if (String(codes) !== '0') draft.set('success_codes', codes);
  },
  startsecs: (draft, value) => void draft.set('start_seconds', Number(value)),
  startretries: (draft, value, { into, from, section }) => {
    const policy = section.entries.find(({ key }) => key === 'autorestart')?.value ?? 'unexpected';
    // supervisord does not count the first start.
    if (policy !== 'unexpected' && !isNo(policy)) draft.set('max_restarts', Number(value) + 1);
    else
      into.remark(
        from,
        'startretries is left out: of a job that is meant to end max_restarts counts every run that fails',
      );
  },
  stopsignal: (draft, value) =>
    void draft.set('stop_signal', `SIG${value.toUpperCase().replace(/^SIG/, '')}`),
  stopwaitsecs: (draft, value) => void draft.set('stop_timeout', Number(value)),
  stopasgroup: wholeGroup('stopasgroup'),
  killasgroup: wholeGroup('killasgroup'),
  umask: (draft, value) => void draft.set('umask', value.padStart(3, '0').slice(-4)),
  user: (_, value, { into, from, source }) => {
    if (value !== source.user)
      into.remark(from, `overseer runs every job as you, not as ${value}: run an overseer as that user`);
  },
  priority: (_, value, { into, from }) =>
    into.remark(
      from,
      `priority ${value} is left out: name the jobs that are to be up before this one in "after"`,
    ),
  redirect_stderr: same,
  stdout_logfile: logged,
  stderr_logfile: logged,
  stdout_logfile_maxbytes: (draft, value) => {
    if (value !== '0')
      draft.set('log', {
        ...draft.table('log'),
        max_size: value
          .replace(/([KMG])B$/i, (_, unit: string) => `${unit.toUpperCase()}iB`)
          .replace(/^(\d+)$/, '$1B'),
      });
  },
  stdout_logfile_backups: (draft, value) =>
    void draft.set('log', { ...draft.table('log'), keep: Number(value) }),
};

function wholeGroup(key: string): Reader {
  return (_, value, { into, from }) => {
    if (isNo(value))
      into.remark(from, `${key}=${value}: signals go to the whole process group of a job here`);
  };
}

const isNo = (value: string): boolean => /^(false|no|off|0)$/i.test(value);

function environmentOf(
  section: Found | undefined,
  source: ImportSource,
  into: Import,
): Readonly<Record<string, string>> {
  const entry = section?.entries.find(({ key }) => key === 'environment');
  if (section === undefined || entry === undefined) return {};
  const from = { file: section.file, line: entry.line };
  const copy = { source, into, shared: {}, program: '', number: 0, count: 1 };
  const variables = pairs(expanded(entry.value, copy, from));
  if (variables === null) into.remark(from, `this is no list of KEY="value": ${entry.value}`);
  return variables ?? {};
}

/** `KEY="val,ue",KEY2=value`. */
function pairs(text: string): Readonly<Record<string, string>> | null {
  const found: Record<string, string> = {};
  const one = /\s*,?\s*([A-Za-z_][\w.]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]*))\s*/y;
  while (one.lastIndex < text.length) {
    const match = one.exec(text);
    if (match === null) return null;
    const [, name = '', double, single, plain] = match;
    found[name] = envText(double ?? single ?? plain ?? '');
  }
  return found;
}

/** Python's `%(name)s`, which supervisord fills in when it starts. */
function expanded(text: string, { source, into, program, number, count }: Copy, from: ImportSpot): string {
  const known: Readonly<Record<string, string>> = {
    program_name: program,
    process_num: String(number),
    process_name: count > 1 ? `${program}-${number}` : program,
    group_name: program,
    numprocs: String(count),
    here: dirname(source.file),
    host_node_name: source.environment['HOSTNAME'] ?? 'localhost',
  };
  return text.replace(/%(?:%|\(([^)]+)\)(0?\d*)[sd])/g, (whole, name: string | undefined, width: string) => {
    if (name === undefined) return '%';
    const variable = name.startsWith('ENV_') ? name.slice(4) : null;
    const value = variable === null ? known[name] : source.environment[variable];
    if (value === undefined)
      into.remark(from, `${whole} is nothing that is known here, so it stays as it is`);
    else if (variable !== null)
      into.remark(from, `${whole} is what ${variable} holds in this shell now; it will not follow a change`);
    return value?.padStart(Number(width), '0') ?? whole;
  });
}

function group({ file, line, name, entries }: Found, into: Import): void {
  const tag = name.slice('group:'.length);
  for (const { key, value, line: at } of entries) {
    if (key !== 'programs')
      into.remark(
        { file, line: at },
        `${key} of a group is left out: name the jobs that are to be up before others in "after"`,
      );
    else
      for (const program of value.split(/[\s,]+/)) {
        const drafts = into.drafts.filter(
          (each) => each.name === program || each.list('tags').includes(program),
        );
        for (const draft of drafts) into.set(draft, 'tags', [...draft.list('tags'), tag], { file, line });
        if (drafts.length === 0)
          into.remark({ file, line: at }, `the group names ${program}, which is no program`);
      }
  }
}
