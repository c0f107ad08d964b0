import { readLimit } from './read-limit.ts';

/** By which a client hands on the limit that it was started with. */
const NAME = 'OVERSEER_OPEN_FILES';

const LIMIT = 'Max open files';

/**
 * The soft limit of open files outside: Node raises its own before any line of ours, so it is read from the parent unless a
 * client has said it. Null where it is not known, or Node has not raised it.
 */
export function openFilesOutside(env: Readonly<Record<string, string | undefined>>): number | null {
  const told = Number(env[NAME]);
  const outside = Number.isInteger(told) && told > 0 ? told : readLimit(process.ppid, LIMIT);
  const own = readLimit('self', LIMIT);
  return outside === null || (own !== null && outside >= own) ? null : outside;
}

/** What a client gives the daemon that it launches. */
export function openFilesFor(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const outside = openFilesOutside(env);
  return outside === null ? {} : { [NAME]: String(outside) };
}
