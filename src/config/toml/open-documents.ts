import type { Problem } from '../config.ts';
import { decode } from './decode.ts';
import type { ConfigDocument } from './document.ts';
import { readBytes } from './files.ts';
import { MAX_JOBS } from '../schema/keys.ts';
import { parseToml } from './parse-toml.ts';
import { Source } from './source.ts';

const MAX_CONFIG_BYTES = 8 * 2 ** 20;
const MAX_CONFIG_FILES = 1000;

/** The files that could be read and parsed, and what is wrong with the others. */
export interface Opened {
  readonly documents: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}

/** Reads all files, then parses them: what is far too much is refused before the slow part. */
export function openDocuments(files: readonly string[]): Opened {
  const tooMany = files[MAX_CONFIG_FILES];
  if (tooMany !== undefined)
    return refuse(fileProblem(tooMany, `too many config files: at most ${MAX_CONFIG_FILES} are read`));
  const read = files.map(readSource);
  const sources = read.flatMap((each) => (each instanceof Source ? [each] : []));
  const unread = read.flatMap((each) => (each instanceof Source ? [] : [each]));
  const excess = excessJob(sources);
  if (excess !== null) return refuse(excess);
  const parsed = sources.map(parseToml);
  const documents = parsed.flatMap((each) => (each.ok ? [each.document] : []));
  const unparsed = parsed.flatMap((each) => (each.ok ? [] : [each.problem]));
  return { documents, problems: [...unread, ...unparsed] };
}

const refuse = (problem: Problem): Opened => ({ documents: [], problems: [problem] });

const fileProblem = (file: string, message: string): Problem => ({ file, line: 1, column: 1, message });

function readSource(file: string): Source | Problem {
  const bytes = readBytes(file, MAX_CONFIG_BYTES);
  if (!bytes.ok) return fileProblem(file, bytes.message);
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
