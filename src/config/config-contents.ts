import { decode } from './toml/decode.ts';
import { isFile, listConfigFiles, readBytes } from './toml/files.ts';

/** A config that matches may name further files; an escape may hide the key `env_file`. */
const NAMES_FILES = /env_file|\\[uUx]/;

/** The name and the text of a config file. */
export interface FileContent {
  readonly file: string;
  readonly text: string;
}

/**
 * Everything on which the reading of a config depends: its files. Null where that is more than `maxBytes`,
 * cannot be read, or is not all, because the config names further files.
 */
export function configContents(dir: string, maxBytes: number): readonly FileContent[] | null {
  const listed = isFile(dir) ? { ok: true as const, value: [dir] } : listConfigFiles(dir);
  if (!listed.ok) return null;
  const contents: FileContent[] = [];
  let left = maxBytes;
  for (const file of listed.value) {
    const read = readBytes(file, left);
    const text = read.ok ? decode(read.value) : read;
    if (!read.ok || !text.ok || NAMES_FILES.test(text.value)) return null;
    left -= read.value.length;
    contents.push({ file, text: text.value });
  }
  return contents;
}
