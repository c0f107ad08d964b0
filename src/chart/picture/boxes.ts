import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { GraphEdge, GraphNode } from '../graph.ts';
import { childrenOf, leadsBack, nodeIn, orderOf } from '../graph.ts';
import { arrowId } from '../../plan/taken-arrows.ts';
import { widthOf } from './letter-widths.ts';
import { arrowLines, boxLines, type Line, textOf, type LabelOptions } from '../lines.ts';
import {
  BOX_SIDE,
  BOX_WIDTH,
  DOT,
  LINE,
  NAME_HEIGHT,
  NAME_SIZE,
  RIM,
  TAG_SIDE,
  TAG_TOP,
  WORD_SIZE,
} from './sizes.ts';

/** The box of a state in a picture. */
export interface Box {
  readonly node: GraphNode;
  readonly lines: readonly Line[];
  readonly isComposite: boolean;
  /** A region of a parallel state. */
  readonly isRegion: boolean;
}

/** An arrow between two boxes; one without an id leads from the dot to the initial state. */
export interface Arrow {
  readonly id: string | null;
  readonly lines: readonly Line[];
  /** Whether the arrow points to a state that stands earlier in the chart's file. */
  readonly isBack: boolean;
}

/** A chart for the layout engine, and what its parts mean by their ids. */
export interface Boxes {
  readonly root: ElkNode & { readonly children: ElkNode[] };
  readonly boxes: ReadonlyMap<string, Box>;
  readonly arrows: ReadonlyMap<string, Arrow>;
}

/** Every box and arrow of a chart with its size, nested as the states are. */
export function boxesOf(words: LabelOptions): Boxes {
  const { graph } = words;
  const boxes = new Map<string, Box>();
  const arrows = new Map<string, Arrow>();
  const root = nodeIn(graph, graph.id);
  const between = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    if (edge.isInternal || edge.from === graph.id) continue;
    const ends = arrowId(edge.from, edge.to);
    between.set(ends, [...(between.get(ends) ?? []), edge]);
  }
  const links = [...between].map(([id, edges]) => link(id, edges, { words, arrows }));
  return {
    root: {
      id: ROOT,
      children: inside(root, { words, boxes, arrows }),
      edges: [...starts(root, arrows), ...links],
    },
    boxes,
    arrows,
  };
}

const ROOT = '';

interface Drawing {
  readonly words: LabelOptions;
  readonly boxes: Map<string, Box>;
  readonly arrows: Map<string, Arrow>;
}

/** The content of a state: the dot, and its states. */
function inside(parent: GraphNode, drawing: Drawing): ElkNode[] {
  const dot = parent.initial === null ? [] : [{ id: dotOf(parent), width: DOT, height: DOT }];
  return [...dot, ...childrenOf(drawing.words.graph, parent.id).map((node) => box(node, parent, drawing))];
}

function box(node: GraphNode, parent: GraphNode, drawing: Drawing): ElkNode {
  const lines = boxLines(node, drawing.words);
  const children = inside(node, drawing);
  const isComposite = children.length > 0;
  drawing.boxes.set(node.id, { node, lines, isComposite, isRegion: parent.kind === 'parallel' });
  const rim = node.kind === 'final' ? RIM : 0;
  const width = Math.max(
    BOX_WIDTH,
    widthOf(node.key, { size: NAME_SIZE, isBold: true }) + 2 * BOX_SIDE,
    linesWidth(lines) + 2 * BOX_SIDE,
  );
  const height = NAME_HEIGHT + (lines.length > 0 ? lines.length * LINE + 2 : 0);
  if (!isComposite) return { id: node.id, width: width + 2 * rim, height: height + 2 * rim };
  const layoutOptions = {
    'elk.padding': `[top=${height + 4},left=18,bottom=18,right=18]`,
    'elk.nodeSize.constraints': 'MINIMUM_SIZE',
    'elk.nodeSize.minimum': `(${width},${height})`,
  };
  return { id: node.id, children, edges: starts(node, drawing.arrows), layoutOptions };
}

/**
 * The engine puts an arrow's head below its tail: turned round, those that lead back leave the states in the
 * order of the file.
 */
function link(
  id: string,
  edges: readonly GraphEdge[],
  { words, arrows }: Omit<Drawing, 'boxes'>,
): ElkExtendedEdge {
  const [{ from, to }] = edges as readonly [GraphEdge];
  const lines = arrowLines(edges, words);
  const isBack = leadsBack(words.graph, from, to);
  arrows.set(id, { id, lines, isBack });
  const [upper, lower] = isBack ? [to, from] : [from, to];
  const label = {
    text: lines.map(textOf).join('\n'),
    width: linesWidth(lines) + 2 * TAG_SIDE,
    height: lines.length * LINE + 2 * TAG_TOP,
    layoutOptions: { 'elk.edgeLabels.inline': 'true' },
  };
  const isNext = orderOf(words.graph, to) === orderOf(words.graph, from) + 1;
  return {
    id,
    sources: [upper],
    targets: [lower],
    labels: [label],
    ...(isNext && { layoutOptions: STRAIGHT }),
  };
}

function starts(parent: GraphNode, arrows: Map<string, Arrow>): ElkExtendedEdge[] {
  if (parent.initial === null) return [];
  const id = `${dotOf(parent)} arrow`;
  arrows.set(id, { id: null, lines: [], isBack: false });
  return [{ id, sources: [dotOf(parent)], targets: [parent.initial], layoutOptions: STRAIGHT }];
}

/** An arrow to the next state of the file is the usual way, so it is kept straight before all others. */
const STRAIGHT = { 'elk.layered.priority.straightness': '30', 'elk.layered.priority.shortness': '5' };

const dotOf = ({ id }: GraphNode): string => `${id} start`;
const linesWidth = (lines: readonly Line[]): number =>
  Math.max(0, ...lines.map((line) => widthOf(textOf(line), { size: WORD_SIZE })));
