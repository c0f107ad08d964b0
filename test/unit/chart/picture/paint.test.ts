import type { GraphNode } from '../../../../src/chart/graph.ts';
import type { Box } from '../../../../src/chart/picture/boxes.ts';
import { paint } from '../../../../src/chart/picture/paint.ts';

const node = (key: string, kind: GraphNode['kind'] = 'atomic'): GraphNode => ({
  id: `d.${key}`,
  key,
  parent: null,
  kind,
  initial: null,
  entry: [],
  exit: [],
});
const box = (key: string, more: Partial<Box> & { readonly kind?: GraphNode['kind'] } = {}): [string, Box] => [
  `d.${key}`,
  { node: node(key, more.kind), lines: [], isComposite: false, isRegion: false, ...more },
];
const said = (text: string, isGuard = false) => ({ text, isGuard });
const at = (x: number, y: number) => ({ x, y });
const nothing = { width: 0, height: 0, places: [], lines: [], boxes: new Map(), arrows: new Map() };
const place = (id: string, x: number, y: number, width = 70, height = 32) => ({ id, x, y, width, height });

test('boxes lie behind arrows, and the names of boxes, dots and states before them', () => {
  const painted = paint({
    ...nothing,
    places: [place('d.In', 5, 5), place('d.start', 1, 1, 10, 10), place('d.Out', 0, 0, 90, 90)],
    boxes: new Map([box('In'), box('Out', { isComposite: true })]),
    lines: [{ id: 'a', sources: [], targets: [], sections: [] }],
    arrows: new Map([['a', { id: 'a', lines: [], isBack: false }]]),
  });
  expect(painted.map((each) => /class="([^"]+)"/.exec(each)?.[1])).toEqual([
    'cluster composite',
    'edge arrow',
    'name',
    'node start',
    'node state',
  ]);
});

test('a state has its name in the middle, or above its lines; a final one has two borders', () => {
  const [plain, full, final] = paint({
    ...nothing,
    places: [place('d.On', 10, 20), place('d.Up', 10, 20, 70, 80), place('d.End', 10, 20, 78, 40)],
    boxes: new Map([
      box('On'),
      box('Up', { lines: [[said('entry / <go>')], [said('Ring'), said(' [isX]', true)]] }),
      box('End', { kind: 'final' }),
    ]),
  });
  expect(plain?.split('\n')).toEqual([
    '<g class="node state">',
    '<title>d.On</title>',
    '<rect x="10" y="20" width="70" height="32" rx="9" fill="#ffffff" stroke="#94a3b8"/>',
    '<text x="45" text-anchor="middle" y="40.5" font-size="13" font-weight="bold" fill="#0f172a">On</text>',
    '</g>',
  ]);
  expect(full?.split('\n').slice(3, -1)).toEqual([
    '<text x="24" y="40.5" font-size="13" font-weight="bold" fill="#0f172a">Up</text>',
    '<text x="24" y="60" font-size="11" fill="#334155">entry / &lt;go&gt;</text>',
    '<text x="24" y="74" font-size="11" fill="#334155">Ring<tspan fill="#64748b"> [isX]</tspan></text>',
  ]);
  expect(final?.split('\n').slice(2, 4)).toEqual([
    '<rect x="10" y="20" width="78" height="40" rx="13" fill="#ffffff" stroke="#94a3b8"/>',
    '<rect x="14" y="24" width="70" height="32" rx="9" fill="#ffffff" stroke="#94a3b8"/>',
  ]);
});

test('a region has a dashed border, and a name that lines behind it keep a distance from', () => {
  const painted = paint({
    ...nothing,
    places: [place('d.Main', 0, 0), place('d.Up', 0, 0)],
    boxes: new Map([box('Main', { isComposite: true, isRegion: true }), box('Up', { isComposite: true })]),
  });
  expect(painted).toEqual([
    '<g class="cluster region">\n<title>d.Main</title>\n' +
      '<rect x="0" y="0" width="70" height="32" rx="9" fill="#f8fafc" stroke="#cbd5e1" stroke-dasharray="5 4"/>\n</g>',
    '<g class="cluster composite">\n<title>d.Up</title>\n' +
      '<rect x="0" y="0" width="70" height="32" rx="9" fill="#eef2f7" stroke="#94a3b8"/>\n</g>',
    '<g class="name">\n<text x="14" y="20.5" font-size="13" font-weight="bold" fill="#0f172a" ' +
      'stroke="#f8fafc" stroke-width="5" paint-order="stroke">Main</text>\n</g>',
    '<g class="name">\n<text x="14" y="20.5" font-size="13" font-weight="bold" fill="#0f172a" ' +
      'stroke="#eef2f7" stroke-width="5" paint-order="stroke">Up</text>\n</g>',
  ]);
});

test('an arrow has its words on it, and its head at its end, also where it leads back', () => {
  const section = { id: 's', startPoint: at(50, 0), bendPoints: [at(50, 40)], endPoint: at(90, 40) };
  const line = (id: string, more: object = {}) => ({
    id,
    sources: [],
    targets: [],
    sections: [section],
    labels: [place('l', 20, 30, 60, 18)],
    ...more,
  });
  const [down, back, start] = paint({
    ...nothing,
    lines: [line('a'), line('b', { labels: undefined }), line('c')],
    arrows: new Map([
      ['a', { id: 'a', lines: [[said('Go')], [said('Stop')]], isBack: false }],
      ['b', { id: 'b', lines: [[said('Back')]], isBack: true }],
      ['c', { id: null, lines: [], isBack: false }],
    ]),
  });
  expect(down?.split('\n')).toEqual([
    '<g id="a" class="edge arrow">',
    '<path d="M50,0L50,31Q50,40 59,40L90,40" fill="none" stroke="#5f6f86"/>',
    '<polygon points="83,40 83,37 90,40 83,43" fill="#5f6f86" stroke="#5f6f86"/>',
    '<rect x="20" y="30" width="60" height="18" rx="5" fill="#fdfeff" stroke="#cbd5e1" stroke-width="0.7"/>',
    '<text x="25" y="42.5" font-size="11" fill="#334155">Go</text>',
    '<text x="25" y="56.5" font-size="11" fill="#334155">Stop</text>',
    '</g>',
  ]);
  expect(back?.split('\n').slice(1)).toEqual([
    '<path d="M90,40L59,40Q50,40 50,31L50,0" fill="none" stroke="#5f6f86"/>',
    '<polygon points="50,7 47,7 50,0 53,7" fill="#5f6f86" stroke="#5f6f86"/>',
    '</g>',
  ]);
  expect(start?.split('\n').map((each) => each.split(' ')[0])).toEqual(['<g', '<path', '<polygon', '</g>']);
  expect(start).toContain('<g class="edge start">');
});

test('a dot is a circle in its place', () => {
  expect(paint({ ...nothing, places: [place('d start', 7.26, 3, 10, 10)] })).toEqual([
    '<g class="node start">\n<circle cx="12.3" cy="8" r="5" fill="#1e293b"/>\n</g>',
  ]);
});
