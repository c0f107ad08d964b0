import { join } from 'node:path';
import { parseSocketFile } from '../../wire/socket-file.ts';
import { VERSION } from '../../version.ts';
import type { SeenPrograms } from '../autostart/facts.ts';
import { entryHasMoved } from '../autostart/moved.ts';
import { placeOf } from '../autostart/place.ts';
import type { World } from '../autostart/world.ts';
import type { Cli } from '../cli.ts';
import { askSilently } from './ask-silently.ts';

/** A daemon without its jobs ends within moments. */
const ENDING = { tries: 200, pauseMs: 50 } as const;

/** The facts about this call and its daemon that `overseer autostart` needs. */
export function autostartWorld(cli: Pick<Cli, 'homes' | 'env' | 'ports'>): World {
  const { homes, env, ports } = cli;
  const daemonPid = (): number | null => {
    const found = ports.readSocketFile(homes);
    const pid = found.kind === 'text' ? (parseSocketFile(found.text)?.pid ?? null) : null;
    return pid !== null && ports.isAlive(pid) ? pid : null;
  };
  return {
    homes,
    env,
    version: VERSION,
    platform: process.platform,
    running: running(),
    daemonPid,
    handOver: async () => {
      const pid = daemonPid();
      await askSilently(cli, { name: 'DIE', keepJobs: true });
      for (let tries = 0; pid !== null && ports.isAlive(pid) && tries < ENDING.tries; tries += 1)
        await new Promise<void>((resolve) => ports.clock.after(ENDING.pauseMs, resolve));
    },
  };
}

/** Next to the bundle, as in `main.ts`. */
const running = (): SeenPrograms => ({
  program: join(import.meta.dirname, '../bin/overseerd'),
  node: process.execPath,
});

/** Repairs the login entry if its programs have moved, and says so. Usually it only checks one file. */
export async function mendAutostart(cli: Pick<Cli, 'homes' | 'env' | 'ports' | 'err'>): Promise<void> {
  const place = await placeOf(cli.homes, cli.env);
  if (place === null || !entryHasMoved(place.file, running())) return;
  const { mend, mendedText } = await import('../at-login.ts');
  const mended = await mend(autostartWorld(cli));
  if (mended !== null) await cli.err.write(`overseer: ${mendedText(mended)}\n`);
}
