import type { AttachedDaemon, ClientPorts } from '../../client/ports.ts';
import type { JobStatus } from '../../wire/messages.ts';
import type { Homes } from '../../homes.ts';
import { attach } from './attached.ts';

/** How often to check whether processes have gone. */
const POLL_MS = 20;
const POLLS = 150;

/** How many daemons are tried if each is killed before it has ended the jobs. */
const TRIES = 3;

export interface EndJobsOptions {
  readonly ports: ClientPorts;
  readonly homes: Homes;
  /** The daemon that was lost. */
  readonly daemon: AttachedDaemon;
  readonly jobs: () => Promise<readonly Pick<JobStatus, 'pid'>[]>;
  /** Sends a daemon `DIE`; whether it did so. */
  readonly die: () => Promise<boolean>;
}

/**
 * Ends the jobs of a lost daemon: through the daemon if it is alive, else through a new daemon on the same
 * folder, which knows the jobs from the journal.
 */
export async function endJobs({ ports, homes, daemon, jobs, die }: EndJobsOptions): Promise<boolean> {
  if (!(await isSoon(ports, () => daemon.exitCode() !== null))) return die();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const attaching = await attach(ports, homes);
    // If another daemon serves the folder by now, the jobs are its own.
    if (!attaching.ok && !attaching.isBusy) continue;
    const pids = (await jobs()).flatMap(({ pid }) => (pid === null ? [] : [pid]));
    if (!(await die())) continue;
    // Orphans stay known until init has waited for them, and a script asks with `kill -0`.
    await isSoon(ports, () => !pids.some((pid) => ports.isAlive(pid)));
    return true;
  }
  return false;
}

async function isSoon(ports: ClientPorts, condition: () => boolean): Promise<boolean> {
  for (let polls = 0; polls < POLLS; polls += 1) {
    if (condition()) return true;
    await new Promise<void>((resolve) => void ports.clock.after(POLL_MS, resolve));
  }
  return false;
}
