// Writes the pages that are generated from the charts, the specification and the tests. With --check it only
// lists stale pages; `npm run docs -- screenshots` takes the pictures of the pages anew.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { screenApart } from './screen.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
if (process.argv.includes('screenshots')) {
  const { takeScreenshots } = await import('./screenshots.mjs');
  await takeScreenshots();
  process.exit();
}
const { outputFiles } = await build({
  entryPoints: ['test/support/docs/pages.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  // A data: URL has no require of its own, and packages in CommonJS ask for one.
  banner: {
    js: "import{createRequire}from'node:module';const require=createRequire(process.cwd()+'/docs.js');",
  },
  plugins: [screenApart],
  write: false,
});
const { madePages } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);

const stale = [...(await madePages('.'))].filter(([path, text]) => text !== textOf(path));
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale: run \`npm run docs\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`wrote ${path}`);
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}
