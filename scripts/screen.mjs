// Bundles the screen of `overseer top`. Ink and what it needs are ES modules that wait for others at their
// top, so the screen is one as well, and a small script loads it.
import { build } from 'esbuild';

/** Ink's connection to the developer tools of React, which nobody has here. */
const withoutDevtools = {
  name: 'without-devtools',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\/devtools\.js$/ }, () => ({ path: 'devtools', namespace: 'nothing' }));
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: '' }));
  },
};

/** Leaves the screen out of a bundle that may load it later. */
export const screenApart = {
  name: 'screen-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/run-top\.tsx$/ }, () => ({ path: './top.mjs', external: true })),
};

/** Writes top.mjs, and show-top.cjs that loads it; returns what is in them. */
export async function bundleScreen(options) {
  const loader = await build({
    ...options,
    entryPoints: { 'show-top': 'src/cli/top/show-top.ts' },
    // Node loads this one itself, so there is an import().
    supported: {},
    plugins: [screenApart],
  });
  const screen = await build({
    ...options,
    entryPoints: { top: 'src/cli/top/run-top.tsx' },
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    jsx: 'automatic',
    supported: {},
    plugins: [withoutDevtools],
    alias: { 'string-width': './src/cli/top/styled-width.ts' },
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: 'import{createRequire as requireFor}from"node:module";const require=requireFor(import.meta.url);',
    },
  });
  return { ...loader.metafile.outputs, ...screen.metafile.outputs };
}
