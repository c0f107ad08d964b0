// Loads TypeScript for the tests that `npm run mutation` runs without jest.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const GLOBALS = new URL('./harness.mjs', import.meta.url).href;
const KEPT = join(process.env['OVERSEER_MUTATION_CACHE'] ?? '.stryker', 'transformed');

export async function resolve(specifier, context, next) {
  if (specifier === '@jest/globals') return { url: GLOBALS, shortCircuit: true };
  const parent = context.parentURL ?? '';
  const test = /\/test\/.*\.test\.tsx?$/.test(parent) ? parent : /\?for=(.*)$/.exec(parent)?.[1];
  const found = await next(specifier, context);
  // What tests share may keep things and have hooks: each file of tests has its own.
  return test !== undefined && found.url.includes('/test/')
    ? { ...found, url: `${found.url}?for=${test}` }
    : found;
}

export function load(url, context, next) {
  const path = url.startsWith('file:') ? fileURLToPath(url) : '';
  if (!/\.tsx?$/.test(path)) return next(url, context);
  return { format: 'module', source: transformed(readFileSync(path, 'utf8'), path), shortCircuit: true };
}

/** A process that is started anew need not transform everything again. */
function transformed(text, url) {
  const loader = url.endsWith('x') ? 'tsx' : 'ts';
  const kept = join(KEPT, createHash('sha256').update(loader).update(text).digest('hex'));
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { code } = transformSync(text, { loader, jsx: 'automatic', format: 'esm', target: 'node20' });
  mkdirSync(KEPT, { recursive: true });
  writeFileSync(kept, code);
  return code;
}
