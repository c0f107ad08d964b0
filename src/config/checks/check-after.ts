import { indexBy } from '../../text/index-by.ts';
import type { Place } from '../toml/document.ts';
import { partsOfInstance } from '../instance-name.ts';
import { waitsFor, type Draft } from '../jobs.ts';
import { isTagWord, wordForTag } from '../tag-word.ts';
import { show } from './show-value.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';

/** A suggestion compares one name with all others, which takes too long for thousands of wrong names. */
const MAX_SUGGESTIONS = 100;

/** A job's name and `@10000`. */
const MAX_NAME = 72;

/** No job can have such a name, but one may be called `tag:db`. */
const TAG_NODE = '\u0000';
const tagNode = (word: string): string => `${TAG_NODE}${word}`;

/** The jobs and tags that each job waits for, and the jobs of each tag. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** Reports each `after` that names no job, or the job itself, and the circles. */
export function checkAfter(
  drafts: readonly Draft[],
  { namesComplete }: { readonly namesComplete: boolean },
): void {
  if (namesComplete) checkKnown(drafts);
  const named = new Map(
    drafts.flatMap((draft) => (draft.own.name === undefined ? [] : [[draft.own.name, draft]])),
  );
  // An instance stands for its job in a circle: all instances of a job wait for the same.
  const jobOf = (name: string): string => (named.has(name) ? name : (partsOfInstance(name)?.job ?? name));
  const tagged = indexBy([...named], ([, { full }]) => full.tags.map(wordForTag));
  const nodeOf = (word: string): string => (tagged.has(word) ? tagNode(word) : jobOf(word));
  const graph: Graph = new Map([
    ...Array.from(named, ([name, draft]): [string, readonly string[]] => {
      const words = waitsFor(draft);
      return [
        name,
        [...new Set([...words.map(nodeOf), ...words])].filter(
          (other) => named.has(other) || other.startsWith(TAG_NODE),
        ),
      ];
    }),
    ...Array.from(tagged, ([word, jobs]): [string, readonly string[]] => [
      tagNode(word),
      jobs.map(([name]) => name),
    ]),
  ]);
  for (const circle of circlesIn(graph)) {
    const [first = '', second = ''] = circle;
    const draft = named.get(first);
    const text =
      first === second
        ? 'after names the job itself'
        : `after is circular: ${circle.map((node) => node.replace(TAG_NODE, '')).join(' → ')}`;
    if (draft !== undefined)
      placeOf(draft, (name) => nodeOf(name) === second || name === second).report(text);
  }
}

function checkKnown(drafts: readonly Draft[]): void {
  // A job whose name is itself a problem still counts as the job that was meant.
  const names = new Set(drafts.map(({ writtenName }) => writtenName));
  const tags = new Set(drafts.flatMap(({ full }) => full.tags.map(wordForTag)));
  const candidates = candidatesOf([...[...names].filter((name) => typeof name === 'string'), ...tags]);
  const jobs = new Map(drafts.map((draft) => [draft.own.name, draft]));
  // If some `tags` are themselves a problem, they may contain the missing tag.
  const areTagsKnown = drafts.every(
    ({ place, defaults }) => !place.at('tags').isRefused && defaults?.at('tags').isRefused !== true,
  );
  const isKnown = (name: string): boolean =>
    names.has(name) || isInstance(name, jobs) || (isTagWord(name) && (tags.has(name) || !areTagsKnown));
  const unknown = drafts.flatMap((draft) =>
    draft.full.after.filter((name) => !isKnown(name)).map((name) => ({ draft, name })),
  );
  for (const [index, { draft, name }] of unknown.entries()) {
    const suggestion = index < MAX_SUGGESTIONS ? didYouMean(name, candidates) : '';
    const wrong =
      wrongInstance(name, jobs) ?? `which is no ${isTagWord(name) ? 'tag of any job' : 'job'}${suggestion}`;
    placeOf(draft, (each) => each === name).report(`after names ${show(name, MAX_NAME)}, ${wrong}`);
  }
}

type Jobs = ReadonlyMap<string | undefined, Draft>;

function isInstance(name: string, jobs: Jobs): boolean {
  const parts = partsOfInstance(name);
  const draft = parts === null ? undefined : jobs.get(parts.job);
  if (parts === null || draft === undefined) return false;
  // If the number of instances is itself a problem, any instance may be meant.
  return (
    draft.place.at('instances').isRefused ||
    (parts.number >= 1 && parts.number <= (draft.full.instances ?? 0))
  );
}

/** The problem with a reference to an instance of an existing job; null when there is no such job at all. */
function wrongInstance(name: string, jobs: Jobs): string | null {
  const { job = '' } = partsOfInstance(name) ?? {};
  const draft = jobs.get(job);
  if (draft === undefined) return null;
  const { instances } = draft.full;
  if (instances === null) return `but "${job}" has no numbered instances: write "${job}"`;
  if (instances === 1) return `but "${job}" has one instance, ${job}@1`;
  return (
    `but "${job}" has ` +
    `${instances === 0 ? '0 instances' : `the instances ${job}@1 to ${job}@${instances}`}`
  );
}

/** The place where this job, or `[defaults]`, writes such a name. */
function placeOf({ place, own, full, defaults }: Draft, isMeant: (name: string) => boolean): Place {
  const owner = own.after === undefined ? (defaults ?? place) : place;
  return owner.at('after', full.after.findIndex(isMeant));
}

/** Circles as `a, b, a`, beginning with the job that comes first. Each job is reported in one circle only. */
function circlesIn(graph: Graph): readonly (readonly string[])[] {
  const stuck = stuckIn(graph);
  const order = [...graph.keys()];
  const reported = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const start of stuck.keys()) {
    const trail = new Set<string>();
    let name = start;
    while (!reported.has(name) && !trail.has(name)) {
      trail.add(name);
      name = stuck.get(name)?.[0] ?? '';
    }
    const walked = [...trail];
    if (trail.has(name)) circles.push(closed(walked.slice(walked.indexOf(name)), order));
    for (const each of walked) reported.add(each);
  }
  return circles;
}

/**
 * The jobs that are left when every job that can ever start has started: each waits for another of them or
 * for itself.
 */
function stuckIn(graph: Graph): Graph {
  const waiting = new Map(Array.from(graph, ([name, others]) => [name, others.length]));
  const ready = [...graph.keys()].filter((name) => waiting.get(name) === 0);
  const followers = indexBy([...graph.keys()], (name) => graph.get(name) ?? []);
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

function closed(circle: readonly string[], order: readonly string[]): readonly string[] {
  const first = order.find((name) => circle.includes(name)) ?? '';
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first];
}
