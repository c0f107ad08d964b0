import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { dataFolder } from '../data-folder.ts';
import { isRefusal } from '../os/system-error.ts';

/** What the file `id`, and the journal too, remember of the folder that they lie in. */
export interface FolderRecord {
  readonly id: string;
  readonly path: string;
  readonly inode: string;
}

export interface FolderIdentity {
  /** Marks the processes of the jobs of this folder; never that of another folder. */
  readonly id: string;
  /** The journal comes from another folder, so the processes that it names are not ours. */
  readonly isCopy: boolean;
  /** What the journal has to remember from now on. */
  readonly record: FolderRecord;
  /** Processes of another boot are nobody's any more. */
  readonly boot: string;
}

const ID_BYTES = 16;
const ID = /^[0-9a-f]{32}$/;

/**
 * Identifies a data folder by an id of its own, whatever its path is and however it is spelt. A folder that
 * was moved, or restored to its place, keeps its id; a copy beside the original gets one of its own. The
 * number of its device says nothing, since systems number devices anew at each boot. `inJournal` is what the
 * journal remembers; where it is lost, the file tells.
 */
export function identifyFolder(data: string, inJournal: unknown, boot: string): FolderIdentity {
  const here = { path: realpathSync(data), inode: String(statSync(data).ino) };
  const inFile = readRecord(data);
  const remembered = inJournal ?? inFile ?? undefined;
  const isCopy = remembered !== undefined && !isOf(remembered, here);
  const known = isRecord(remembered) ? remembered.id : (inFile?.id ?? null);
  const id = isCopy ? randomBytes(ID_BYTES).toString('hex') : (known ?? firstId(here.path));
  return { id, isCopy, record: { id, ...here }, boot };
}

/** Writes the id into its folder. A disk that refuses leaves it to the journal and to the next daemon. */
export function keepFolderId(data: string, record: FolderRecord): string | null {
  if (isDeepStrictEqual(readRecord(data), record)) return null;
  const path = dataFolder(data).id;
  try {
    rmSync(`${path}.new`, { force: true });
    writeFileSync(`${path}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(`${path}.new`, path);
    return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `the id of the data folder cannot be written: ${error.message}`;
  }
}

/**
 * The same again where a whole folder was removed and made anew: what ran for it is found, and there is one
 * copy of each job.
 */
function firstId(path: string): string {
  return createHash('sha256')
    .update(path)
    .digest('hex')
    .slice(0, 2 * ID_BYTES);
}

function isOf(remembered: unknown, here: Omit<FolderRecord, 'id'>): boolean {
  // Before folders had ids: device and inode.
  if (typeof remembered === 'string') return remembered.split(':').at(-1) === here.inode;
  if (!isRecord(remembered)) return false;
  if (remembered.path === here.path) return true;
  return remembered.inode === here.inode && readRecord(remembered.path)?.id !== remembered.id;
}

function isRecord(value: unknown): value is FolderRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, path, inode } = value as Record<string, unknown>;
  return typeof id === 'string' && ID.test(id) && typeof path === 'string' && typeof inode === 'string';
}

/** The record that is kept in a folder; null where there is none. */
function readRecord(data: string): FolderRecord | null {
  const path = dataFolder(data).id;
  try {
    // Whatever else stands in its place is not read.
    if (!lstatSync(path).isFile()) return null;
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRecord(record) ? record : null;
  } catch {
    // Missing, unreadable or damaged: the next start writes it anew.
    return null;
  }
}
