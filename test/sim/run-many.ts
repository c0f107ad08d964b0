import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { indexBy } from '../../src/text/index-by.ts';
import { Guide } from './guide.ts';
import { runSchedule } from './run-schedule.ts';
import { scheduleOf, type Schedule } from './schedule.ts';
import { shrink } from './shrink.ts';

export interface Task {
  readonly first: number;
  readonly step: number;
  readonly end: number;
  readonly seconds: number;
  /** End with the first failure. */
  readonly isBrief: boolean;
  /** Each schedule comes from its seed alone, and not from what earlier ones have covered. */
  readonly isFresh: boolean;
}

export interface Failure {
  readonly schedule: Schedule;
  readonly violation: string;
}

export interface Result {
  readonly runs: number;
  readonly events: number;
  readonly daemons: number;
  readonly failures: readonly Failure[];
  /** The transitions that were taken, each with the state that it leads to. */
  readonly taken: ReadonlyMap<string, string>;
}

/** How much of a story is told, and of how many failures. */
const LINES = 60;
const STORIES = 3;
const LINE_LENGTH = 240;

/** Who hears of a run while it goes on. */
interface Hearing {
  readonly begins: (seed: number) => void;
  readonly fails: (failure: Failure) => void;
}

/** Runs every `step`th seed from the first one on; says each before it begins, and each failure at once. */
export async function runMany(
  { first, step, end, seconds, isBrief, isFresh }: Task,
  { begins, fails }: Hearing,
): Promise<Result> {
  ignoreRejections();
  const until = Date.now() + seconds * 1_000;
  const failures: Failure[] = [];
  const reached = new Map<string, string>();
  const total = { runs: 0, events: 0, daemons: 0 };
  const guide = new Guide();
  for (let seed = first; seed < end && Date.now() < until; seed += step) {
    begins(seed);
    const schedule = isFresh ? scheduleOf(seed) : guide.scheduleOf(seed);
    const { violation, events, daemons, taken } = await runSchedule(schedule);
    guide.learn(schedule, taken.keys());
    for (const [transition, state] of taken) reached.set(transition, state);
    total.runs += 1;
    total.events += events;
    total.daemons += daemons;
    if (violation !== null) {
      failures.push({ schedule, violation });
      fails({ schedule, violation });
    }
    if (isBrief && failures.length > 0) break;
  }
  return { ...total, failures, taken: reached };
}

export interface ReportOptions {
  readonly seed: number;
  readonly tookMs: number;
  /** A folder for the shortest schedule of each broken rule. */
  readonly saveTo: string;
  /** Without stories. */
  readonly isBrief: boolean;
}

/** Says how it went; the exit code. */
export async function report(
  results: readonly Result[],
  { seed, tookMs, saveTo, isBrief }: ReportOptions,
): Promise<number> {
  ignoreRejections();
  const sum = (of: (result: Result) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const runs = sum((each) => each.runs);
  const failures = results
    .flatMap((each) => each.failures)
    .toSorted((a, b) => a.schedule.seed - b.schedule.seed);
  console.log(
    `${runs} seeds from ${seed} in ${(tookMs / 1_000).toFixed(1)} s (${Math.round((runs / tookMs) * 60_000)} a minute), ` +
      `${sum((each) => each.events)} events, ${sum((each) => each.daemons)} daemons: ${failures.length} failures`,
  );
  const rules = byRule(failures);
  for (const [rule, schedules] of rules)
    console.log(
      `${String(schedules.length).padStart(5)}  ${rule}: ${schedules
        .slice(0, 8)
        .map((each) => each.seed)
        .join(' ')}`,
    );
  if (isBrief) return failures.length === 0 ? 0 : 1;
  console.log(coverage(results));
  for (const [nth, [, [first]]] of rules.entries())
    if (first !== undefined) await tellFailure(first, { saveTo, isTold: nth < STORIES });
  return failures.length === 0 ? 0 : 1;
}

/** How much of the charts the worlds have covered: configurations of all regions, and steps between them. */
function coverage(results: readonly Result[]): string {
  const taken = new Map(results.flatMap((each) => [...each.taken]));
  const machines = [...new Set([...taken.values()].map((state) => state.split(' ')[0] ?? ''))];
  return machines
    .map((machine) => {
      const of = [...taken].filter(([, state]) => state.startsWith(`${machine} `));
      const states = new Set(of.map(([, state]) => state)).size;
      return `the ${machine} chart: ${states} configurations were reached, by ${of.length} different steps`;
    })
    .join('\n');
}

/** Saves the shortest schedule that fails in the same way: its seed alone may not make it again. */
async function tellFailure(
  schedule: Schedule,
  { saveTo, isTold }: { readonly saveTo: string; readonly isTold: boolean },
): Promise<void> {
  const shortest = await shortestOf(schedule);
  mkdirSync(saveTo, { recursive: true });
  const path = join(saveTo, `seed-${schedule.seed}.json`);
  writeFileSync(path, `${JSON.stringify(shortest, null, 1)}\n`);
  console.log(isTold ? await inWords(shortest, { of: schedule, again: path }) : `saved ${path}`);
}

/** One seed from beginning to end; the exit code. */
export async function tellOne(seed: number): Promise<number> {
  return tell(scheduleOf(seed));
}

/** One schedule that was saved. */
export async function tellFile(path: string): Promise<number> {
  return tell(JSON.parse(readFileSync(path, 'utf8')) as Schedule);
}

async function tell(schedule: Schedule): Promise<number> {
  ignoreRejections();
  const { violation, story } = await runSchedule(schedule, true);
  console.log(story.join('\n'));
  return violation === null ? 0 : 1;
}

/** The shortest story that still goes wrong in the same way, and how to hear it again. */
export async function failureInWords(
  schedule: Schedule,
  again = `--one --seed ${schedule.seed}`,
): Promise<string> {
  return inWords(await shortestOf(schedule), { of: schedule, again });
}

async function inWords(
  shortest: Schedule,
  { of, again }: { readonly of: Schedule; readonly again: string },
): Promise<string> {
  const { story } = await runSchedule(shortest, true);
  const lines = story
    .slice(-LINES)
    .map((line) => (line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}…` : line));
  return [
    '',
    `seed ${of.seed}: ${shortest.happenings.length} of its ${of.happenings.length} happenings are enough`,
    ...lines,
    `to hear the whole of it: npm run sim -- ${again}`,
  ].join('\n');
}

async function shortestOf(schedule: Schedule): Promise<Schedule> {
  const rule = ruleOf((await runSchedule(schedule)).violation ?? '');
  return shrink(schedule, async (shorter) => ruleOf((await runSchedule(shorter)).violation ?? '') === rule);
}

function byRule(failures: readonly Failure[]): readonly (readonly [string, readonly Schedule[]])[] {
  const schedules = indexBy(failures, ({ violation }) => [ruleOf(violation)]);
  return [...schedules]
    .map(([rule, of]) => [rule, of.map(({ schedule }) => schedule)] as const)
    .toSorted(([, a], [, b]) => b.length - a.length);
}

/** The same rule for other jobs, pids and numbers. */
function ruleOf(violation: string): string {
  return (violation.split('\n')[0] ?? '')
    .replaceAll(/\b[a-d](@\d)?(?=[ :,])/g, 'JOB')
    .replaceAll(/\d+/g, 'N');
}

/** A bug of the daemon's own is thrown where nobody waits for it; the world has heard of it by then. */
export function ignoreRejections(): void {
  if (process.listenerCount('unhandledRejection') === 0) process.on('unhandledRejection', () => undefined);
}
