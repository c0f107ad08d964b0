import type { Blocker } from '../../plan/why-fact.ts';
import type { ChangeOfJob, RunOfJob, TestResult, Why } from '../../wire/messages.ts';
import { asIso } from '../words/change-words.ts';
import { whySentences } from '../words/why-words.ts';
import { clockWords } from './clock-words.ts';
import { duration } from '../../text/duration.ts';
import { lastRows } from '../terminal/tail-rows.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { paintOf, paintOfJob } from './state-paint.ts';
import { eventName } from './transition-text.ts';
import { printable, printableLines } from '../../text/printable.ts';
import { exitWords, stateWithExit } from '../words/state-words.ts';
import { jobJson } from './status.ts';
import { wrapped } from '../terminal/wrapped.ts';

const LABEL_COLUMNS = 12;
const MARGIN = '  ';
/** At most this many entries are shown; `--json` prints all. */
const HISTORY_SHOWN = 12;
/** The length of the longest state word. */
const STATE_COLUMNS = 8;
/** A reason is wrapped, and on the narrowest page to no less than this. */
const LEAST_DETAIL = 20;
/** At most this many terminal rows of a test's output are shown. */
const OUTPUT_ROWS = 5;

/** Explains a job: name and state, sentences, facts, history and its last output. */
export function renderWhy(why: Why, context: RenderContext, printed: readonly string[] = []): string {
  const { name } = why.status;
  const head =
    `${styled(printable(name), 'bold', context)}  ` +
    `${styled(stateWithExit(why.status), paintOfJob(why.status), context)}`;
  const prose = whySentences(why, (at) => momentWords(at, context.now)).flatMap((sentence) =>
    wrapped(printable(sentence), context.columns),
  );
  const facts = factsOf(why, context).flatMap(([label, lines]) => factLines(label, lines, context));
  const parts = [
    head,
    ...prose,
    '',
    ...facts,
    ...historyLines(why, context),
    ...printedLines(printed, context),
  ];
  return `${parts.join('\n')}\n`;
}

/** The answer to `why` as `--json` prints it. */
export function whyJson(
  why: Why,
  printed: readonly string[] = [],
): Omit<Why, 'because' | 'status' | 'history' | 'waitsFor'> & {
  readonly because: readonly string[];
  readonly printed: readonly string[];
  readonly status: ReturnType<typeof jobJson>;
  readonly waitsFor: readonly object[];
  readonly history: readonly Omit<ChangeOfJob, 'age'>[];
} {
  return {
    ...why,
    because: whySentences(why, asIso),
    printed,
    status: jobJson(why.status),
    waitsFor: why.waitsFor.map(blockerJson),
    history: why.history.map(({ age: _, event, ...entry }) => ({ ...entry, event: eventName(event) })),
  };
}

function blockerJson({ age: _, waitsFor, ...blocker }: Blocker): Record<string, unknown> {
  return { ...blocker, waitsFor: waitsFor.map(blockerJson) };
}

type Fact = readonly [label: string, lines: readonly string[]];

function factsOf(
  { status, command, cwd, testCommand, testDetail, testOutput, restart, watch, runs, log }: Why,
  context: RenderContext,
): readonly Fact[] {
  const { restarts, lastExit, test, ages } = status;
  const last = runs.at(-1);
  const facts: readonly (Fact | null)[] = [
    status.description === null ? null : ['description', [printable(status.description)]],
    status.tags.length === 0 ? null : ['tags', [status.tags.join(' ')]],
    ['command', [printable(command)]],
    ['cwd', [printable(cwd)]],
    testCommand === null
      ? null
      : [
          'test',
          [printable(testCommand), ...(test === null ? [] : [testWords(test, testDetail, ages.test)])],
        ],
    testOutput === null || testOutput === ''
      ? null
      : ['test output', lastRows(printableLines(testOutput), factColumns(context), OUTPUT_ROWS)],
    ['restart', [`${printable(restart)}${restarts === 0 ? '' : `, ${restarts} so far`}`]],
    watch.length === 0 ? null : ['watch', [printable(watch.join(', '))]],
    status.startedAt === null || ages.up === null
      ? null
      : ['running', [`since ${clockWords(status.startedAt, context.now)}, ${duration(ages.up)}`]],
    last === undefined ? null : ['last run', [runWords(last, context)]],
    lastExit === null ? null : ['last exit', [`${exitWords(lastExit)}, ${ago(ages.lastExit)}`]],
    ['log', [printable(log)]],
  ];
  return facts.filter((fact) => fact !== null);
}

/**
 * Such as `from 15:04:24 to 15:04:29, 5s: exited with 3`. A run that did not end by itself shows why it was
 * stopped.
 */
function runWords(
  { startedAt, endedAt, durationMs, exit, cause, detail }: RunOfJob,
  { now }: RenderContext,
): string {
  const why = cause === 'exit' || detail === '' ? '' : `, ${printable(detail)}`;
  const times = `from ${clockWords(startedAt, now)} to ${clockWords(endedAt, now)}, ${duration(durationMs)}`;
  return `${times}: ${exitWords(exit)}${why}`;
}

/** The last lines of the log, as far as they fit. */
function printedLines(printed: readonly string[], context: RenderContext): readonly string[] {
  if (printed.length === 0) return [];
  return [
    '',
    styled('last lines of the log', 'bold', context),
    ...printed.map((line) => `${MARGIN}${printable(line)}`),
  ];
}

function testWords({ verdict }: TestResult, detail: string | null, age: number | null): string {
  return `${verdict}${detail === null || detail === '' ? '' : `: ${printable(detail)}`}, ${ago(age)}`;
}

const factColumns = ({ columns }: RenderContext): number => columns - MARGIN.length - LABEL_COLUMNS;

function factLines(label: string, lines: readonly string[], context: RenderContext): readonly string[] {
  const room = factColumns(context);
  return lines
    .flatMap((line) => wrapped(line, room))
    .map(
      (line, at) =>
        `${MARGIN}${styled((at === 0 ? label : '').padEnd(LABEL_COLUMNS), 'dim', context)}${line}`,
    );
}

function historyLines({ history }: Why, context: RenderContext): readonly string[] {
  if (history.length === 0) return [];
  const rows = history
    .slice(-HISTORY_SHOWN)
    .map(({ age, state, detail }) => ({ when: ago(age), state, detail: printable(detail) }));
  const widest = Math.max(...rows.map(({ when }) => when.length));
  const indent = MARGIN.length + widest + 2 + STATE_COLUMNS + 2;
  return [
    '',
    styled('history', 'bold', context),
    ...rows.flatMap(({ when, state, detail }) => {
      const [first = '', ...rest] = wrapped(detail, Math.max(LEAST_DETAIL, context.columns - indent));
      const begin = `${MARGIN}${styled(when.padEnd(widest), 'dim', context)}  `;
      const word = styled(state.padEnd(STATE_COLUMNS), paintOf(state), context);
      return [`${begin}${word}  ${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
    }),
  ];
}

/** A moment as people read it: local time, and how far off it is. */
function momentWords(at: string, now: number): string {
  const left = Date.parse(at) - now;
  return `${clockWords(at, now)}${left > 0 ? `, in ${duration(left)}` : ''}`;
}

const ago = (age: number | null): string => `${duration(age ?? 0)} ago`;
