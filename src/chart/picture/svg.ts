import type { DotOptions } from './dot.ts';
import type { Graph } from '../graph.ts';
import { DARK, LIGHT } from './colors.ts';
import { layoutOf } from './layout.ts';
import { narrowed } from '../subgraph.ts';
import { paint } from './paint.ts';

/**
 * A chart as a self-contained picture that follows the reader's light or dark scheme. The `<title>` of a
 * state's group is the state's id.
 */
export async function toSvg(graph: Graph, options: DotOptions = {}): Promise<string> {
  const { width, height, label, body } = await drawn(graph, options);
  return picture(`${label} ${sized(width, height)}`, [body]);
}

/** Several charts in one picture, below each other. */
export async function toSvgColumn(
  charts: readonly (readonly [graph: Graph, options: DotOptions])[],
): Promise<string> {
  const all = await Promise.all(charts.map(([graph, options]) => drawn(graph, options)));
  const width = Math.max(...all.map((each) => each.width));
  const height = all.reduce((sum, each) => sum + each.height + GAP, -GAP);
  let y = 0;
  const inner = all.map((each) => {
    const at = y;
    y += each.height + GAP;
    return `<svg ${each.label} y="${at}" ${sized(each.width, each.height)}>\n${each.body}\n</svg>`;
  });
  return picture(sized(width, height), inner);
}

interface Drawn {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly body: string;
}

async function drawn(graph: Graph, options: DotOptions): Promise<Drawn> {
  const { guards = true, actions = true } = options;
  const layout = await layoutOf({ graph: narrowed(graph, options), guards, actions });
  const name = `statechart ${options.region === undefined ? graph.id : `${graph.id}.${options.region}`}`;
  return {
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
    label: `role="img" aria-label="${name}"`,
    body: [`<rect width="100%" height="100%" rx="10" fill="${LIGHT.paper}"/>`, ...paint(layout)].join('\n'),
  };
}

/** Only the outermost element scales to the page; the others have fixed places in it. */
function picture(attributes: string, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${attributes} style="max-width:100%;height:auto">`;
  return [head, `<style>${STYLE}</style>`, ...parts, '</svg>', ''].join('\n');
}

const sized = (width: number, height: number): string =>
  `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;

/** The space between two charts. */
const GAP = 24;

const NAMES = Object.keys(LIGHT) as readonly (keyof typeof LIGHT)[];
const dark = NAMES.map(
  (name) => `[fill="${LIGHT[name]}"]{fill:${DARK[name]}}[stroke="${LIGHT[name]}"]{stroke:${DARK[name]}}`,
).join('');

const STYLE =
  'text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif;white-space:pre}@media ' +
  `(prefers-color-scheme:dark){${dark}}`;
