import { readLimit } from './read-limit.ts';

/**
 * By which `bin/overseerd`, or the client that launches the daemon, hands on the limit that it was started
 * with.
 */
const NAME = 'OVERSEER_OPEN_FILES';

const LIMIT = 'Max open files';

/**
 * The soft limit of open files that the parent process had. Node raises its own before any of our code runs,
 * so a parent hands its limit on. Null if it is unknown, or if Node has not raised it.
 */
export function openFilesOutside(env: Readonly<Record<string, string | undefined>>): number | null {
  const handed = env[NAME];
  const outside = handed === undefined ? readLimit(process.ppid, LIMIT) : limitIn(handed);
  const own = readLimit('self', LIMIT);
  return outside === null || (own !== null && outside >= own) ? null : outside;
}

function limitIn(text: string): number | null {
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** What a client gives the daemon that it launches. */
export function openFilesFor(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const outside = openFilesOutside(env);
  return outside === null ? {} : { [NAME]: String(outside) };
}
