import { setTimeout } from 'node:timers/promises';
import { dataFolder } from '../../data-folder.ts';
import { readRegular } from '../../files/regular-file.ts';
import type { Homes } from '../../homes.ts';
import type { Os } from '../../os/os.ts';
import { isRefusal } from '../../os/system-error.ts';
import { connect, WireError } from '../../wire/client.ts';
import { parseSocketFile, type SocketFile } from '../../wire/socket-file.ts';

/** The most bytes that a socket file has. */
const SOCKET_FILE_BYTES = 64 * 1024;

/** A daemon that has left its jobs ends within moments. */
const ENDING = { tries: 100, pauseMs: 100 } as const;

/**
 * Ends another daemon of this data folder but not its jobs: a daemon that is started at login replaces one
 * from an earlier login. Returns when the lock is free, or when the other daemon does not exit.
 */
export async function takeOver(homes: Homes, os: Pick<Os, 'lock'>): Promise<void> {
  const { socket, lock } = dataFolder(homes.data);
  const file = socketFileAt(socket);
  if (file === null || !(await left(file))) return;
  for (let tries = 0; tries < ENDING.tries; tries += 1) {
    const taken = os.lock(lock);
    if (taken.ok) return taken.release();
    if (taken.reason === 'error') return;
    await setTimeout(ENDING.pauseMs);
  }
}

function socketFileAt(path: string): SocketFile | null {
  try {
    return parseSocketFile(readRegular(path, SOCKET_FILE_BYTES).toString());
  } catch (error) {
    // A daemon that cannot be found cannot be asked.
    if (isRefusal(error)) return null;
    throw error;
  }
}

/** False when no daemon answers, or it refuses. */
async function left(file: SocketFile): Promise<boolean> {
  try {
    const connection = await connect(file);
    const isGone = await new Promise<boolean>((resolve) => {
      connection.request(
        { name: 'DIE', keepJobs: true },
        (reply) => reply.kind !== 'progress' && resolve(reply.kind === 'answer'),
        () => resolve(false),
      );
    });
    connection.close();
    return isGone;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}
