import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import elk from 'elkjs/lib/elk.bundled.js';
import type { Boxes } from './boxes.ts';
import type { LabelOptions } from '../lines.ts';
import { boxesOf } from './boxes.ts';
import { MARGIN } from './sizes.ts';

/** The positions of everything in a chart, outer boxes first, relative to the corner of the picture. */
export interface Layout extends Pick<Boxes, 'boxes' | 'arrows'> {
  readonly width: number;
  readonly height: number;
  readonly places: readonly ElkNode[];
  readonly lines: readonly ElkExtendedEdge[];
}

/** Places the boxes so that arrows are short, seldom cross, and do not run under text. */
export async function layoutOf(words: LabelOptions): Promise<Layout> {
  const { root, boxes, arrows } = boxesOf(words);
  const isSplit = words.graph.nodes.some(({ id, kind }) => id === words.graph.id && kind === 'parallel');
  const placed = await new elk.default().layout(
    isSplit ? split(root) : { ...root, layoutOptions: { ...LAYERS, ...ABSOLUTE } },
  );
  const nodes = [...withDescendants(placed)];
  const lines = nodes.flatMap(({ edges = [] }) => edges);
  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    places: nodes.slice(1),
    lines,
    boxes,
    arrows,
  };
}

const ABSOLUTE = { 'elk.json.shapeCoords': 'ROOT', 'elk.json.edgeCoords': 'ROOT' };

const LAYERS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.thoroughness': '25',
  'elk.layered.spacing.nodeNodeBetweenLayers': '20',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '10',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '12',
  'elk.padding': `[top=${MARGIN},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
};

/**
 * No arrow leads from one region to another, so each is laid out separately, and they are packed side by
 * side.
 */
function split(root: ElkNode & { readonly children: ElkNode[] }): ElkNode {
  const children = root.children.map((region) => ({
    ...region,
    edges: [
      ...(region.edges ?? []),
      ...(root.edges ?? []).filter(({ sources: [from = ''] }) => from.startsWith(`${region.id}.`)),
    ],
    layoutOptions: { ...LAYERS, ...region.layoutOptions },
  }));
  const layoutOptions = {
    'elk.algorithm': 'rectpacking',
    'elk.aspectRatio': '1.5',
    'elk.spacing.nodeNode': '14',
    'elk.padding': LAYERS['elk.padding'],
    ...ABSOLUTE,
  };
  return { id: root.id, children, layoutOptions };
}

function* withDescendants(node: ElkNode): Generator<ElkNode> {
  yield node;
  for (const child of node.children ?? []) yield* withDescendants(child);
}
