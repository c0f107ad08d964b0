import { dirname, join } from 'node:path';
import { entryIn, type Entry } from './entry.ts';
import { gone, serves } from './enable.ts';
import { textAt } from './moved.ts';
import { newEntry, runsThisNode, tryEntry } from './new-entry.ts';
import { placeOf, type EntryPlace } from './place.ts';
import { findProgram, isProgram } from './recorded-path.ts';
import type { ServiceManager } from './managers/service-manager.ts';
import type { Trouble } from './troubles.ts';
import { managerOf, runOf, wantedOf, write, type World } from './world.ts';

/** What was mended, or why it could not be. */
export type Mended =
  | { readonly ok: true; readonly place: EntryPlace; readonly was: Entry; readonly is: Entry }
  | { readonly ok: false; readonly place: EntryPlace; readonly was: Entry; readonly trouble: Trouble };

/** Makes the entry lead to the programs again that run this call. Null where it still leads to some. */
export async function mend(world: World): Promise<Mended | null> {
  const place = await placeOf(world.homes, world.env, world.platform);
  const found = place === null ? null : entryIn(textAt(place.file));
  if (place === null || found === null || (found.kind !== 'ours' && found.kind !== 'edited')) return null;
  const was = found.entry;
  const hasNode = runsThisNode(was.path, wantedOf(world, null));
  const isSame = isProgram(was.program) && hasNode;
  // Only what its programs really are is noted anew, so that the next trigger need not ask.
  const is = isSame ? { ...was, seen: world.running } : mendedEntry(was, world, hasNode);
  if (found.kind === 'edited') return isSame ? null : { ok: false, place, was, trouble: { code: 'edited' } };
  const tried = tryEntry(is, world.homes.home, runOf(world));
  if ('code' in tried) return { ok: false, place, was, trouble: tried };
  const manager = managerOf(place, world);
  const trouble = write(place.file, manager.textOf(is)) ?? (await rereadBy(world, manager, isSame));
  if (trouble !== null) return { ok: false, place, was, trouble };
  return isSame ? null : { ok: true, place, was, is };
}

async function rereadBy(world: World, manager: ServiceManager, isSame: boolean): Promise<Trouble | null> {
  if (!manager.rereadsByLoading) return manager.reread();
  const { pid } = manager.look();
  // What it has loaded says the same, or is not loaded at all, and the next login reads the file.
  if (isSame || pid === null || !manager.canLoadNow()) return null;
  await gone(world, manager);
  const trouble = await manager.load();
  // Else the trigger that comes next would start a daemon of its own.
  if (trouble === null) await serves(world, manager);
  return trouble;
}

/** Keeps the recorded PATH, except that the present folder of `node` is in it. */
function mendedEntry(was: Entry, world: World, hasNode: boolean): Entry {
  const now = newEntry(wantedOf(world, null));
  const node = findProgram('node', now.path) ?? world.running.node;
  const lost = dirname(was.seen.node);
  const folders = was.path.split(':').filter((folder) => folder !== lost || isProgram(join(folder, 'node')));
  const path = hasNode ? was.path : [...new Set([dirname(node), ...folders])].join(':');
  return {
    ...now,
    path,
    variables: was.variables,
    program: isProgram(was.program) ? was.program : now.program,
  };
}
