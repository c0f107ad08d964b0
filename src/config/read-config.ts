import { dirname } from 'node:path';
import type { ConfigReading, Problem } from './config.ts';
import { checkAfter } from './checks/check-after.ts';
import { checkJobCount, checkNames } from './checks/check-names.ts';
import { checkSchema } from './checks/check-schema.ts';
import { EnvFiles } from './values/env-files.ts';
import { isFile, listConfigFiles } from './toml/files.ts';
import { makeJob, readDrafts } from './jobs.ts';
import { NOT_YET } from './not-yet.ts';
import { openDocuments } from './toml/open-documents.ts';

export interface ReadOptions {
  /** Absolute path of the user's home. */
  readonly home: string;
  /** Where jobs run that do not say, and from where a relative `cwd` counts: the folder of a config that is one file. */
  readonly folder?: string;
  /** Keys to refuse because the program does not act on them yet. */
  readonly notYet?: readonly string[];
}

/**
 * Reads and checks every `*.toml` directly in a folder, in name order. A missing or empty folder is a config of no
 * jobs. One file in place of the folder is a config of its own, the jobs of which run in its folder. Never throws for what the user wrote or what the system refuses: that comes back as problems, all at once.
 */
export function readConfig({ dir, ...options }: ReadOptions & { readonly dir: string }): ConfigReading {
  if (isFile(dir)) return readConfigFiles([dir], { ...options, folder: dirname(dir) });
  const listed = listConfigFiles(dir);
  if (listed.ok) return readConfigFiles(listed.value, options);
  return { ok: false, files: [], problems: [{ file: dir, line: 1, column: 1, message: listed.message }] };
}

/** The same for these files, in this order; a file that is named twice is read once. */
export function readConfigFiles(named: readonly string[], options: ReadOptions): ConfigReading {
  const files = [...new Set(named)];
  const { documents, problems } = openDocuments(files);
  for (const document of documents) checkSchema(document);
  const drafts = readDrafts(documents, {
    home: options.home,
    folder: options.folder ?? null,
    notYet: options.notYet ?? NOT_YET,
  });
  checkNames(drafts);
  checkJobCount(drafts);
  // A name may stand in a file or a table that could not be read.
  const namesComplete = problems.length === 0 && documents.every((document) => !document.isRefused([]));
  checkAfter(drafts, { namesComplete });
  const envFiles = new EnvFiles();
  const jobs = drafts.map((draft) => makeJob(draft, envFiles));
  const found = [...problems, ...envFiles.problems, ...documents.flatMap((document) => document.problems)];
  if (found.length > 0) return { ok: false, files, problems: inOrder(found) };
  return { ok: true, files, config: { jobs: jobs.filter((job) => job !== null) } };
}

/** Sorted by place. What several jobs inherit from `[defaults]` is told once. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const different = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...different.values()].toSorted(
    (a, b) =>
      compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
