// The Chromium without a window that the tests drive, for the scripts.
import { build } from 'esbuild';

/** `findChromium` and `Page` of test/support/browser.ts. */
export async function browser() {
  const { outputFiles } = await build({
    entryPoints: ['test/support/browser.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
