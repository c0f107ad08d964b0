import type { Place } from './document.ts';
import { waitsFor, type Draft } from './jobs.ts';
import { candidatesOf, didYouMean } from './nearest.ts';

/** Comparing each with every name takes too long in a large config that is wrong throughout. */
const MAX_SUGGESTIONS = 100;

/** The jobs that each job waits for. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** Reports each `after` that names no job, or the job itself, and the circles. */
export function checkAfter(drafts: readonly Draft[], { namesComplete }: { readonly namesComplete: boolean }): void {
  if (namesComplete) checkKnown(drafts);
  const named = new Map(drafts.flatMap((draft) => (draft.own.name === undefined ? [] : [[draft.own.name, draft]])));
  const graph = new Map(Array.from(named, ([name, draft]) => [name, waitsFor(draft).filter((other) => named.has(other))]));
  for (const circle of circlesIn(graph)) {
    const [first = '', second = ''] = circle;
    const draft = named.get(first);
    const text = first === second ? 'after names the job itself' : `after is circular: ${circle.join(' → ')}`;
    if (draft !== undefined) placeOf(draft, second).report(text);
  }
}

function checkKnown(drafts: readonly Draft[]): void {
  // A name that is itself a problem still names the job that was meant.
  const names = new Set(drafts.map(({ writtenName }) => writtenName));
  const candidates = candidatesOf([...names].filter((name) => typeof name === 'string'));
  const unknown = drafts.flatMap((draft) => draft.full.after.filter((name) => !names.has(name)).map((name) => ({ draft, name })));
  for (const [index, { draft, name }] of unknown.entries()) {
    const cure = index < MAX_SUGGESTIONS ? didYouMean(name, candidates) : '';
    placeOf(draft, name).report(`after names ${JSON.stringify(name)}, which is no job${cure}`);
  }
}

/** Where this job, or `[defaults]`, writes the name. */
function placeOf({ place, own, full, defaults }: Draft, name: string): Place {
  const owner = own.after === undefined ? (defaults ?? place) : place;
  return owner.at('after', full.after.indexOf(name));
}

/** Each as `a, b, a`, beginning with the job that stands first. A job is told of in one circle only. */
function circlesIn(graph: Graph): readonly (readonly string[])[] {
  const stuck = stuckIn(graph);
  const order = [...graph.keys()];
  const told = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const start of stuck.keys()) {
    const trail = new Set<string>();
    let name = start;
    while (!told.has(name) && !trail.has(name)) {
      trail.add(name);
      name = stuck.get(name)?.[0] ?? '';
    }
    const walked = [...trail];
    if (trail.has(name)) circles.push(closed(walked.slice(walked.indexOf(name)), order));
    for (const each of walked) told.add(each);
  }
  return circles;
}

/** What remains when every job has started that ever can: each waits for at least one of the others, or for itself. */
function stuckIn(graph: Graph): Graph {
  const waiting = new Map(Array.from(graph, ([name, others]) => [name, others.length]));
  const ready = [...graph.keys()].filter((name) => waiting.get(name) === 0);
  const followers = followersIn(graph);
  for (const started of ready) {
    for (const name of followers.get(started) ?? []) {
      const left = (waiting.get(name) ?? 0) - 1;
      waiting.set(name, left);
      if (left === 0) ready.push(name);
    }
  }
  const up = new Set(ready);
  const left = [...graph].filter(([name]) => !up.has(name));
  return new Map(left.map(([name, others]) => [name, others.filter((other) => !up.has(other))]));
}

function followersIn(graph: Graph): Graph {
  const followers = new Map<string, string[]>();
  for (const [name, others] of graph) {
    for (const other of others) {
      const list = followers.get(other) ?? [];
      list.push(name);
      followers.set(other, list);
    }
  }
  return followers;
}

function closed(circle: readonly string[], order: readonly string[]): readonly string[] {
  const first = order.find((name) => circle.includes(name)) ?? '';
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first];
}
