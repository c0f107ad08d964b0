// Collects the types of the library from the sources' declarations into one file that imports nothing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In this order each file uses only declarations above it. */
const FILES = ['types', 'errors', 'connect', 'index'];

/**
 * The text of `library.d.mts` and of `library.d.cts`, and the names of the values in it. Throws where tsc
 * finds a mistake.
 */
export function libraryTypes() {
  const outDir = mkdtempSync(join(tmpdir(), 'overseer-types-'));
  try {
    const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', outDir];
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'src/library', ...options]);
    const text = FILES.map((name) =>
      declarationsIn(readFileSync(join(outDir, `src/library/${name}.d.ts`), 'utf8')),
    );
    return { text: text.join(''), names: exportedValues(text.join('')) };
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

/** Without imports, and exporting only what the index exports. */
function declarationsIn(text) {
  return text
    .replace(/^import .*;\n/gm, '')
    .replace(/^(export (?:type )?\{[^}]*\}) from '\.\/\w+\.ts';/gm, '$1;')
    .replace(/^export (?=(?:declare|interface|type \w))/gm, '');
}

const exportedValues = (text) =>
  [...text.matchAll(/^export \{([^}]*)\};/gm)]
    .flatMap(([, names]) => names.split(',').map((name) => name.trim()))
    .filter((name) => name !== '');
