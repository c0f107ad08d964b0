import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const FIRST = "'use strict';\n";

/**
 * A copy of bin/, beside links to all that its programs load, in which these load the preload file first. The
 * programs themselves let nobody load anything into them. Returns its path.
 */
export function darwinPrograms(root: string): string {
  const bin = join(root, 'bin');
  const contents = readdirSync(bin).map((name) => readFileSync(join(bin, name)));
  // node_modules may have been copied from another checkout, to whose programs the links would lead.
  const hash = createHash('sha256').update(root).update(Buffer.concat(contents)).digest('hex').slice(0, 16);
  const made = join(root, 'node_modules', '.cache', `darwin-${hash}`);
  if (!existsSync(made)) make(root, made);
  return join(made, 'bin');
}

function make(root: string, made: string): void {
  const making = `${made}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  cpSync(join(root, 'bin'), join(making, 'bin'), { recursive: true });
  const preload = join(root, 'test', 'support', 'darwin', 'preload.cjs');
  for (const name of ['overseer', 'overseerd']) {
    const path = join(making, 'bin', name);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(FIRST)) throw new Error(`where does ${path} begin?`);
    writeFileSync(path, text.replace(FIRST, `${FIRST}require(${JSON.stringify(preload)});\n`));
  }
  for (const name of ['dist', 'machines', 'docs', 'package.json'])
    symlinkSync(join(root, name), join(making, name));
  try {
    renameSync(making, made);
  } catch (error) {
    // Another jest worker has made the folder meanwhile.
    if (!existsSync(made)) throw error;
    rmSync(making, { recursive: true, force: true });
  }
}
