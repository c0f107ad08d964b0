import { resolve } from 'node:path';
import type { Problem } from '../config.ts';
import type { Allowance } from '../allowance.ts';
import { decode } from '../toml/decode.ts';
import { parseDotenv } from './dotenv.ts';
import { readBytes } from '../toml/files.ts';
import { parsed, refused, type Parsed } from '../result.ts';
import type { EnvFile } from './settings.ts';
import { Source } from '../toml/source.ts';

const MAX_ENV_FILE_BYTES = 2 ** 20;
const MAX_ALL_BYTES = 16 * 2 ** 20;

type Env = Readonly<Record<string, string>>;

/** Reads each `env_file` once, however many jobs name it. */
export class EnvFiles {
  /** Problems inside the files, without excerpts: such files hold secrets. */
  readonly problems: Problem[] = [];
  readonly #read = new Map<string, Parsed<Env>>();
  readonly #allowance: Allowance;
  #bytesLeft = MAX_ALL_BYTES;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  /**
   * The merged content of the files; later files win. A file that cannot be read is reported where the config
   * names it.
   */
  read(files: readonly EnvFile[], cwd: string): Env {
    let env: Env = {};
    for (const [index, { path, place }] of files.entries()) {
      const file = this.#open(resolve(cwd, path));
      // Do not copy a single file: thousands of jobs may name the same large one.
      if (file.ok) env = index === 0 ? file.value : { ...env, ...file.value };
      else place.report(`${place.key}: ${resolve(cwd, path)} ${file.message}`);
    }
    return env;
  }

  #open(file: string): Parsed<Env> {
    const known = this.#read.get(file) ?? this.#load(file);
    this.#read.set(file, known);
    return known;
  }

  #load(file: string): Parsed<Env> {
    if (this.#allowance.isSpent) return parsed({});
    const bytes = readBytes(file, MAX_ENV_FILE_BYTES);
    if (!bytes.ok) return refused(bytes.message);
    this.#allowance.take(bytes.value.length);
    this.#bytesLeft -= bytes.value.length;
    if (this.#bytesLeft < 0)
      return refused(`is too much: at most ${MAX_ALL_BYTES / 2 ** 20} MiB of such files are read together`);
    const text = decode(bytes.value);
    const source = new Source(file, text.lossy);
    if (!text.ok) return this.#lose(source, text.at ?? 0, text.message);
    const dotenv = parseDotenv(text.value);
    return dotenv.ok ? parsed(dotenv.env) : this.#lose(source, dotenv.offset, dotenv.message);
  }

  /** The problem has been told in the file itself; the jobs that name it need not repeat it. */
  #lose(source: Source, offset: number, message: string): Parsed<Env> {
    this.problems.push({ file: source.file, ...source.spotAt(offset), message });
    return parsed({});
  }
}
