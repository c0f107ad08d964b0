import { KEYS } from '../config/schema/keys.ts';
import { RESERVED_NAMES } from '../config/values/own-variables.ts';

/** A value as TOML has it. */
export type TomlValue =
  | string
  | number
  | boolean
  | readonly TomlValue[]
  | { readonly [name: string]: TomlValue };

/** A value as text: as it is where it is one. */
export const plainText = (value: TomlValue | undefined): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? '');

/** What could not be carried over, where it stands, and what to do instead. */
export interface Remark {
  readonly file: string;
  /** Null where it is about the whole file. */
  readonly line: number | null;
  readonly message: string;
}

/** A line of a file that is being imported. */
export interface ImportSpot {
  readonly file: string;
  readonly line: number;
}

const KNOWN_KEYS: ReadonlySet<string> = new Set(KEYS.map(({ name }) => name));
const NAME_LENGTH = 64;

/** Other tools run it whenever they themselves begin. */
export const RUNS_ONCE =
  'a job with restart = "never" runs once and is finished from then on: `overseer start NAME` ' +
  'runs it again; with schedule = "@yearly" and run_at_start = true it runs whenever the daemon ' +
  'starts';

/** One `[[jobs]]` table that is to be written. */
export class JobDraft {
  readonly name: string;
  readonly from: ImportSpot;
  readonly keys = new Map<string, TomlValue>();

  constructor(name: string, from: ImportSpot) {
    this.name = name;
    this.from = from;
  }

  set(key: string, value: TomlValue): this {
    this.keys.set(key, value);
    return this;
  }

  text(key: string): string | null {
    const value = this.keys.get(key);
    return typeof value === 'string' ? value : null;
  }

  table(key: string): Readonly<Record<string, TomlValue>> {
    const value = this.keys.get(key);
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, TomlValue>) : {};
  }

  list(key: string): readonly TomlValue[] {
    const value = this.keys.get(key);
    return Array.isArray(value) ? value : [];
  }

  /** Adds variables; those that are there already stay. */
  addEnv(variables: Readonly<Record<string, string>>): void {
    if (Object.keys(variables).length > 0) this.set('env', { ...variables, ...this.table('env') });
  }
}

/** What an import has come to so far. */
export class Import {
  readonly drafts: JobDraft[] = [];
  readonly remarks: Remark[] = [];
  readonly #seen = new Set<string>();
  readonly #ending = new Set<JobDraft>();
  readonly #wanted: { readonly draft: JobDraft; readonly name: string; readonly from: ImportSpot }[] = [];

  /** Whether this was asked of the same file before. */
  hasSeen(file: string): boolean {
    const isSeen = this.#seen.has(file);
    this.#seen.add(file);
    return isSeen;
  }

  /** A job of this name, made fit for one, and another one where the name is taken. */
  draft(wanted: string, from: ImportSpot): JobDraft {
    const stem = fitName(wanted);
    const taken = new Set(this.drafts.map(({ name }) => name.toLowerCase()));
    let name = stem;
    for (let count = 2; taken.has(name.toLowerCase()); count += 1)
      name = `${stem.slice(0, NAME_LENGTH - 5)}-${count}`;
    if (stem !== wanted)
      this.remark(
        from,
        `the name ${JSON.stringify(wanted)} cannot be that of a job here: it is called ${name}`,
      );
    else if (name !== wanted)
      this.remark(from, `there is a job ${wanted} already, so this one is called ${name}`);
    const draft = new JobDraft(name, from);
    this.drafts.push(draft);
    return draft;
  }

  /** The jobs after this one wait for its end, not for its start. */
  waitForEnd(draft: JobDraft): void {
    this.#ending.add(draft);
  }

  /** Puts the job after another one if that one is imported as well; if not, a remark says so. */
  after(draft: JobDraft, name: string, from: ImportSpot): void {
    this.#wanted.push({ draft, name, from });
  }

  /** What can be known only when every file has been read. */
  finish(): void {
    for (const draft of this.drafts) {
      this.#withoutOwnVariables(draft);
      this.#noteTildes(draft);
    }
    for (const { draft, name, from } of this.#wanted) {
      const other = this.drafts.find((each) => each !== draft && each.name === name);
      if (other !== undefined) this.#putAfter(draft, other);
      else this.remark(from, `${name} is no job of this import: where it is one, name it in "after"`);
    }
    const files = [...new Set(this.remarks.map(({ file }) => file))];
    this.remarks.sort(
      (one, other) =>
        files.indexOf(one.file) - files.indexOf(other.file) ||
        (one.line ?? Number.MAX_SAFE_INTEGER) - (other.line ?? Number.MAX_SAFE_INTEGER),
    );
  }

  #putAfter(draft: JobDraft, other: JobDraft): void {
    const isNamed = draft
      .list('after')
      .some((each) => (typeof each === 'string' ? each : (each as { job: string }).job) === other.name);
    if (isNamed) return;
    const { keys, name } = other;
    const isOneShot = keys.get('restart') === 'never' && !keys.has('ready') && !keys.has('schedule');
    const isEnding = this.#ending.has(other);
    const isSaid = isOneShot === isEnding || keys.has('schedule');
    const after = isSaid ? name : { job: name, is: isEnding ? 'finished' : 'running' };
    draft.set('after', [...draft.list('after'), after]);
  }

  /** What an export wrote for overseer, overseer sets itself. */
  #withoutOwnVariables(draft: JobDraft): void {
    const env = draft.table('env');
    const others = Object.entries(env).filter(([name]) => !RESERVED_NAMES.includes(name));
    if (others.length === Object.keys(env).length) return;
    for (const name of RESERVED_NAMES)
      if (env[name] !== undefined && env[name] !== draft.name && name !== 'OVERSEER_INSTANCE')
        this.remark(draft.from, `${name} is left out of env: overseer itself sets it`);
    if (others.length === 0) draft.keys.delete('env');
    else draft.set('env', Object.fromEntries(others));
  }

  /** Only a shell, or a program itself, knows a tilde in a variable of other tools. */
  #noteTildes(draft: JobDraft): void {
    for (const [name, value] of Object.entries(draft.table('env')))
      if (typeof value === 'string' && value.startsWith('~/'))
        this.remark(draft.from, `${name} begins with ~/, for which the home folder is put in here`);
  }

  drop(draft: JobDraft): void {
    this.drafts.splice(this.drafts.indexOf(draft), 1);
  }

  remark({ file, line }: { readonly file: string; readonly line: number | null }, message: string): void {
    if (!this.remarks.some((each) => each.file === file && each.line === line && each.message === message))
      this.remarks.push({ file, line, message });
  }

  /** Sets a key; in a version of overseer that has none of this name, it is said. */
  set(draft: JobDraft, key: string, value: TomlValue, from: ImportSpot = draft.from): void {
    if (KNOWN_KEYS.has(key)) draft.set(key, value);
    else this.remark(from, `this overseer has no key "${key}", which would be ${JSON.stringify(value)}`);
  }
}

/** The nearest text that may name a job. */
function fitName(wanted: string): string {
  const fit = wanted
    .replace(/[^A-Za-z0-9_.@:-]+/g, '-')
    .replace(/^[^A-Za-z0-9_]+/, '')
    .replace(/-+$/, '')
    .slice(0, NAME_LENGTH);
  return fit === '' ? 'job' : fit;
}
