import { dirname } from 'node:path';
import type { ConfigReading, Job } from './config.ts';
import { Allowance } from './allowance.ts';
import { checkAfter } from './checks/check-after.ts';
import { checkJobCount, checkNames } from './checks/check-names.ts';
import { checkSchema } from './checks/check-schema.ts';
import { checkWholeSize } from './checks/check-whole-size.ts';
import { EnvFiles } from './values/env-files.ts';
import { folderBytes, isFile, listConfigFiles } from './toml/files.ts';
import type { HardLimits } from './values/resource-limits.ts';
import { makeJob, readDrafts, type Draft } from './jobs.ts';
import type { ConfigDocument } from './toml/document.ts';
import { openDocuments } from './toml/open-documents.ts';
import { problemList } from './problem-list.ts';

export interface ReadOptions {
  /** Absolute path of the user's home. */
  readonly home: string;
  /** The default `cwd` of jobs, and the base of a relative `cwd`, for a config that is one file. */
  readonly folder?: string;
  /**
   * The variables that jobs get from the daemon, to which `env` may refer; left out, no reference is looked
   * up.
   */
  readonly base?: Readonly<Record<string, string>>;
  /** The hard limits that jobs will have; left out, `limits` are not compared with any. */
  readonly hardLimits?: () => HardLimits;
}

export interface FolderOptions extends ReadOptions {
  readonly dir: string;
}

/**
 * Reads and checks every `*.toml` directly in a folder, in name order. A missing or empty folder is a config
 * of no jobs. A single file instead of a folder is a complete config; its jobs run in the folder of that
 * file. Never throws for mistakes of the user or refusals of the system: they are returned as problems, all
 * at once.
 */
export function readConfig(options: FolderOptions): ConfigReading {
  return readFolder(options, new Allowance(Infinity)) as ConfigReading;
}

/** Like `readConfig`, but null where more than `maxBytes` would have to be read, which takes long. */
export function readSmallConfig(options: FolderOptions, maxBytes: number): ConfigReading | null {
  return readFolder(options, new Allowance(maxBytes));
}

/** Reads these files in this order; a file that is named twice is read once. */
export function readConfigFiles(named: readonly string[], options: ReadOptions): ConfigReading {
  return readFiles(named, options, new Allowance(Infinity)) as ConfigReading;
}

function readFolder(options: FolderOptions, allowance: Allowance): ConfigReading | null {
  const { dir } = options;
  if (isFile(dir)) return readFiles([dir], withFolder(options), allowance);
  // A folder of a million names takes long to list.
  allowance.take(folderBytes(dir));
  if (allowance.isSpent) return null;
  const listed = listConfigFiles(dir);
  if (listed.ok) return readFiles(listed.value, options, allowance);
  const { message } = listed;
  return { ok: false, files: [], problems: [{ file: dir, line: 1, column: 1, message, isFolder: true }] };
}

/** The jobs of a single file run in its folder. */
export const withFolder = ({ dir, ...options }: FolderOptions): ReadOptions =>
  isFile(dir) ? { ...options, folder: dirname(dir) } : options;

/** The jobs in these documents, each checked by itself. */
export function draftsOf(documents: readonly ConfigDocument[], options: ReadOptions): readonly Draft[] {
  for (const document of documents) checkSchema(document);
  return readDrafts(documents, {
    home: options.home,
    folder: options.folder ?? null,
    hardLimits: options.hardLimits ?? (() => ({})),
  });
}

function readFiles(
  named: readonly string[],
  options: ReadOptions,
  allowance: Allowance,
): ConfigReading | null {
  const files = [...new Set(named)];
  const opened = openDocuments(files, allowance);
  if (opened === null) return null;
  const { documents, problems } = opened;
  const drafts = draftsOf(documents, options);
  checkNames(drafts);
  checkJobCount(drafts);
  // A missing name may be in a file or a table that could not be read.
  const namesComplete = problems.length === 0 && documents.every((document) => !document.isRefused([]));
  checkAfter(drafts, { namesComplete });
  const envFiles = new EnvFiles(allowance);
  const made = drafts.map((draft) => ({ draft, job: makeJob(draft, envFiles, options.base ?? null) }));
  if (allowance.isSpent) return null;
  checkWholeSize(made);
  const untold = documents.reduce((sum, document) => sum + document.untold, 0);
  const found = [...problems, ...envFiles.problems, ...documents.flatMap((document) => document.problems)];
  if (found.length > 0) return { ok: false, files, problems: problemList(found, untold) };
  return { ok: true, files, config: { jobs: made.flatMap(({ job }) => job ?? []) as readonly Job[] } };
}
