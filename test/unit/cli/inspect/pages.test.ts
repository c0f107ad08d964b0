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

const page = { viewer: '<!-- pictures -->', bridge: '<!-- definitions -->' };

test('our own page has each picture by its name, and the arrows in it', () => {
  const pictures = { job: '<svg>$& whole</svg>', 'job simple': '<svg>simple</svg>' };
  const { html } = viewerPage(page, pictures, { job: { a: ['b'] } } as never);
  expect(html('n')).toBe(
    '<template data-picture="job"><svg>$& whole</svg></template>\n' +
      '<template data-picture="job simple"><svg>simple</svg></template>\n' +
      '<script type="application/json" id="arrows">{"job":{"a":["b"]}}</script>',
  );
});

test('data in a page cannot end its script', () => {
  const html = bridgePage(page, { daemon: '</script><b>', job: '' }).html('n');
  const data = /<script [^>]+>([^]*?)<\/script>/.exec(html)?.[1] ?? '';
  expect(JSON.parse(data)).toEqual({ daemon: '</script><b>', job: '' });
});

test('our own page loads nothing, and the other only a frame of Stately', () => {
  expect([viewerPage(page, {}, {}).policy, bridgePage(page, {} as never).policy]).toEqual([
    'img-src data:',
    'frame-src https://stately.ai',
  ]);
});
