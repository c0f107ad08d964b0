import { Script } from 'node:vm';
import { bundlePages } from '../../../../scripts/pages.mjs';
import { bridgePage, viewerPage } from '../../../../src/cli/inspect/pages.ts';

const built = await bundlePages();

test.each([
  ['our own', viewerPage(built, { job: '<svg></svg>' }, { job: {} })],
  ['the one with the Stately inspector', bridgePage(built, { daemon: '{}', job: '{}' })],
])(
  'the script of %s page is JavaScript, bears its nonce, and no other address is in our own',
  (name, page) => {
    const html = page.html('abc');
    const script = /<script nonce="abc">([^]*)<\/script>/.exec(html)?.[1] ?? '';
    expect(() => new Script(script)).not.toThrow();
    const addresses = new Set(html.match(/https?:\/\/[^/'"` <]+/g));
    expect([...addresses]).toEqual(name === 'our own' ? [] : ['https://stately.ai']);
  },
);
