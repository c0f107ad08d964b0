import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { choiceOf, inWords, triggerText } from './words.ts';

/** A part of a line; guards have their own colour. */
export interface Span {
  readonly text: string;
  readonly isGuard: boolean;
}

export type Line = readonly Span[];

/** Which of its words a picture shows. */
export interface LabelOptions {
  readonly graph: Graph;
  readonly guards: boolean;
  readonly actions: boolean;
}

/**
 * Letters of a line that lists events, and of one with its guard and deeds, before it is broken; those of a
 * picture with few words.
 */
const LISTED = 26;
const LONG = 34;
const SHORT = 18;

/** The lines in a box below its name: entry and exit actions, and internal transitions. */
export function boxLines(node: GraphNode, words: LabelOptions): readonly Line[] {
  if (!words.actions) return [];
  const internal = words.graph.edges.filter((edge) => edge.from === node.id && edge.isInternal);
  const deeds = [
    ...node.entry.map((action) => `entry / ${action}`),
    ...node.exit.map((action) => `exit / ${action}`),
  ];
  return [...deeds.map((deed) => [plain(deed)]), ...arrowLines(internal, words)];
}

/**
 * The lines on an arrow, which may stand for several transitions. Events with the same guard and actions
 * share a line.
 */
export function arrowLines(edges: readonly GraphEdge[], words: LabelOptions): readonly Line[] {
  const events = new Map<string, { readonly rest: Line; readonly triggers: Set<string> }>();
  for (const edge of edges) {
    const rest = restOf(edge, words);
    const key = textOf(rest);
    events.set(key, events.get(key) ?? { rest, triggers: new Set() });
    events.get(key)?.triggers.add(wordOf(edge, words));
  }
  return [...events.values()].flatMap(({ rest, triggers }) => {
    const rows = listed([...triggers], words);
    return [
      ...rows.slice(0, -1).map((row) => [plain(row)]),
      ...broken([plain(rows.at(-1) ?? ''), ...rest], words),
    ];
  });
}

export const textOf = (line: Line): string => line.map(({ text }) => text).join('');

const plain = (text: string): Span => ({ text, isGuard: false });
const guard = (text: string): Span => ({ text: ` [${text}]`, isGuard: true });

/** An `always` arrow shows its guard even where guards are left out, because it has no other text. */
function wordOf(edge: GraphEdge, { guards }: LabelOptions): string {
  return !guards && edge.trigger === 'always' && edge.guard !== null
    ? inWords(edge.guard)
    : triggerText(edge);
}

function restOf(edge: GraphEdge, { graph, guards, actions }: LabelOptions): Line {
  const condition = guards ? edge.guard : choiceOf(graph, edge);
  const deeds = actions && edge.actions.length > 0 ? [plain(` / ${edge.actions.join(', ')}`)] : [];
  return [...(condition === null ? [] : [guard(condition)]), ...deeds];
}

/** Words with commas, in lines of a readable length. */
function listed(events: readonly string[], { guards }: LabelOptions): readonly string[] {
  const rows: string[] = [];
  for (const [index, word] of events.entries()) {
    const text = index < events.length - 1 ? `${word},` : word;
    const row = rows.at(-1);
    if (row !== undefined && row.length + text.length < (guards ? LISTED : SHORT))
      rows[rows.length - 1] = `${row} ${text}`;
    else rows.push(text);
  }
  return rows;
}

/** A long line is broken before its actions; a line in a simple picture before its condition. */
function broken(line: Line, { guards }: LabelOptions): readonly Line[] {
  const at = line.findIndex(({ text, isGuard }) => (guards ? text.startsWith(' / ') : isGuard));
  if (textOf(line).length <= (guards ? LONG : SHORT) || at < 1) return [line];
  return [
    line.slice(0, at),
    line.slice(at).map(({ text, isGuard }) => ({ text: guards ? ` ${text}` : text.trimStart(), isGuard })),
  ];
}
