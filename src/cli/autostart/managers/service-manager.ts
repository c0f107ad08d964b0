import type { Entry } from '../facts.ts';
import type { Note, Trouble } from '../troubles.ts';

/** What a service manager says of our entry. */
export interface KnownEntry {
  /** Why it would not be started at the next login. */
  readonly troubles: readonly Trouble[];
  readonly notes: readonly Note[];
  /** The daemon that it has started and that still runs. */
  readonly pid: number | null;
}

/** launchd or systemd, as far as one entry goes. Nothing here throws. */
export interface ServiceManager {
  textOf(entry: Entry): string;
  /** Null when it can be asked, else why not. */
  reach(): Trouble | null;
  /** False where it will only see the file at the next login. */
  canLoadNow(): boolean;
  look(): KnownEntry;
  /**
   * Takes up the file, for each login from now on, and starts the daemon. It must not be running by an older
   * file.
   */
  load(): Promise<Trouble | null>;
  /** Takes up a file that has changed, without an effect on what runs. */
  reread(): Trouble | null;
  /** Whether what is in the file counts only after `load`. */
  readonly rereadsByLoading: boolean;
  /** Takes back `load`, while the file is still there. The daemon runs on. */
  forget(): Trouble | null;
}
