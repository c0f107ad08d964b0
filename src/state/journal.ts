import { readFileSync, statSync } from 'node:fs';
import { corruptJournal, tornJournal } from '../data-folder.ts';
import { isRefusal } from '../os/system-error.ts';
import { AppendFile } from './append-file.ts';
import { realDisk, type Disk } from './disk.ts';
import { JOURNAL_MAX, JournalStore } from './journal-store.ts';
import { newPathOf, writeAnew } from './new-file.ts';
import { readJournal, type Reading } from './read-journal.ts';
import { headerLine, JOURNAL_VERSION } from './record.ts';
import type { StoreOpening } from './store.ts';

export interface JournalOptions {
  /** Written into the first line of a new journal. */
  readonly boot?: string;
  /** Names the copy of a damaged journal; `Date.now` if not given. */
  readonly now?: () => number;
  readonly disk?: Disk;
}

/** The journal found on disk, and the paths for its repair. */
interface Found {
  readonly path: string;
  readonly disk: Disk;
  readonly header: string;
  /** Null when there is no file. */
  readonly bytes: Buffer | null;
  readonly reading: Reading;
  readonly corruptPath: string;
}

/**
 * Reads a journal and repairs it: an unfinished last record is cut off; a damaged file is set aside and its
 * good lines are used. If the disk refuses the repair, the records are still served, each change tries again,
 * and a note says so. The caller holds the lock of the folder.
 */
export function openJournal(path: string, options: JournalOptions = {}): StoreOpening {
  const bytes = readWhole(path);
  if (typeof bytes === 'string') return { ok: false, message: bytes };
  const reading = readJournal(bytes ?? Buffer.alloc(0));
  if (reading.version !== null && reading.version > JOURNAL_VERSION)
    return { ok: false, message: tooNew(path, reading.version) };
  const time = new Date(options.now?.() ?? Date.now()).toISOString().replaceAll(':', '-');
  const found: Found = {
    path,
    disk: options.disk ?? realDisk,
    header: headerLine(options.boot),
    bytes,
    reading,
    corruptPath: corruptJournal(path, time),
  };
  return opened(found);
}

function opened(found: Found): StoreOpening {
  const { path, disk, header, reading } = found;
  const prepare = (): AppendFile => mend(found);
  const { file, notes } = attempt(prepare, path);
  const store = new JournalStore({ path, disk, header, live: reading.live, file, prepare });
  const damage = notesOf(found, file !== null);
  return { ok: true, store, notes: [...damage, ...notes], damage };
}

function attempt(
  prepare: () => AppendFile,
  path: string,
): { readonly file: AppendFile | null; readonly notes: readonly string[] } {
  try {
    return { file: prepare(), notes: [] };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return {
      file: null,
      notes: [`${path} cannot be written (${error.message}): nothing can be changed until it can.`],
    };
  }
}

/** The file's bytes, null when there is no file, or a sentence. */
export function readWhole(path: string): Buffer | string | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return null;
    if (!stat.isFile()) return `${path} is not a regular file: move it away, overseer keeps its state there.`;
    if (stat.size > JOURNAL_MAX) {
      return (
        `${path} is ${stat.size} bytes long, more than the ${JOURNAL_MAX} that overseer reads: move ` +
        'it away.'
      );
    }
    return readFileSync(path);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `${path} cannot be read (${error.message}).`;
  }
}

/**
 * Sets aside the unusable part and opens the rest for writing; after a crash on the way the next daemon does
 * it again.
 */
function mend(found: Found): AppendFile {
  const { path, disk, header, reading } = found;
  disk.remove(newPathOf(path));
  if (reading.damaged > 0) disk.copy(path, found.corruptPath);
  else if (tailOf(found).length > 0) keepTail(found);
  if (reading.damaged === 0 && reading.version === JOURNAL_VERSION) return openWhole(found);
  return writeAnew(disk, path, header + reading.live.text());
}

function openWhole(found: Found): AppendFile {
  const { path, disk, reading } = found;
  const file = new AppendFile(disk, disk.open(path), reading.completeBytes);
  try {
    if (tailOf(found).length > 0) disk.truncate(file.fd, reading.completeBytes);
  } catch (error) {
    file.close();
    throw error;
  }
  return file;
}

function keepTail(found: Found): void {
  const fd = found.disk.create(tornPathOf(found.path));
  try {
    found.disk.write(fd, tailOf(found));
  } finally {
    found.disk.close(fd);
  }
}

function tailOf({ bytes, reading }: Found): Buffer {
  return bytes?.subarray(reading.completeBytes) ?? Buffer.alloc(0);
}

function notesOf(found: Found, mended: boolean): readonly string[] {
  const { path, bytes, reading, corruptPath } = found;
  if (bytes?.length === 0) return [`${path} was empty: there is no record of earlier jobs.`];
  if (reading.damaged > 0) {
    const kept = mended ? ` A copy of the damaged file is ${corruptPath}.` : '';
    return [
      `${path} was damaged: ${reading.damaged} of ${reading.lines} records cannot be read, the ` +
        'others are used. ' +
        `What the lost ones said may be missing or out of date.${kept}`,
    ];
  }
  const tail = tailOf(found).length;
  if (tail === 0) return [];
  const kept = mended ? ` and kept in ${tornPathOf(path)}` : '';
  return [
    `The last record in ${path} was cut short, by a crash or a full disk: its ${tail} bytes are ` +
      `left out${kept}.`,
  ];
}

function tornPathOf(path: string): string {
  return tornJournal(path);
}

function tooNew(path: string, version: number): string {
  return (
    `${path} was written by a newer overseer: it has version ${version}, this one reads version ` +
    `${JOURNAL_VERSION}. ` +
    'Nothing was changed; use the newer overseer.'
  );
}
