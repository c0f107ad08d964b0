import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Homes } from '../../homes.ts';
import { systemWords } from '../../text/system-messages.ts';
import type { SeenPrograms } from './facts.ts';
import { launchd } from './managers/launchd.ts';
import type { Wanted } from './new-entry.ts';
import type { EntryPlace } from './place.ts';
import type { ServiceManager } from './managers/service-manager.ts';
import { systemd } from './managers/systemd.ts';
import { runTool, type Run } from './tools.ts';
import type { Trouble } from './troubles.ts';

/** The call, and the daemon of its data folder. */
export interface World {
  readonly homes: Homes;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly running: SeenPrograms;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly run?: Run;
  /** Its pid; null where none runs. */
  readonly daemonPid: () => number | null;
  /** Ends the daemon and leaves its jobs for the next one. */
  readonly handOver: () => Promise<void>;
}

export const runOf = ({ run = runTool }: World): Run => run;

export const wantedOf = (world: World, path: string | null): Wanted => ({
  ...world,
  run: runOf(world),
  path,
});

export function managerOf(place: EntryPlace, world: World): ServiceManager {
  const { uid, username } = userInfo();
  return place.manager === 'launchd'
    ? launchd(place, runOf(world), { uid, log: join(world.homes.home, 'Library/Logs', `${place.name}.log`) })
    : systemd(place, runOf(world), username);
}

export function write(file: string, text: string): Trouble | null {
  const temporary = `${file}.${process.pid}.new`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    // An earlier process of this pid may have been killed before it renamed its own.
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { flag: 'wx', mode: 0o644 });
    // launchd refuses an agent that others may write to.
    chmodSync(temporary, 0o644);
    renameSync(temporary, file);
    return null;
  } catch (error) {
    rmSync(temporary, { force: true });
    return { code: 'unwritable', detail: `cannot write ${file}: ${systemWords(error as Error)}` };
  }
}

export function remove(file: string): Trouble | null {
  try {
    rmSync(file, { force: true });
    return null;
  } catch (error) {
    return { code: 'unwritable', detail: `cannot remove ${file}: ${systemWords(error as Error)}` };
  }
}
