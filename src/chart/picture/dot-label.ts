import { escaped } from '../escaped.ts';
import type { GraphEdge, GraphNode } from '../graph.ts';
import { LIGHT as INK } from './colors.ts';
import { arrowLines, boxLines, type Line, type Span, type LabelOptions } from '../lines.ts';

/** A label in the subset of HTML that Graphviz takes. */
export interface Html {
  readonly html: string;
}

/** The font size, in points, of everything but the names of states. */
export const SMALL = 10;

/** The name of a state, and below it its actions. */
export function boxLabel(node: GraphNode, words: LabelOptions): Html {
  const deeds = boxLines(node, words).map(
    (line) => `<FONT POINT-SIZE="${SMALL}" COLOR="${INK.label}">${htmlOf(line)}</FONT>`,
  );
  return table([`<B>${escaped(node.key)}</B>`], deeds);
}

/** The label of an arrow that stands for several transitions between the same states. */
export function arrowLabel(edges: readonly GraphEdge[], words: LabelOptions): Html {
  return table(arrowLines(edges, words).map(htmlOf));
}

const htmlOf = (line: Line): string => line.map(spanOf).join('');

function spanOf({ text, isGuard }: Span): string {
  return isGuard ? `<FONT COLOR="${INK.guard}">${escaped(text)}</FONT>` : escaped(text);
}

/** Blocks of lines, one below the other. */
function table(...blocks: readonly (readonly string[])[]): Html {
  const rows = blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `<TR><TD ALIGN="LEFT">${lines.map(leftLine).join('')}</TD></TR>`);
  return {
    html: `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">${rows.join('')}</TABLE>`,
  };
}

const leftLine = (line: string): string => `${line}<BR ALIGN="LEFT"/>`;
