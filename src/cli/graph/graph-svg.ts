import type { ElkNode } from 'elkjs/lib/elk-api.js';
import elk from 'elkjs/lib/elk.bundled.js';
import { escaped } from '../../chart/escaped.ts';
import { DARK, LIGHT } from '../../chart/picture/colors.ts';
import { widthOf } from '../../chart/picture/letter-widths.ts';
import { pathThrough, pointText } from '../../chart/picture/rounded-path.ts';
import {
  BOX_SIDE,
  BOX_WIDTH,
  LINE,
  MARGIN,
  NAME_HEIGHT,
  NAME_SIZE,
  ROUND,
  WORD_SIZE,
} from '../../chart/picture/sizes.ts';
import { STATE_TONE } from '../../plan/state-tone.ts';
import { TONE_COLORS } from '../../chart/picture/tone-colors.ts';
import { titleOf, type GraphJob, type JobGraph } from './job-graph.ts';

const HEAD = 8;

/**
 * A picture that stands alone, light or dark as its reader likes. The `<title>` of a box is the name of its
 * job.
 */
export async function graphSvg({ jobs }: JobGraph): Promise<string> {
  const root: ElkNode = {
    id: 'jobs',
    children: jobs.map(({ name, ...job }) => ({ id: name, ...sizeOf({ name, ...job }) })),
    edges: jobs.flatMap(({ name, after }) =>
      after.map(({ job }) => ({ id: `${job} ${name}`, sources: [job], targets: [name] })),
    ),
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'DOWN',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.layered.spacing.nodeNodeBetweenLayers': '36',
      'elk.spacing.nodeNode': '24',
      'elk.padding': `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
    },
  };
  const placed = await new elk.default().layout(root);
  const [width, height] = [Math.ceil(placed.width ?? 0), Math.ceil(placed.height ?? 0)];
  const boxes = jobs.map((job) => box(job, placed.children?.find(({ id }) => id === job.name) ?? { id: '' }));
  const arrows = (placed.edges ?? []).map(({ sections = [] }) => {
    const [section] = sections;
    return section === undefined
      ? ''
      : arrow([section.startPoint, ...(section.bendPoints ?? []), section.endPoint]);
  });
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="dependencies of jobs" ' +
      `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      'style="max-width:100%;height:auto">',
    `<style>${STYLE}</style>`,
    `<rect width="100%" height="100%" rx="10" class="paper"/>`,
    ...arrows,
    ...boxes,
    '</svg>',
    '',
  ].join('\n');
}

function sizeOf(job: GraphJob): { readonly width: number; readonly height: number } {
  const words = [
    widthOf(titleOf(job), { size: NAME_SIZE, isBold: true }),
    widthOf(job.state ?? '', { size: WORD_SIZE }),
  ];
  return {
    width: Math.ceil(Math.max(BOX_WIDTH, ...words) + 2 * BOX_SIDE),
    height: NAME_HEIGHT + (job.state === null ? 0 : LINE),
  };
}

function box(job: GraphJob, { x = 0, y = 0, width = 0, height = 0 }: ElkNode): string {
  const tone = job.state === null ? 'none' : STATE_TONE[job.state];
  const middle = x + width / 2;
  const state =
    job.state === null
      ? ''
      : `<text x="${middle}" y="${y + NAME_HEIGHT + 2}" font-size="${WORD_SIZE}" class="word ` +
        `${tone}">${job.state}</text>`;
  return [
    `<g><title>${escaped(job.name)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${ROUND}" class="box ${tone}"/>`,
    `<text x="${middle}" y="${y + NAME_HEIGHT / 2 + NAME_SIZE / 3}" font-size="${NAME_SIZE}" ` +
      `class="name">${escaped(titleOf(job))}</text>${state}</g>`,
  ].join('');
}

/** A line that ends in a head: the last of its points is where the job begins. */
function arrow(points: readonly { readonly x: number; readonly y: number }[]): string {
  const { x, y } = points.at(-1) ?? { x: 0, y: 0 };
  const corners = [
    { x, y },
    { x: x - HEAD / 2, y: y - HEAD },
    { x: x + HEAD / 2, y: y - HEAD },
  ];
  return (
    '<path class="arrow" ' +
    `d="${pathThrough([...points.slice(0, -1), { x, y: y - HEAD }], ROUND)}"/><polygon class="head" ` +
    `points="${corners.map(pointText).join(' ')}"/>`
  );
}

const colored = (index: 0 | 1, ink: { readonly [Name in keyof typeof LIGHT]: string }): string =>
  [
    `.paper{fill:${ink.paper}}.name{fill:${ink.text}}.word{fill:${ink.label}}`,
    `.box{fill:${ink.state};stroke:${ink.line}}.arrow{stroke:${ink.arrow}}.head{fill:${ink.arrow}}`,
    ...Object.entries(TONE_COLORS).map(
      ([tone, { line }]) => `.box.${tone}{stroke:${line[index]}}.word.${tone}{fill:${line[index]}}`,
    ),
  ].join('');

const STYLE =
  'text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif;text-anchor:middle}' +
  '.name{font-weight:600}.box{stroke-width:1.5}.arrow{fill:none;stroke-width:1.4}' +
  `${colored(0, LIGHT)}@media (prefers-color-scheme:dark){${colored(1, DARK)}}`;
