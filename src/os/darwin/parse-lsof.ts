/** The fields that `parseWriters` reads, as an argument of `lsof`. */
export const LSOF_FIELDS = 'pfan';

/** How lsof shows that a process has opened a file for writing, alone or with reading. */
const WRITING = new Set(['w', 'u']);
const OUTPUTS = new Set(['1', '2']);

/**
 * By file, the pids whose stdout or stderr it is, of `lsof -F pfan`: a line a field, its first letter the
 * field's name.
 */
export function parseWriters(text: string): ReadonlyMap<string, readonly number[]> {
  const writers = new Map<string, Set<number>>();
  let pid = 0;
  let fd = '';
  let access = '';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    if (line.startsWith('p')) pid = Number(value);
    else if (line.startsWith('f')) [fd, access] = [value, ''];
    else if (line.startsWith('a')) access = value;
    else if (line.startsWith('n') && OUTPUTS.has(fd) && WRITING.has(access) && pid > 0)
      writers.set(value, (writers.get(value) ?? new Set()).add(pid));
  }
  return new Map([...writers].map(([file, pids]) => [file, [...pids]]));
}
