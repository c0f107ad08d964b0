import { bytesText } from '../../text/bytes-text.ts';
import { displayWidth, fit, fitInside, pad } from '../../text/display-width.ts';
import { printable } from '../../text/printable.ts';
import { paintOfJob } from '../render/state-paint.ts';
import { testWords } from '../render/status.ts';
import { styled, type Paint, type RenderContext } from '../terminal/render-context.ts';
import { whenText } from '../web/when-text.ts';
import { stateWithExit } from '../words/state-words.ts';
import type { Sort, TopRow } from './rows.ts';

type ColumnName = 'NAME' | 'STATE' | 'PID' | 'UP' | 'CPU' | 'MEM' | 'RESTARTS' | 'TEST' | 'TAGS' | 'REASON';

/** The data of one cell. */
export interface RowFacts {
  readonly job: TopRow;
  readonly reason: string;
  readonly now: number;
}

interface Column {
  readonly name: ColumnName;
  readonly isRight?: true;
  readonly sort?: Sort;
  readonly text: (facts: RowFacts) => string;
  readonly paint?: (job: TopRow) => Paint | null;
}

/** Left to right, in the order of `status`. */
const COLUMNS: readonly Column[] = [
  { name: 'NAME', sort: 'name', text: ({ job }) => nameText(job) },
  {
    name: 'STATE',
    sort: 'trouble',
    text: ({ job }) => stateText(job),
    paint: paintOfJob,
  },
  {
    name: 'PID',
    isRight: true,
    text: ({ job }) => (job.pid === null || job.copies !== null ? '' : String(job.pid)),
  },
  { name: 'UP', isRight: true, sort: 'up', text: ({ job, now }) => timeText(job, now) },
  { name: 'CPU', isRight: true, sort: 'cpu', text: ({ job }) => cpuText(job.cpuPercent) },
  {
    name: 'MEM',
    isRight: true,
    sort: 'memory',
    text: ({ job }) => (job.memoryBytes === null ? '' : bytesText(job.memoryBytes)),
  },
  {
    name: 'RESTARTS',
    isRight: true,
    sort: 'restarts',
    text: ({ job }) => (job.restarts === 0 ? '' : String(job.restarts)),
  },
  { name: 'TEST', text: ({ job }) => testWords(job) },
  { name: 'TAGS', text: ({ job }) => job.tags.join(' '), paint: () => 'dim' },
  {
    name: 'REASON',
    text: ({ reason }) => printable(reason),
    paint: ({ state }) => (state === 'running' ? 'dim' : null),
  },
];

/** `api ×3` of a job with copies. */
function nameText({ name, copies, isInside }: TopRow): string {
  if (copies === null) return `${isInside ? '  ' : ''}${printable(name)}`;
  return `${printable(name)} ×${copies.length}`;
}

/** Of a job with copies, how many are in the state of the most urgent one: `1 failed`. */
const stateText = (row: TopRow): string =>
  row.copies === null
    ? stateWithExit(row)
    : `${row.copies.filter(({ state }) => state === row.state).length} ${row.state}`;

/** `12.3%`, or empty if it was not measured. */
const cpuText = (percent: number | null): string =>
  percent === null ? '' : `${percent >= 99.95 ? percent.toFixed(0) : percent.toFixed(1)}%`;

/** The larger unit of the time until a start; both units would not fit the column. */
const timeText = (job: TopRow, now: number): string =>
  job.copies !== null ? '' : whenText(job, now).replace(/^(in \S+) .*/, '$1');

/** The columns of a table and their widths, in the order of the screen. */
export type TableLayout = readonly {
  readonly column: Column;
  readonly width: number;
  readonly heading: string;
}[];

const GAP = 2;
/** Prefix of each row: the mark, the sign of its state, a blank. */
export const SIGN_COLUMNS = 3;
/** At this width and above, headings are written out. */
const ROOMY = 100;
const MOST = { name: 40, tags: 24, test: 9 } as const;
const LEAST = { name: 16, narrowName: 8, cutName: 24, reason: 18, wideReason: 36 } as const;

/**
 * Which columns there are on a screen of this width: the more important ones first, as long as they fit. The
 * widths are those of all jobs, so that nothing moves sideways while one scrolls.
 */
export function layoutOf(jobs: readonly TopRow[], columns: number): TableLayout {
  const widest = (text: (job: TopRow) => string, least: number): number =>
    jobs.reduce((most, job) => Math.max(most, displayWidth(text(job))), least);
  const name = Math.min(widest(nameText, 4), MOST.name);
  const heading = columns >= ROOMY ? 'RESTARTS' : '↻';
  const reason = { name: 'REASON', width: LEAST.reason } as const;
  const pid = { name: 'PID', width: 7 } as const;
  const tags = {
    name: 'TAGS',
    width: Math.min(
      MOST.tags,
      widest(({ tags: all }) => all.join(' '), 0),
    ),
  } as const;
  const test = { name: 'TEST', width: Math.min(MOST.test, widest(testWords, 0)) } as const;
  const wanted: readonly { readonly name: ColumnName; readonly width: number }[] = [
    { name: 'NAME', width: Math.min(name, LEAST.name) },
    { name: 'STATE', width: widest(stateText, 7) },
    { name: 'UP', width: 7 },
    { name: 'CPU', width: 6 },
    { name: 'MEM', width: 4 },
    { name: 'RESTARTS', width: Math.max(heading.length, 3) },
    reason,
    ...[pid, tags, test].filter(({ width }) => width > 0),
  ];
  const widths = new Map<ColumnName, number>();
  let room = columns - SIGN_COLUMNS;
  for (const { name: each, width } of wanted) {
    const first = widths.size === 0;
    const needed = first ? Math.min(width, Math.max(LEAST.narrowName, room)) : width + GAP;
    // A column after the reason must leave room for a sentence.
    const isMore = each === 'PID' || each === 'TAGS' || each === 'TEST';
    if (needed > room - (isMore ? LEAST.wideReason : 0)) continue;
    widths.set(each, first ? needed : width);
    room -= needed;
  }
  // With a reason shown, a name takes at most a quarter of the screen.
  const longest = widths.has('REASON')
    ? Math.min(name, Math.max(LEAST.cutName, Math.floor(columns / 4)))
    : name;
  const more = Math.min(room, Math.max(0, longest - (widths.get('NAME') ?? 0)));
  widths.set('NAME', (widths.get('NAME') ?? 0) + more);
  if (widths.has('REASON')) widths.set('REASON', LEAST.reason + room - more);
  return COLUMNS.flatMap((column) => {
    const width = widths.get(column.name);
    const text = column.name === 'RESTARTS' ? heading : column.name;
    return width === undefined ? [] : [{ column, width, heading: text }];
  });
}

/** The headings; the column by which the rows are sorted has an arrow. */
export function headingLine(
  layout: TableLayout,
  { sort, isReversed }: { readonly sort: Sort; readonly isReversed: boolean },
): string {
  const cells = layout.map(({ column, width, heading }) => {
    const isSorted = column.sort === sort;
    const text = isSorted ? `${heading}${isReversed ? '▴' : '▾'}` : heading;
    // In a full column the arrow takes one blank of the gap.
    return { text: displayWidth(text) > width + 1 ? heading : text, width, isRight: column.isRight === true };
  });
  let line = ' '.repeat(SIGN_COLUMNS);
  let owed = 0;
  cells.forEach(({ text, width, isRight }, at) => {
    const gap = at === 0 ? 0 : GAP;
    const over = Math.max(0, displayWidth(text) - width);
    const cell = isRight ? ' '.repeat(Math.max(0, width - displayWidth(text))) + text : pad(text, width);
    line += ' '.repeat(Math.max(0, gap - (isRight ? over : 0) - owed)) + cell;
    owed = isRight ? 0 : over;
  });
  return line;
}

/** The cells of a row, each as wide as its column. */
export function rowLine(layout: TableLayout, facts: RowFacts, context: Pick<RenderContext, 'color'>): string {
  return layout
    .map(({ column, width }) => {
      const text = column.text(facts);
      const shown = column.name === 'NAME' ? fitInside(text, width) : fit(text, width);
      const blanks = ' '.repeat(width - displayWidth(shown));
      if (shown === '')
        return styled(column.isRight === true ? `${blanks.slice(1)}-` : pad('-', width), 'dim', context);
      const painted = styled(shown, column.paint?.(facts.job) ?? null, context);
      return column.isRight === true ? blanks + painted : painted + blanks;
    })
    .join(' '.repeat(GAP));
}
