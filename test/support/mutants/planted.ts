import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { transformSync } from 'esbuild';
import * as xstate from 'xstate';
import { ROOT } from '../sources.ts';
import type { Mutant } from './mutants.ts';

/** How often a mutant's place is in its file: it must be there once. */
export function placesOf({ file, find }: Mutant): number {
  return readFileSync(join(ROOT, file), 'utf8').split(find).length - 1;
}

/** A chart with a planted bug: its file imports nothing but xstate, so that its text is all that it takes. */
export function planted<M>({ file, find, replace }: Mutant): M {
  const source = readFileSync(join(ROOT, file), 'utf8').replace(find, () => replace);
  const { code } = transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' });
  const bare = code
    .replace(/^import \{[^}]*\} from "xstate";$/m, '')
    .replaceAll(/^export (?:\{[^}]*\};)?/gm, '');
  const name = `${/(\w+)\.ts$/.exec(file)?.[1]}Machine`;
  return compileFunction(`${bare}\nreturn ${name};`, Object.keys(xstate))(...Object.values(xstate)) as M;
}
