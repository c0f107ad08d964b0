import type { DotOptions } from './dot.ts';
import type { Graph } from './graph.ts';
import { DARK, LIGHT } from './ink.ts';
import { layoutOf } from './layout.ts';
import { narrowed } from './narrow.ts';
import { paint } from './paint.ts';

/** A chart as a picture that stands alone, light or dark as its reader likes. The `<title>` of a state's group is the state's id. */
export async function toSvg(graph: Graph, options: DotOptions = {}): Promise<string> {
  const { guards = true, actions = true } = options;
  const layout = await layoutOf({ graph: narrowed(graph, options), guards, actions });
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  const name = `statechart ${options.region === undefined ? graph.id : `${graph.id}.${options.region}`}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${STYLE}</style>`,
    `<rect width="100%" height="100%" rx="10" fill="${LIGHT.paper}"/>`,
    ...paint(layout),
    '</svg>',
    '',
  ].join('\n');
}

const NAMES = Object.keys(LIGHT) as readonly (keyof typeof LIGHT)[];
const dark = NAMES.map((name) => `[fill="${LIGHT[name]}"]{fill:${DARK[name]}}[stroke="${LIGHT[name]}"]{stroke:${DARK[name]}}`).join('');

const STYLE = `svg{max-width:100%;height:auto}text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif;white-space:pre}@media (prefers-color-scheme:dark){${dark}}`;
