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

/** The style sheet `tones.css` of the pages: made of the table of colours that the pictures have as well. */
const tones = {
  name: 'tones',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^tones\.css$/ }, ({ path }) => ({ path, namespace: 'tones' }));
    onLoad({ filter: /.*/, namespace: 'tones' }, async () => ({
      contents: await toneStyle(),
      loader: 'css',
    }));
  },
};

/** Variables such as `--up` and `--up-fill`, and `--tone` by class or `data-tone`. */
async function toneStyle() {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, '../chart/picture/tone-colors.ts')],
    bundle: true,
    write: false,
    format: 'esm',
  });
  const { TONE_COLORS } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  );
  const tones = Object.entries(TONE_COLORS);
  const variables = (index) =>
    tones.map(([tone, { line, fill }]) => `--${tone}:${line[index]};--${tone}-fill:${fill[index]}`).join(';');
  const classes = tones.map(
    ([tone]) => `.${tone},[data-tone='${tone}']{--tone:var(--${tone});--tone-fill:var(--${tone}-fill)}`,
  );
  return [
    `:root{${variables(0)}}`,
    `@media (prefers-color-scheme:dark){:root{${variables(1)}}}`,
    ...classes,
  ].join('\n');
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
    plugins: [tones],
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  return readFileSync(join(ROOT, folder, 'index.html'), 'utf8')
    .replace('<link rel="stylesheet" href="style.css" />', () => `<style>${textOf('.css')}</style>`)
    .replace(`<script src="${script}"></script>`, () => `<script>${textOf('.js')}</script>`);
}
