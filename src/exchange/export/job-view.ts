import { resolve } from 'node:path';
import { sizeBytes } from '../../config/values/size.ts';
import { splitWords } from '../../config/values/split-words.ts';
import { ownVariables } from '../../config/values/own-variables.ts';
import { withReferences, type Known } from '../../config/values/references.ts';
import { plainText, type JobDraft, type TomlValue } from '../draft.ts';

export interface ExportSurroundings {
  readonly home: string;
  /** Where jobs run if the config is a single file, and what a relative `cwd` counts from; else null. */
  readonly folder: string | null;
  /** The environment that jobs would get from a daemon that is started now. */
  readonly base: Readonly<Record<string, string>>;
  readonly image: string | null;
  /** The name of the zone in which schedules are meant; null if it has none. */
  readonly timeZone: string | null;
  /** What the files of `env_file` hold, by the name of the job. */
  readonly fromFiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

interface JobDependency {
  readonly job: string;
  readonly is: 'running' | 'finished' | null;
}

export interface Probe {
  readonly command: readonly string[] | null;
  readonly tcp: string | null;
  readonly http: string | null;
  readonly log: string | null;
  readonly interval: number | null;
  readonly timeout: number | null;
  readonly within: number | null;
  readonly failures: number | null;
}

/** What may refer to variables, with their values. */
interface Referring {
  readonly env: Readonly<Record<string, string>>;
  readonly ready: Probe | null;
  readonly alive: Probe | null;
}

/** A value with references: a variable of `env`, or the probe of a key, which has no name. */
export interface ReferringPlace {
  readonly key: 'env' | 'ready' | 'alive';
  readonly name: string | null;
}

/** One job as an exporter sees it: what is written, with paths made whole and words split. */
export interface JobView extends Referring {
  readonly name: string;
  readonly draft: JobDraft;
  readonly words: readonly string[];
  readonly test: readonly string[] | null;
  readonly cwd: string;
  /** The same for another copy than the first; the number may be any text that stands for it. */
  readonly ofCopy: (number: string) => Referring;
  /** What was looked up in the environment now. */
  readonly looked: readonly ReferringPlace[];
  /** What differs from copy to copy. */
  readonly numbered: readonly ReferringPlace[];
  readonly envFiles: readonly string[];
  /** What they hold now. */
  readonly envFromFiles: Readonly<Record<string, string>>;
  readonly restart: 'always' | 'on-failure' | 'never';
  readonly schedule: string | null;
  readonly instances: number | null;
  readonly after: readonly JobDependency[];
  readonly stopTimeout: number;
  readonly successCodes: readonly number[];
  readonly isOnce: boolean;
  /** In bytes. */
  readonly maxMemory: number | null;
}

/** Whether the config keeps it from starting by itself. */
export const isOff = ({ draft }: JobView): boolean => draft.keys.get('enabled') === false;

export function viewOf(draft: JobDraft, surroundings: ExportSurroundings): JobView {
  const { home, folder, base, fromFiles } = surroundings;
  const cwd = resolve(folder ?? home, folderOf(draft.text('cwd') ?? '', home));
  const envFromFiles = fromFiles[draft.name] ?? {};
  const instances =
    typeof draft.keys.get('instances') === 'number' ? Number(draft.keys.get('instances')) : null;
  const ofCopy = (number: string | null): Referring =>
    referring(draft, { variables: { ...base, ...envFromFiles, ...ownVariables(draft.name, number) }, home });
  const own = Object.keys({ ...envFromFiles, ...ownVariables('', '1') });
  const restart = (draft.text('restart') ?? 'always') as JobView['restart'];
  const schedule = draft.text('schedule');
  const codes = draft.list('success_codes').map(Number);
  return {
    name: draft.name,
    draft,
    words: wordsOf(draft.keys.get('job_command')) ?? [],
    test: wordsOf(draft.keys.get('test_command')),
    cwd,
    ...ofCopy(instances === null ? null : '1'),
    ofCopy,
    looked: placesThat(draft, (names) => names.some((name) => !own.includes(name))),
    numbered: instances === null ? [] : placesThat(draft, (names) => names.includes('OVERSEER_INSTANCE')),
    envFiles: [draft.keys.get('env_file') ?? []]
      .flat()
      .map((file) => resolve(cwd, folderOf(plainText(file), home))),
    envFromFiles,
    restart,
    schedule,
    instances,
    after: draft.list('after').map(dependencyOf),
    stopTimeout: Number(draft.keys.get('stop_timeout') ?? 10),
    successCodes: codes.length === 0 ? [0] : codes,
    isOnce: restart === 'never' && schedule === null && !draft.keys.has('ready'),
    maxMemory: bytesOf(draft.keys.get('max_memory')),
  };
}

function referring(draft: JobDraft, known: Known): Referring {
  const env = Object.fromEntries(
    Object.entries(draft.table('env')).map(([name, value]) => [
      name,
      withReferences(plainText(value), known),
    ]),
  );
  const { variables, home } = known;
  const probe = (key: 'ready' | 'alive'): Probe | null =>
    draft.keys.has(key) ? probeOf(draft.table(key), { variables: { ...variables, ...env }, home }) : null;
  return { env, ready: probe('ready'), alive: probe('alive') };
}

const bytesOf = (size: TomlValue | undefined): number | null =>
  typeof size === 'number' ? size : typeof size === 'string' ? sizeBytes(size) : null;

/** A size as a number and the greatest unit of 1024 that divides it: `300` and `M`. */
export function inBinaryUnits(bytes: number): readonly [number, '' | 'K' | 'M' | 'G'] {
  const units = ['G', 'M', 'K'] as const;
  for (const [index, unit] of units.entries()) {
    const size = 1024 ** (units.length - index);
    if (bytes % size === 0) return [bytes / size, unit];
  }
  return [bytes, ''];
}

function wordsOf(command: TomlValue | undefined): readonly string[] | null {
  if (command === undefined) return null;
  if (typeof command !== 'string') {
    const { exe, args = [] } = command as { readonly exe: string; readonly args?: readonly string[] };
    return [exe, ...args];
  }
  const words = splitWords(command);
  return words.ok ? words.value : [command];
}

const folderOf = (path: string, home: string): string =>
  path.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, () => home);

const dependencyOf = (value: TomlValue): JobDependency =>
  typeof value === 'string'
    ? { job: value, is: null }
    : { job: String((value as { job: string }).job), is: (value as { is: 'running' | 'finished' }).is };

function probeOf(table: Readonly<Record<string, TomlValue>>, known: Known): Probe {
  const text = (key: string): string | null =>
    table[key] === undefined ? null : withReferences(plainText(table[key]), known);
  const number = (key: string): number | null => (table[key] === undefined ? null : Number(table[key]));
  return {
    command: wordsOf(table['command']),
    tcp: text('tcp'),
    http: text('http'),
    log: text('log'),
    interval: number('interval'),
    timeout: number('timeout'),
    within: number('within'),
    failures: number('failures'),
  };
}

const REFERENCE = /\$\$|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)/g;

/** The places that refer to such variables. A probe finds those of `env` before any other. */
function placesThat(
  draft: JobDraft,
  isMeant: (names: readonly string[]) => boolean,
): readonly ReferringPlace[] {
  const env = Object.keys(draft.table('env'));
  const namesIn = (value: TomlValue): readonly string[] =>
    [...plainText(value).matchAll(REFERENCE)].flatMap(({ groups }) => groups?.['name'] ?? []);
  const probes = (['ready', 'alive'] as const).flatMap((key) =>
    Object.entries(draft.table(key))
      .filter(([kind]) => ['tcp', 'http', 'log'].includes(kind))
      .map(([, value]) => ({ key, name: null, names: namesIn(value).filter((name) => !env.includes(name)) })),
  );
  const variables = Object.entries(draft.table('env')).map(
    ([name, value]) => ({ key: 'env', name, names: namesIn(value) }) as const,
  );
  return [...variables, ...probes]
    .filter(({ names }) => names.length > 0 && isMeant(names))
    .map(({ key, name }) => ({ key, name }));
}

/** A probe as a command that ends with 0 when it is passed; null for one of the log. */
export function probeWords({ command, tcp, http }: Probe): readonly string[] | null {
  if (command !== null) return command;
  if (http !== null) return ['curl', '-fsS', '-o', '/dev/null', http];
  if (tcp === null) return null;
  const at = tcp.lastIndexOf(':');
  return ['bash', '-c', `: < /dev/tcp/${withoutBrackets(tcp.slice(0, at))}/${tcp.slice(at + 1)}`];
}

/** An address of IPv6 has brackets only where a port comes after it. */
export const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
