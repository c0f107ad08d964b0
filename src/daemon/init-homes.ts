import { mkdirSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import type { Homes } from '../homes.ts';
import { makeDataHome } from '../homes.ts';
import type { Os } from '../os/os.ts';
import { FOLDER, type StoredFolder } from '../fleet/persisted/persisted-state.ts';
import { openJournal } from '../state/journal.ts';
import type { Store } from '../state/store.ts';
import { identifyFolder, keepFolderId } from './folder-identity.ts';

export type InitHomesResult =
  | {
      readonly ok: true;
      readonly store: Store;
      readonly notes: readonly string[];
      readonly damage: readonly string[];
      readonly holdsLock: () => boolean;
      readonly folder: StoredFolder;
    }
  /**
   * `isBusy`: another daemon serves this data folder, or the client that launched this one has gone. Then
   * there is nothing to do.
   */
  | { readonly ok: false; readonly isBusy: boolean; readonly detail: string };

/**
 * Makes the data folder ours: the folder itself, the kernel's lock in it, and what an earlier daemon kept
 * there.
 */
export async function initHomes(
  homes: Homes,
  os: Os,
  isAwaited: () => Promise<boolean>,
): Promise<InitHomesResult> {
  const folder = dataFolder(homes.data);
  const trouble = makeDataHome(homes.data);
  if (trouble !== null) return { ok: false, isBusy: false, detail: trouble };
  try {
    mkdirSync(folder.logs, { recursive: true, mode: 0o700 });
  } catch (error) {
    return {
      ok: false,
      isBusy: false,
      detail: `cannot make the folder of the logs: ${(error as Error).message}`,
    };
  }
  const lock = os.lock(folder.lock);
  if (!lock.ok)
    return {
      ok: false,
      isBusy: lock.reason === 'busy',
      detail: lock.reason === 'busy' ? `another daemon serves ${homes.data}` : lock.message,
    };
  // A launch that comes late must not bring back a daemon that was ended on purpose meanwhile.
  if (!(await isAwaited()))
    return { ok: false, isBusy: true, detail: 'the client that launched this daemon has gone' };
  const opening = openJournal(folder.journal, {});
  if (!opening.ok) return { ok: false, isBusy: false, detail: opening.message };
  const identity = identifyFolder(homes.data, opening.store.entries().get(FOLDER), os.bootId());
  const refusal = keepFolderId(homes.data, identity.record);
  return {
    ...opening,
    notes: refusal === null ? opening.notes : [...opening.notes, refusal],
    holdsLock: lock.holds,
    folder: identity,
  };
}
