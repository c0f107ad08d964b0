import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { LIGHT as INK } from './ink.ts';
import { inWords, triggerText } from './words.ts';

/** A label in the subset of HTML that Graphviz takes. */
export interface Html {
  readonly html: string;
}

/** Which of its words are shown. */
export interface Wordiness {
  readonly graph: Graph;
  readonly guards: boolean;
  readonly actions: boolean;
}

/** Points of all letters but those of the names of states. */
export const SMALL = 10;

/** Letters of a line that lists events, and of one with its guard and deeds, before it is broken. */
const COLUMNS = 26;
const LONG = 34;

/** The name of a state, then what it does on its way in and out, and on what it stays as it is. */
export function boxLabel(node: GraphNode, words: Wordiness): Html {
  const name = [`<B>${escaped(node.key)}</B>`];
  if (!words.actions) return table(name);
  const internal = words.graph.edges.filter((edge) => edge.from === node.id && edge.isInternal);
  const deeds = [
    ...node.entry.map((action) => `entry / ${escaped(action)}`),
    ...node.exit.map((action) => `exit / ${escaped(action)}`),
    ...linesOf(internal, words),
  ];
  return table(
    name,
    deeds.map((deed) => `<FONT POINT-SIZE="${SMALL}" COLOR="${INK.label}">${deed}</FONT>`),
  );
}

/** The words of several arrows between the same states. */
export function arrowLabel(edges: readonly GraphEdge[], words: Wordiness): Html {
  return table(linesOf(edges, words));
}

/** Events with the same guard and deeds share a line. */
function linesOf(edges: readonly GraphEdge[], words: Wordiness): readonly string[] {
  const lines = new Map<string, Set<string>>();
  for (const edge of edges) {
    const rest = restOf(edge, words);
    lines.set(rest, (lines.get(rest) ?? new Set()).add(escaped(wordOf(edge, words))));
  }
  return [...lines].flatMap(([rest, triggers]) => {
    const rows = listed([...triggers]);
    return [...rows.slice(0, -1), ...broken(`${rows.at(-1)}${rest}`)];
  });
}

/** An arrow that is always taken says when, even where guards are left out: else it would say nothing. */
function wordOf(edge: GraphEdge, { guards }: Wordiness): string {
  return !guards && edge.trigger === 'always' && edge.guard !== null ? inWords(edge.guard) : triggerText(edge);
}

function restOf(edge: GraphEdge, { guards, actions }: Wordiness): string {
  const guard = guards && edge.guard !== null ? ` <FONT COLOR="${INK.guard}">[${escaped(edge.guard)}]</FONT>` : '';
  return actions && edge.actions.length > 0 ? `${guard} / ${escaped(edge.actions.join(', '))}` : guard;
}

/** Words with commas, in lines of a readable length. */
function listed(words: readonly string[]): readonly string[] {
  const rows: string[] = [];
  for (const [index, word] of words.entries()) {
    const text = index < words.length - 1 ? `${word},` : word;
    const row = rows.at(-1);
    if (row !== undefined && row.length + text.length < COLUMNS) rows[rows.length - 1] = `${row} ${text}`;
    else rows.push(text);
  }
  return rows;
}

function broken(line: string): readonly string[] {
  const letters = line.replace(/<[^>]*>/g, '').length;
  return letters > LONG ? line.replace(' / ', '\n  / ').split('\n') : [line];
}

/** Blocks of lines, one below the other. */
function table(...blocks: readonly (readonly string[])[]): Html {
  const rows = blocks.filter((lines) => lines.length > 0).map((lines) => `<TR><TD ALIGN="LEFT">${lines.map(leftLine).join('')}</TD></TR>`);
  return { html: `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">${rows.join('')}</TABLE>` };
}

const leftLine = (line: string): string => `${line}<BR ALIGN="LEFT"/>`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
