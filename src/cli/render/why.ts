import type { TestResult, Why } from '../../wire/messages.ts';
import { asIso } from '../words/change-words.ts';
import { whySentences } from '../words/why-words.ts';
import { clockWords } from './clock-words.ts';
import { duration } from './duration.ts';
import { lastRows } from '../terminal/tail-rows.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { eventWords, shortMove } from './transition-text.ts';
import { printable, printableLines } from '../../text/printable.ts';
import { exitWords, jobJson } from './status.ts';
import { tableLines } from '../terminal/table.ts';
import { wrapped } from '../terminal/wrapped.ts';

const LABEL_COLUMNS = 12;
const MARGIN = '  ';
/** Of a longer history `--json` shows the rest. */
const HISTORY_SHOWN = 12;
/** Of what a test printed so many rows of a terminal are shown. */
const OUTPUT_ROWS = 5;

/** Why a job is in its state: sentences first, then the facts, then how it came there. */
export function renderWhy(why: Why, context: RenderContext): string {
  const prose = whySentences(why, (at) => momentWords(at, context.now)).flatMap((sentence) =>
    wrapped(printable(sentence), context.columns),
  );
  const facts = factsOf(why, context).flatMap(([label, lines]) => factLines(label, lines, context));
  return `${[...prose, '', ...facts, ...historyLines(why, context)].join('\n')}\n`;
}

/** What `--json` has of it. */
export function whyJson(why: Why): Omit<Why, 'because' | 'status' | 'history'> & {
  readonly because: readonly string[];
  readonly status: ReturnType<typeof jobJson>;
  readonly history: readonly object[];
} {
  return {
    ...why,
    because: whySentences(why, asIso),
    status: jobJson(why.status),
    history: why.history.map(({ age: _, ...entry }) => entry),
  };
}

type Fact = readonly [label: string, lines: readonly string[]];

function factsOf(
  { status, command, cwd, testCommand, testDetail, testOutput, restart, log }: Why,
  context: RenderContext,
): readonly Fact[] {
  const { restarts, lastExit, test, ages } = status;
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
    lastExit === null ? null : ['last exit', [`${exitWords(lastExit)}, ${ago(ages.lastExit)}`]],
    ['log', [printable(log)]],
  ];
  return facts.filter((fact) => fact !== null);
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
    .map(({ age, event, from, to }) => [
      { text: ago(age), paint: 'dim' as const },
      { text: printable(eventWords(event)) },
      { text: printable(shortMove(from, to)) },
    ]);
  return [
    '',
    styled('history', 'bold', context),
    ...tableLines(rows, [{ at: 2, least: 8 }], { ...context, columns: context.columns - MARGIN.length }).map(
      (line) => MARGIN + line,
    ),
  ];
}

/** A moment as people read it: local time, and how far off it is. */
function momentWords(at: string, now: number): string {
  const left = Date.parse(at) - now;
  return `${clockWords(at, now)}${left > 0 ? `, in ${duration(left)}` : ''}`;
}

const ago = (age: number | null): string => `${duration(age ?? 0)} ago`;
