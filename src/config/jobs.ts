import type { Job } from './config.ts';
import { ConfigDocument, isTable, Place, type Table } from './toml/document.ts';
import type { EnvFiles } from './values/env-files.ts';
import { partsOfInstance } from './instance-name.ts';
import { KEYS, type Key, type KeyName } from './schema/keys.ts';
import { readSettings, type Bases, type Settings } from './values/settings.ts';
import { expandReferences, withReferences } from './values/references.ts';
import { resolveAlive, resolveReady } from './values/ready.ts';
import { wordForTag } from './tag-word.ts';
import { ownVariables } from './values/own-variables.ts';
import { Source } from './toml/source.ts';

/** Everything but what only a job of one's own can have. */
type Filled = Omit<Settings, 'name' | 'command'> & Partial<Settings>;

/** One `[[jobs]]` table, as far as it could be read. */
export interface Draft {
  readonly place: Place;
  readonly own: Partial<Settings>;
  /** With the values of `[defaults]` and overseer's own defaults. */
  readonly full: Filled;
  /** The name as the file has it, valid or not. */
  readonly writtenName: unknown;
  /** The place of `[defaults]`, if there is any. */
  readonly defaults: Place | null;
}

/** All jobs of all documents, in order. */
export function readDrafts(documents: readonly ConfigDocument[], options: Bases): readonly Draft[] {
  const builtin = builtinSettings(options);
  const defaults = theDefaults(documents);
  const below = defaults === null ? builtin : overlay(builtin, read(defaults, options));
  return documents.flatMap(jobTables).map((job) => {
    const own = read(job, options);
    const full = overlay(below, own);
    return { place: job.place, own, full, writtenName: job.table['name'], defaults: defaults?.place ?? null };
  });
}

/** The job with its `env_file`s read; null where a problem has left it without a name or a command. */
export function makeJob(
  draft: Draft,
  files: EnvFiles,
  base: Readonly<Record<string, string>> | null,
): Job | null {
  const { place, own, full, defaults } = draft;
  const { name, command, envFiles, ...rest } = full;
  const cwdFrom = own.cwd === undefined && !place.at('cwd').isRefused ? defaults : place;
  const envFromFiles = cwdFrom?.at('cwd').isRefused ? {} : files.read(envFiles, full.cwd);
  if (base !== null) checkReferences(draft, { ...base, ...envFromFiles }, base['HOME'] ?? '');
  if (name === undefined || command === undefined) return null;
  const after = waitsFor(draft);
  const afterIs = Object.fromEntries(Object.entries(full.afterIs).filter(([other]) => after.includes(other)));
  return { ...rest, name, command, after, afterIs, envFromFiles };
}

/** Reports what in `env` refers to nothing; one place in [defaults] may be wrong for many jobs. */
function checkReferences(
  { place, own, full, defaults }: Draft,
  below: Readonly<Record<string, string>>,
  home: string,
): void {
  const instance = full.instances === null ? null : '1';
  const variables = { ...below, ...ownVariables(own.name ?? '', instance) };
  // If an env file cannot be read, it is not known which variables exist.
  const filesAreRefused = [place, defaults].some((each) => each?.at('env_file').isRefused === true);
  if (filesAreRefused) return;
  for (const [name, value] of Object.entries(full.env)) {
    const read = expandReferences(value, { variables, home: '' });
    const isOwn = own.env !== undefined && Object.hasOwn(own.env, name);
    if (!read.ok)
      (isOwn ? place : (defaults ?? place))
        .at('env', name)
        .report(`env.${name}: ${read.message}`, 'value', read.at);
  }
  if (full.ready?.written === undefined && full.alive?.written === undefined) return;
  const env = Object.fromEntries(
    Object.entries(full.env).map(([name, value]) => [name, withReferences(value, { variables, home })]),
  );
  const known = { variables: { ...below, ...env, ...variables }, home };
  for (const key of ['ready', 'alive'] as const) {
    const probe = full[key];
    if (probe?.written === undefined) continue;
    const read = 'withinMs' in probe ? resolveReady(probe, known) : resolveAlive(probe, known);
    const owner = own[key] === undefined ? (defaults ?? place) : place;
    if (!read.ok) owner.at(key, probe.kind).report(`${key}.${probe.kind}: ${read.message}`, 'value', read.at);
  }
}

/** The names in `after`, each once. A name in [defaults] does not apply to the named job itself. */
export function waitsFor({ own, full }: Draft): readonly string[] {
  const isOwn = (other: string): boolean =>
    other === own.name ||
    full.tags.some((tag) => other === wordForTag(tag)) ||
    (full.instances !== null && partsOfInstance(other)?.job === own.name);
  return [...new Set(full.after)].filter((other) => own.after !== undefined || !isOwn(other));
}

interface PlacedTable {
  readonly table: Table;
  readonly place: Place;
}

function jobTables(document: ConfigDocument): readonly PlacedTable[] {
  const jobs: unknown = document.data['jobs'];
  if (!Array.isArray(jobs)) return [];
  return jobs.flatMap((table: unknown, index) =>
    isTable(table) ? [{ table, place: new Place(document, ['jobs', index]) }] : [],
  );
}

/** The first `[defaults]` table. A second one, in any file, is a problem. */
function theDefaults(documents: readonly ConfigDocument[]): PlacedTable | null {
  const found = documents.flatMap((document) => {
    const table = document.data['defaults'];
    return isTable(table) ? [{ table, place: new Place(document, ['defaults']) }] : [];
  });
  const [first, ...others] = found;
  for (const { place } of others)
    place.report(`only one such table is allowed, and the first is at ${first?.place.written}`, 'key');
  return first ?? null;
}

function read({ table, place }: PlacedTable, bases: Bases): Partial<Settings> {
  return readSettings(table, place, bases);
}

/** Tables are replaced whole, but `env` is merged. */
function overlay(below: Filled, above: Partial<Settings>): Filled {
  return { ...below, ...above, env: { ...below.env, ...above.env } };
}

const UNSET = {
  test: null,
  umask: null,
  testIntervalMs: null,
  ready: null,
  schedule: null,
  instances: null,
  description: null,
  nice: null,
  alive: null,
  maxMemoryBytes: null,
  envFiles: [],
};

/** Our own defaults are read like the user's, so that the list of keys is the one place that states them. */
function builtinSettings(bases: Bases): Filled {
  const keys: readonly (Key & { readonly name: KeyName })[] = KEYS;
  const stated = keys
    .filter(({ default: value }) => value !== null)
    .map(({ name, default: value }) => [name, value]);
  const nowhere = new Place(new ConfigDocument(new Source('', ''), {}), []);
  const settings = { ...UNSET, ...readSettings(Object.fromEntries(stated), nowhere, bases) } as Filled;
  return bases.folder === null ? settings : { ...settings, cwd: bases.folder };
}
