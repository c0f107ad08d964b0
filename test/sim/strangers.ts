import type { SimProcess } from './process-table.ts';
import type { World } from './world.ts';

/** How often foreign processes come and go. */
const STIR_MS = { faults: 80, calm: 700 } as const;
const STRANGERS_MOST = 9;

/** A machine that boots starts so many of its own, and each lives so long at most. */
const AT_BOOT = 6;
const AT_BOOT_LIVES_MS = 12_000;

/** Processes that are none of ours take pids and give them back. */
export function stir(world: World, strangers: readonly SimProcess[] = []): void {
  const { timeline, table, isCalm } = world;
  const random = world.random('stir', world.nth('stir'));
  const live = strangers.filter(({ isZombie }) => !isZombie);
  if (live.length > 0 && random.chance(live.length / STRANGERS_MOST))
    table.end(random.pick(live), { code: 0, signal: null });
  const born = live.length < STRANGERS_MOST ? newStranger(world, live) : null;
  timeline.after(random.int(1, 2 * (isCalm ? STIR_MS.calm : STIR_MS.faults)), () =>
    stir(world, born === null ? live : [...live, born]),
  );
}

/** The first processes after a boot: their start times are as early as those of the last boot's jobs. */
export function startAtBoot(world: World): void {
  const { timeline, table } = world;
  const random = world.random('boot', table.boots);
  for (let count = 0; count < AT_BOOT; count++) {
    timeline.after(random.int(0, 500), () => {
      const stranger = newStranger(world, []);
      if (stranger !== null)
        timeline.after(random.int(0, AT_BOOT_LIVES_MS), () => table.end(stranger, { code: 0, signal: null }));
    });
  }
}

/** It may join another group and outlive its leader: then the number of that group stays in use. */
function newStranger(world: World, live: readonly SimProcess[]): SimProcess | null {
  const random = world.random('stranger', world.nth('stranger'));
  const other = live.length > 0 && random.chance(0.3) ? random.pick(live) : null;
  return world.table.fork({
    instance: null,
    role: 'foreign',
    ...(other !== null && { pgid: other.pgid }),
    // Somebody else's parent, who asks at once.
    parent: { childEnded: (_child, _exit, reap) => void world.timeline.after(0, reap) },
    onSignal: (signal) => world.violate(`${signal} reaches a foreign process`),
  });
}
