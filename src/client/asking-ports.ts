import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import { kindOf } from '../files/regular-file.ts';
import { lookAtDataHome, type Homes } from '../homes.ts';
import { realClock } from '../host/real-clock.ts';
import { pidIsKnown } from '../os/is-alive.ts';
import { systemWords } from '../text/system-messages.ts';
import type { ClientPorts, FoundSocketFile } from './ports.ts';

/** A socket file is never longer. */
const SOCKET_FILE_BYTES = 64 * 1024;

/** What a client needs that only asks a daemon. */
export type AskingPorts = Pick<ClientPorts, 'clock' | 'isAlive' | 'readSocketFile' | 'prepareData'>;

/** The machine's own files, sockets and processes; nothing is changed. */
export const askingPorts: AskingPorts = {
  clock: realClock,
  prepareData: (homes) => preparedBy(lookAtDataHome, homes),
  readSocketFile: (homes) => readSocketFile(dataFolder(homes.data).socket),
  isAlive: pidIsKnown,
};

/** Prepares the data folder, and the one that holds it; null or the reason why they cannot be used. */
export function preparedBy(
  prepare: (data: string, isServed: boolean) => string | null,
  { data, around }: Homes,
): string | null {
  const prepared = (folder: string): string | null => prepare(folder, existsSync(dataFolder(folder).socket));
  return (around === undefined ? null : prepared(around)) ?? prepared(data);
}

function readSocketFile(path: string): FoundSocketFile {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return { kind: 'missing' };
    // Checked first: opening a pipe would block.
    if (!found.isFile() || found.size > SOCKET_FILE_BYTES)
      return { kind: 'unusable', detail: `${path} is a ${kindOf(found)}, but no socket file of overseer's` };
    if (found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
      return { kind: 'unusable', detail: `${path} can be read or written by others` };
    return { kind: 'text', text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { kind: 'missing' }
      : { kind: 'unusable', detail: `cannot read ${path}: ${systemWords(error as Error)}` };
  }
}
