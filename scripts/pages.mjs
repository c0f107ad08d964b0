// Bundles the pages of `overseer inspect` and `overseer web`. The style and the script of each go into its
// HTML, since a page loads nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../src/cli', import.meta.url));

/** The built pages by their names. */
export async function bundlePages() {
  return {
    viewer: await bundlePage('inspect/viewer', 'main.ts'),
    bridge: await bundlePage('inspect/bridge', 'main.ts'),
    web: await bundlePage('web/page', 'main.tsx'),
  };
}

async function bundlePage(folder, script) {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, folder, script), join(ROOT, folder, 'style.css')],
    outdir: 'pages',
    bundle: true,
    write: false,
    format: 'iife',
    // Supported by browsers of the last three years.
    target: 'es2023',
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  return readFileSync(join(ROOT, folder, 'index.html'), 'utf8')
    .replace('<link rel="stylesheet" href="style.css" />', () => `<style>${textOf('.css')}</style>`)
    .replace(`<script src="${script}"></script>`, () => `<script>${textOf('.js')}</script>`);
}
