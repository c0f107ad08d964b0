import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { type DotOptions, toDot } from './dot.ts';
import type { Graph } from './graph.ts';
import { DARK, LIGHT } from './ink.ts';

/** A chart as a picture that stands alone, light or dark as its reader likes. The `<title>` of a state's group is the state's id. */
export async function toSvg(graph: Graph, options: DotOptions = {}): Promise<string> {
  const graphviz = await Graphviz.load();
  return dressed(graphviz.layout(toDot(graph, options), 'svg', 'dot'), graph.id);
}

/** Graphviz draws; size, style and names are ours. */
function dressed(drawn: string, name: string): string {
  const [, width, height, viewBox] = /<svg width="(\d+)pt" height="(\d+)pt"\s+viewBox="([^"]+)"/.exec(drawn) ?? [];
  if (width === undefined || height === undefined || viewBox === undefined) throw new Error(`Graphviz drew no ${name}`);
  const groups = drawn
    .slice(drawn.indexOf('<g '))
    .replace(/<!--.*?-->\n/g, '')
    .replace(/<title>cluster_/g, '<title>')
    .replace(/(<g [^>]*class="(?:edge|graph|node start)[^>]*>)\n<title>[^<]*<\/title>/g, '$1')
    .replace(/ font-family="[^"]*"/g, '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="statechart ${name}" width="${width}" height="${height}" viewBox="${viewBox}">`,
    `<style>${STYLE}</style>`,
    `<rect width="100%" height="100%" rx="10" fill="${LIGHT.paper}"/>`,
    groups.trimEnd(),
    '',
  ].join('\n');
}

const NAMES = Object.keys(LIGHT) as readonly (keyof typeof LIGHT)[];
const dark = NAMES.map((name) => `[fill="${LIGHT[name]}"]{fill:${DARK[name]}}[stroke="${LIGHT[name]}"]{stroke:${DARK[name]}}`).join('');

const STYLE = `svg{max-width:100%;height:auto}text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif}@media (prefers-color-scheme:dark){${dark}}`;
