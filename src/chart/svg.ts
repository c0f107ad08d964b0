import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { type DotOptions, toDot } from './dot.ts';
import type { Graph } from './graph.ts';
import { DARK, LIGHT } from './ink.ts';

/** A chart as a picture that stands alone, light or dark as its reader likes. The `<title>` of a state's group is the state's id. */
export async function toSvg(graph: Graph, options: DotOptions = {}): Promise<string> {
  const { width, height, viewBox, label, groups } = await drawn(graph, options);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${label} width="${width}" height="${height}" viewBox="${viewBox}">`,
    `<style>svg{${FITTING}}${STYLE}</style>`,
    PAPER,
    groups,
    '</svg>',
    '',
  ].join('\n');
}

/** Several charts in one picture, below each other. */
export async function toSvgColumn(charts: readonly (readonly [graph: Graph, options: DotOptions])[]): Promise<string> {
  const all = await Promise.all(charts.map(([graph, options]) => drawn(graph, options)));
  const width = Math.max(...all.map((each) => each.width));
  const height = all.reduce((sum, each) => sum + each.height + GAP, -GAP);
  let y = 0;
  const inner = all.map(({ name, label, viewBox, groups, ...size }) => {
    const at = y;
    y += size.height + GAP;
    const own = groups.replaceAll('<g id="', `<g id="${name}-`);
    return `<svg ${label} y="${at}" width="${size.width}" height="${size.height}" viewBox="${viewBox}">\n${PAPER}\n${own}\n</svg>`;
  });
  return [
    // Only the outermost fits itself to the page: the others have their places in it.
    `<svg xmlns="http://www.w3.org/2000/svg" style="${FITTING}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${STYLE}</style>`,
    ...inner,
    '</svg>',
    '',
  ].join('\n');
}

interface Drawn {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly viewBox: string;
  readonly label: string;
  readonly groups: string;
}

/** Graphviz draws; size, style and names are ours. */
async function drawn(graph: Graph, options: DotOptions): Promise<Drawn> {
  const graphviz = await Graphviz.load();
  const picture = graphviz.layout(toDot(graph, options), 'svg', 'dot');
  const [, width, height, viewBox] = /<svg width="(\d+)pt" height="(\d+)pt"\s+viewBox="([^"]+)"/.exec(picture) ?? [];
  if (width === undefined || height === undefined || viewBox === undefined) throw new Error(`Graphviz drew no ${graph.id}`);
  const groups = picture
    .slice(picture.indexOf('<g '), picture.lastIndexOf('</svg>'))
    .replace(/<!--.*?-->\n/g, '')
    .replace(/<title>cluster_/g, '<title>')
    .replace(/(<g [^>]*class="(?:edge|graph|node start)[^>]*>)\n<title>[^<]*<\/title>/g, '$1')
    .replace(/ font-family="[^"]*"/g, '')
    .trimEnd();
  const label = `role="img" aria-label="statechart ${graph.id}"`;
  return { name: graph.id, width: Number(width), height: Number(height), viewBox, label, groups };
}

/** Between two charts. */
const GAP = 24;
const PAPER = `<rect width="100%" height="100%" rx="10" fill="${LIGHT.paper}"/>`;
const FITTING = 'max-width:100%;height:auto';

const NAMES = Object.keys(LIGHT) as readonly (keyof typeof LIGHT)[];
const dark = NAMES.map((name) => `[fill="${LIGHT[name]}"]{fill:${DARK[name]}}[stroke="${LIGHT[name]}"]{stroke:${DARK[name]}}`).join('');

const STYLE = `text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif}@media (prefers-color-scheme:dark){${dark}}`;
