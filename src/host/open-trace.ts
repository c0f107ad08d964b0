import { openSync, writeSync } from 'node:fs';
import type { Trace } from './trace.ts';

/** The trace that the environment asks for, for tests and debugging; null where it asks for none. */
export function traceIn(env: Readonly<Record<string, string | undefined>>): Trace | null {
  const path = env['OVERSEER_TRACE'] ?? '';
  return path === '' ? null : openTrace(path);
}

/**
 * Writes each step as a line of JSON to a file, which several processes may share.
 */
export function openTrace(path: string): Trace {
  const fd = openSync(path, 'a', 0o600);
  return (record) => writeSync(fd, `${JSON.stringify(record)}\n`);
}
