// `npm run bench -- --docs FILE…` keeps the results of runs in the repository, and draws the page from them.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { joined } from './samples.mjs';

const RESULTS = fileURLToPath(new URL('results.json', import.meta.url));
const DOCS = fileURLToPath(new URL('../docs.mjs', import.meta.url));

/** Several files become one: the first one tells the conditions. */
export function writeDocs(files) {
  if (files.length === 0) throw new Error('bench: name the files of results');
  const [first, ...more] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(RESULTS, written(more.reduce(joined, first)));
  execFileSync(process.execPath, [DOCS], { stdio: 'inherit' });
}

/** One row a line, so that a comparison of two versions can be read. */
function written({ rows, ...conditions }) {
  const head = JSON.stringify(conditions, null, 2).replace(/\n}$/, '');
  return `${head},\n  "rows": [\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')}\n  ]\n}\n`;
}
