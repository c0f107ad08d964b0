import type { Problem } from '../config.ts';
import { decode } from './decode.ts';
import type { ConfigDocument } from './document.ts';
import { readBytes } from './files.ts';
import { MAX_JOBS } from '../schema/keys.ts';
import { parseToml } from './parse-toml.ts';
import { measure, SIZE_LIMITS } from './size-limits.ts';
import { Source } from './source.ts';
import type { Allowance } from '../allowance.ts';

/** The files that could be parsed, and the problems of the others. */
export interface Opened {
  readonly documents: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}

/**
 * Reads all files, then parses them, so that a config far too large is refused before the slow part. Null
 * when the allowance is used up.
 */
export function openDocuments(files: readonly string[], allowance: Allowance): Opened | null {
  const tooMany = files[SIZE_LIMITS.files];
  if (tooMany !== undefined)
    return refuse(fileProblem(tooMany, `too many config files: at most ${SIZE_LIMITS.files} are read`));
  const room = { bytes: SIZE_LIMITS.bytes };
  const read = files.map((file) => (allowance.isSpent ? null : readSource(file, room, allowance)));
  if (allowance.isSpent) return null;
  const sources = read.flatMap((each) => (each instanceof Source ? [each] : []));
  const unread = read.flatMap((each) => (each instanceof Source || each === null ? [] : [each]));
  const { documents, problems } = parseSources(sources);
  return { documents, problems: [...unread, ...problems] };
}

export function parseSources(sources: readonly Source[]): Opened {
  const excess = excessJob(sources) ?? excessItem(sources);
  if (excess !== null) return refuse(excess);
  const parsed = sources.map(parseToml);
  const documents = parsed.flatMap((each) => (each.ok ? [each.document] : []));
  const problems = parsed.flatMap((each) => (each.ok ? [] : [each.problem]));
  return { documents, problems };
}

const refuse = (problem: Problem): Opened => ({ documents: [], problems: [problem] });

const fileProblem = (file: string, message: string): Problem => ({ file, line: 1, column: 1, message });

function readSource(file: string, room: { bytes: number }, allowance: Allowance): Source | Problem {
  const bytes = readBytes(file, SIZE_LIMITS.bytes);
  if (!bytes.ok) return fileProblem(file, bytes.message);
  allowance.take(bytes.value.length);
  room.bytes -= bytes.value.length;
  if (room.bytes < 0)
    return fileProblem(
      file,
      `all config files together are too large: at most ${SIZE_LIMITS.bytes / 2 ** 20} MiB are read`,
    );
  const text = decode(bytes.value);
  if (text.ok) return new Source(file, text.value);
  const source = new Source(file, text.lossy);
  const spot = source.spotAt(text.at ?? 0);
  return { file, ...spot, message: text.message, excerpt: source.excerptAt(spot) };
}

function excessJob(sources: readonly Source[]): Problem | null {
  let jobs = 0;
  for (const source of sources) {
    for (const { index } of source.text.matchAll(/^[ \t]*\[\[[ \t]*jobs[ \t]*\]\]/gm)) {
      jobs += 1;
      if (jobs > MAX_JOBS)
        return {
          file: source.file,
          ...source.spotAt(index),
          message: `too many jobs: at most ${MAX_JOBS} are read`,
        };
    }
  }
  return null;
}

function excessItem(sources: readonly Source[]): Problem | null {
  let items = 0;
  for (const source of sources) {
    const measured = measure(source);
    if ('message' in measured) return measured;
    items += measured.items;
    if (items > SIZE_LIMITS.items)
      return fileProblem(
        source.file,
        `the config is too large: at most ${SIZE_LIMITS.items.toLocaleString('en')} keys, tables ` +
          'and items of arrays are read',
      );
  }
  return null;
}
