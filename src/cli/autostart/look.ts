import { join } from 'node:path';
import { entryIn, type Entry, type FoundEntry } from './entry.ts';
import { textAt } from './moved.ts';
import { tryEntry } from './new-entry.ts';
import { placeOf, type EntryPlace } from './place.ts';
import type { KnownEntry } from './managers/service-manager.ts';
import type { Note, Trouble } from './troubles.ts';
import { managerOf, runOf, type World } from './world.ts';

/** What `status` tells, and what is true after `enable` and `disable`. */
export interface Facts {
  readonly place: EntryPlace | null;
  readonly found: FoundEntry;
  readonly isEnabled: boolean;
  /** Why it would not work at the next login; nothing when it would. */
  readonly troubles: readonly Trouble[];
  readonly notes: readonly Note[];
  /** The daemon that the service manager runs. */
  readonly pid: number | null;
}

/** How things are, and whether the entry would work. Changes nothing. */
export async function look(world: World): Promise<Facts> {
  const place = await placeOf(world.homes, world.env, world.platform);
  if (place === null)
    return {
      place,
      found: { kind: 'missing' },
      isEnabled: false,
      troubles: [{ code: 'unsupported', platform: world.platform }],
      notes: [],
      pid: null,
    };
  const found = entryIn(textAt(place.file));
  const entry = found.kind === 'ours' || found.kind === 'edited' ? found.entry : null;
  if (entry === null)
    return {
      place,
      found,
      isEnabled: false,
      troubles: [{ code: found.kind as 'missing' }],
      notes: [],
      pid: null,
    };
  const known = managerOf(place, world).look();
  const tried = tryEntry(entry, world.homes.home, runOf(world));
  const troubles = [...('code' in tried ? [tried] : []), ...known.troubles];
  return {
    place,
    found,
    isEnabled: true,
    troubles,
    notes: [...notesOn(entry, world, tried), ...known.notes, ...notesOnDaemon(world, known)],
    pid: known.pid,
  };
}

function notesOn(entry: Entry, world: World, tried: ReturnType<typeof tryEntry>): readonly Note[] {
  const version = 'code' in tried ? world.version : tried.version;
  const kept = ['Documents', 'Desktop', 'Downloads'].map((name) => join(world.homes.home, name));
  const folder = kept.find((each) => Object.values(entry.seen).some((file) => file.startsWith(`${each}/`)));
  return [
    ...(version === world.version ? [] : [{ code: 'other-version', version } as const]),
    ...(world.platform === 'darwin' && folder !== undefined
      ? [{ code: 'protected-folder', folder } as const]
      : []),
    ...(/\/_npx\//.test(entry.seen.program)
      ? [{ code: 'temporary', program: entry.seen.program } as const]
      : []),
  ];
}

function notesOnDaemon(world: World, { pid }: KnownEntry): readonly Note[] {
  const daemon = world.daemonPid();
  if (daemon === pid) return [];
  return [daemon === null ? { code: 'not-serving', pid } : { code: 'other-daemon', pid: daemon }];
}
