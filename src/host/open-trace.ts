import { openSync, writeSync } from 'node:fs';
import type { Trace } from './trace.ts';

/** The environment variable that names the file. */
export const TRACE_NAME = 'OVERSEER_TRACE';

/**
 * Writes each step as a line of JSON to a file, which several processes may share. For tests and debugging.
 */
export function openTrace(path: string): Trace {
  const fd = openSync(path, 'a', 0o600);
  return (record) => writeSync(fd, `${JSON.stringify(record)}\n`);
}
