// Bundles the pages of `overseer inspect`: the style and the script of each go into its HTML, since a page
// loads nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../src/cli/inspect', import.meta.url));

/** The built pages by their folders in src/cli/inspect. */
export async function bundlePages() {
  return { viewer: await bundlePage('viewer'), bridge: await bundlePage('bridge') };
}

async function bundlePage(name) {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, name, 'main.ts'), join(ROOT, name, 'style.css')],
    outdir: 'pages',
    bundle: true,
    write: false,
    format: 'iife',
    // What browsers of the last three years know.
    target: 'es2023',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  return readFileSync(join(ROOT, name, 'index.html'), 'utf8')
    .replace('<link rel="stylesheet" href="style.css" />', () => `<style>${textOf('.css')}</style>`)
    .replace('<script src="main.ts"></script>', () => `<script>${textOf('.js')}</script>`);
}
