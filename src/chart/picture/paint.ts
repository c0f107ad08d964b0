import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Arrow, Box } from './boxes.ts';
import { escaped } from '../escaped.ts';
import { LIGHT as INK } from './colors.ts';
import type { Layout } from './layout.ts';
import type { Line, Span } from '../lines.ts';
import {
  BOX_SIDE,
  DOT,
  LINE,
  NAME_HEIGHT,
  NAME_SIZE,
  RIM,
  ROUND,
  TAG_SIDE,
  TAG_TOP,
  WORD_SIZE,
} from './sizes.ts';
import { pathThrough, pointAt, pointText, round } from './rounded-path.ts';

/** The elements of a picture, from those behind to those in front. */
export function paint({ places, lines, boxes, arrows }: Layout): readonly string[] {
  const known = places.flatMap((place) => [{ place: placeOf(place), box: boxes.get(place.id) }]);
  const outer = known.flatMap(({ place, box }) => (box?.isComposite === true ? [{ place, box }] : []));
  const inner = known.flatMap(({ place, box }) => (box?.isComposite === false ? [{ place, box }] : []));
  return [
    ...outer.map(frame),
    ...lines.map((line) => arrow(line, arrows.get(line.id) as Arrow)),
    // Arrows may pass under the name of what they lead into.
    ...outer.map((each) => `<g class="name">\n${words(each, INK[fillOf(each.box)])}\n</g>`),
    ...known.filter(({ box }) => box === undefined).map(({ place }) => dot(place)),
    ...inner.map(state),
  ];
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Placed {
  readonly place: Place;
  readonly box: Box;
}

const placeOf = ({ x = 0, y = 0, width = 0, height = 0 }: ElkNode): Place => ({ x, y, width, height });

const fillOf = ({ isRegion }: Box): 'region' | 'composite' => (isRegion ? 'region' : 'composite');

function frame({ place, box }: Placed): string {
  const border = box.isRegion ? `stroke="${INK.frame}" stroke-dasharray="5 4"` : `stroke="${INK.line}"`;
  const name = fillOf(box);
  return group(`cluster ${name}`, [
    `<title>${box.node.id}</title>`,
    rectangle(place, `fill="${INK[name]}" ${border}`),
  ]);
}

function state({ place, box }: Placed): string {
  const isFinal = box.node.kind === 'final';
  const within = isFinal ? shrunk(place, RIM) : place;
  const rim = isFinal ? [rectangle(place, `fill="${INK.state}" stroke="${INK.line}"`, ROUND + RIM)] : [];
  const border = rectangle(within, `fill="${INK.state}" stroke="${INK.line}"`);
  return group('node state', [
    `<title>${box.node.id}</title>`,
    ...rim,
    border,
    words({ place: within, box }),
  ]);
}

/**
 * The name of a box, in the middle if the box has no other text. With a `halo`, lines behind it keep a
 * distance.
 */
function words({ place: { x, y, width }, box }: Placed, halo?: string): string {
  const isAlone = box.lines.length === 0 && !box.isComposite;
  const at = isAlone ? `x="${round(x + width / 2)}" text-anchor="middle"` : `x="${round(x + BOX_SIDE)}"`;
  const behind = halo === undefined ? '' : ` stroke="${halo}" stroke-width="5" paint-order="stroke"`;
  const name =
    `<text ${at} y="${round(y + 20.5)}" font-size="${NAME_SIZE}" font-weight="bold" ` +
    `fill="${INK.text}"${behind}>${escaped(box.node.key)}</text>`;
  const below = box.lines.map((line, index) =>
    text(line, { x: x + BOX_SIDE, y: y + NAME_HEIGHT + 8 + index * LINE, behind }),
  );
  return [name, ...below].join('\n');
}

function arrow(line: ElkExtendedEdge, { id, lines, isBack }: Arrow): string {
  const points = (line.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  const way = isBack ? points.toReversed() : points;
  const tags = (line.labels ?? [])
    .filter(() => lines.length > 0)
    .map((label) => tag(placeOf(label as ElkNode), lines));
  const stroke = `<path d="${pathThrough(way, ROUND)}" fill="none" stroke="${INK.arrow}"/>`;
  const head = `<polygon points="${headOf(way)}" fill="${INK.arrow}" stroke="${INK.arrow}"/>`;
  return id === null
    ? group('edge start', [stroke, head])
    : group('edge arrow', [stroke, head, ...tags], ` id="${id}"`);
}

const HEAD = { length: 7, half: 3 };

function headOf(way: readonly { readonly x: number; readonly y: number }[]): string {
  const [end, before] = [way.at(-1) ?? { x: 0, y: 0 }, way.at(-2) ?? { x: 0, y: 0 }];
  const base = pointAt(end, before, HEAD.length);
  const [dx, dy] = [
    ((end.y - base.y) / HEAD.length) * HEAD.half,
    ((base.x - end.x) / HEAD.length) * HEAD.half,
  ];
  return [base, { x: base.x + dx, y: base.y + dy }, end, { x: base.x - dx, y: base.y - dy }]
    .map(pointText)
    .join(' ');
}

/** The words of an arrow, on it. */
function tag(place: Place, lines: readonly Line[]): string {
  const { x, y } = place;
  const rows = lines.map((line, index) =>
    text(line, { x: x + TAG_SIDE, y: y + TAG_TOP + 10.5 + index * LINE, behind: '' }),
  );
  return [rectangle(place, `fill="${INK.tag}" stroke="${INK.frame}" stroke-width="0.7"`, 5), ...rows].join(
    '\n',
  );
}

function dot({ x, y }: Place): string {
  return group('node start', [
    `<circle cx="${round(x + DOT / 2)}" cy="${round(y + DOT / 2)}" r="${DOT / 2}" fill="${INK.dot}"/>`,
  ]);
}

function text(
  line: Line,
  { x, y, behind }: { readonly x: number; readonly y: number; readonly behind: string },
): string {
  return (
    `<text x="${round(x)}" y="${round(y)}" font-size="${WORD_SIZE}" ` +
    `fill="${INK.label}"${behind}>${line.map(spanOf).join('')}</text>`
  );
}

function spanOf({ text: said, isGuard }: Span): string {
  return isGuard ? `<tspan fill="${INK.guard}">${escaped(said)}</tspan>` : escaped(said);
}

function rectangle({ x, y, width, height }: Place, look: string, rx: number = ROUND): string {
  return (
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" ` +
    `rx="${rx}" ${look}/>`
  );
}

const shrunk = ({ x, y, width, height }: Place, by: number): Place => ({
  x: x + by,
  y: y + by,
  width: width - 2 * by,
  height: height - 2 * by,
});
const group = (name: string, elements: readonly string[], more = ''): string =>
  `<g${more} class="${name}">\n${elements.join('\n')}\n</g>`;
