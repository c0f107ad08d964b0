import { setTimeout } from 'node:timers/promises';
import { entryIn } from './entry.ts';
import { look, type Facts } from './look.ts';
import { textAt } from './moved.ts';
import { newEntry, tryEntry } from './new-entry.ts';
import { placeOf, type EntryPlace } from './place.ts';
import type { KnownEntry, ServiceManager } from './managers/service-manager.ts';
import type { Trouble } from './troubles.ts';
import { managerOf, remove, runOf, wantedOf, write, type World } from './world.ts';

export type Done =
  | { readonly ok: true; readonly changed: boolean; readonly facts: Facts }
  | { readonly ok: false; readonly place: EntryPlace | null; readonly trouble: Trouble };

/** How long a daemon that was just started may take until it serves. */
const SERVING = { tries: 100, pauseMs: 100 } as const;

/** Writes the entry, has the service manager take it up, and starts the daemon by it. */
export async function enable(world: World, path: string | null): Promise<Done> {
  const place = await placeOf(world.homes, world.env, world.platform);
  const failed = (trouble: Trouble): Done => ({ ok: false, place, trouble });
  if (place === null) return failed({ code: 'unsupported', platform: world.platform });
  const manager = managerOf(place, world);
  const text = textAt(place.file);
  const found = entryIn(text);
  if (found.kind === 'foreign' || found.kind === 'edited') return failed({ code: found.kind });
  const entry = newEntry(wantedOf(world, path));
  const tried = tryEntry(entry, world.homes.home, runOf(world));
  if ('code' in tried) return failed(tried);
  const unreachable = manager.reach();
  if (unreachable !== null) return failed(unreachable);
  const before = manager.look();
  const changed = text !== manager.textOf(entry);
  const isUp = before.pid !== null && before.pid === world.daemonPid();
  if (changed || !isUp || before.troubles.length > 0) {
    const trouble = write(place.file, manager.textOf(entry)) ?? (await taken(world, manager, before));
    if (trouble !== null) return failed(trouble);
  }
  return { ok: true, changed, facts: await factsWhenServing(world, manager) };
}

/** A daemon that runs keeps the PATH that it began with, so another one takes over its jobs. */
async function taken(world: World, manager: ServiceManager, { pid }: KnownEntry): Promise<Trouble | null> {
  if (!manager.canLoadNow()) return null;
  if (pid !== null || world.daemonPid() !== null) await gone(world, manager);
  return manager.load();
}

async function factsWhenServing(world: World, manager: ServiceManager): Promise<Facts> {
  const isServing = await serves(world, manager);
  const facts = await look(world);
  if (isServing || facts.pid !== null) return facts;
  return { ...facts, notes: [...facts.notes, { code: 'not-serving', pid: null }] };
}

/**
 * Waits until the daemon that the service manager runs is the one of the data folder; false when it takes too
 * long.
 */
export async function serves(world: World, manager: ServiceManager): Promise<boolean> {
  for (let tries = 1; manager.canLoadNow(); tries += 1) {
    const { pid } = manager.look();
    if (pid !== null && pid === world.daemonPid()) return true;
    if (tries === SERVING.tries) return false;
    await setTimeout(SERVING.pauseMs);
  }
  return true;
}

/**
 * Ends the daemon without its jobs, and waits until the service manager has seen it: until then it takes a
 * start for done.
 */
export async function gone(world: World, manager: ServiceManager): Promise<void> {
  await world.handOver();
  for (let tries = 1; tries < SERVING.tries && manager.look().pid !== null; tries += 1)
    await setTimeout(SERVING.pauseMs);
}

/** Removes the entry. What runs goes on running, until the logout. */
export async function disable(world: World): Promise<Done> {
  const place = await placeOf(world.homes, world.env, world.platform);
  const failed = (trouble: Trouble): Done => ({ ok: false, place, trouble });
  if (place === null) return failed({ code: 'unsupported', platform: world.platform });
  const found = entryIn(textAt(place.file));
  if (found.kind === 'foreign' || found.kind === 'edited') return failed({ code: found.kind });
  if (found.kind === 'ours') {
    const manager = managerOf(place, world);
    // Without systemd, or where it cannot be reached, there is only the file.
    const trouble = (manager.reach() === null ? manager.forget() : null) ?? remove(place.file);
    if (trouble !== null) return failed(trouble);
    manager.reread();
  }
  return { ok: true, changed: found.kind === 'ours', facts: await look(world) };
}
