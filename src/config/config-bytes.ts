import { isFile, listConfigFiles, readBytes } from './toml/files.ts';

/** A config that matches may name further files; an escape may hide the key `env_file`. */
const NAMES_FILES = /env_file|\\[uUx]/;

/**
 * Everything on which the reading of a config depends, as bytes: its files with their names. Null where that
 * is more than `maxBytes`, cannot be read, or is not all, because the config names further files.
 */
export function configBytes(dir: string, maxBytes: number): Buffer | null {
  const listed = isFile(dir) ? { ok: true as const, value: [dir] } : listConfigFiles(dir);
  if (!listed.ok) return null;
  const parts: Buffer[] = [];
  let left = maxBytes;
  for (const file of listed.value) {
    const read = readBytes(file, left);
    if (!read.ok || NAMES_FILES.test(read.value.toString('latin1'))) return null;
    left -= read.value.length;
    parts.push(Buffer.from(`${file}\0${read.value.length}\0`), read.value);
  }
  return Buffer.concat(parts);
}
