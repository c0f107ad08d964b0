import { byInstanceName } from '../../plan/names.ts';
import { countsInWords, urgencyOf } from '../../plan/state-order.ts';
import type {
  BriefStatus,
  DaemonStatus,
  JobStatus,
  ListedJob,
  Status,
  TestResult,
} from '../../wire/messages.ts';
import { duration } from '../../text/duration.ts';
import type { Paint, RenderContext } from '../terminal/render-context.ts';
import { bytesText } from '../../text/bytes-text.ts';
import type { Usage } from '../usage/usage.ts';
import { printable } from '../../text/printable.ts';
import { stateWithExit } from '../words/state-words.ts';
import { paintOfJob } from './state-paint.ts';
import { tableLines, type Cell, type ShrinkRule } from '../terminal/table.ts';

interface Measured {
  /** What its process tree uses, where somebody has measured that. */
  readonly usage?: Pick<Usage, 'cpuPercent' | 'memoryBytes'>;
}

type MeasuredJob = JobStatus & Measured;
type Shown = ListedJob & Measured;

/** A job as `--json` prints it. */
export function jobJson({
  job: _,
  ages: __,
  lastRunFailed: ___,
  outlook: ____,
  unhealthy: _____,
  hasOldConfig,
  usage,
  ...shown
}: MeasuredJob): Omit<
  JobStatus,
  'job' | 'ages' | 'lastRunFailed' | 'outlook' | 'unhealthy' | 'hasOldConfig'
> &
  AddedJson {
  return {
    ...shown,
    oldConfig: hasOldConfig === true,
    cpuPercent: usage?.cpuPercent ?? null,
    memoryBytes: usage?.memoryBytes ?? null,
  };
}

interface AddedJson {
  readonly oldConfig: boolean;
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
}

/** A status in which some jobs were measured. */
export interface MeasuredStatus extends Status {
  readonly jobs: readonly MeasuredJob[];
}

/** As much of a status as its table shows. */
export interface ShownStatus {
  readonly jobs: readonly Shown[];
}

/** A whole status as `--json` prints it. */
export function statusJson({ daemon, jobs }: MeasuredStatus): {
  readonly daemon: DaemonStatus;
  readonly jobs: readonly ReturnType<typeof jobJson>[];
} {
  return { daemon, jobs: jobs.map(jobJson) };
}

/** The same status this many milliseconds later, while nothing has changed. */
export function laterBy(ms: number, { daemon, jobs }: Status): Status {
  const later = (age: number | null): number | null => (age === null ? null : age + ms);
  return {
    daemon,
    jobs: jobs.map((job) => ({
      ...job,
      ages: { up: later(job.ages.up), lastExit: later(job.ages.lastExit), test: later(job.ages.test) },
    })),
  };
}

const NOTHING = {
  pid: null,
  restarts: 0,
  test: null,
  lastExit: null,
  lastRunFailed: false,
  nextStartAt: null,
  description: null,
  tags: [],
  ages: { up: null },
} as const;

/** The jobs of a brief status, with what was left out of it. */
export const shownJobs = ({ jobs }: BriefStatus): readonly ListedJob[] =>
  jobs.map((job) => ({ ...NOTHING, ...job }) as ListedJob);

/** The height available for the table, and whether the table is cut to it. */
export interface StatusPage {
  readonly rows: number;
  readonly isCut: boolean;
}

/**
 * The table of `status`. Empty columns are left out. If the table is too long, jobs that need attention come
 * first and the last line counts the rest.
 */
export function renderStatus({ jobs }: ShownStatus, context: RenderContext, page?: StatusPage): string {
  if (jobs.length === 0) return 'no jobs\n';
  const sorted = jobs.toSorted((a, b) => byInstanceName(a.name, b.name));
  if (page === undefined || jobs.length + 1 <= page.rows) return renderInOrder(sorted, context);
  const troubled = sorted.toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
  const lines = tableOf(troubled, context);
  if (!page.isCut) return `${[...lines, `${jobs.length} jobs: ${countsInWords(jobs)}`].join('\n')}\n`;
  // Leaves room for the heading and the last line.
  const shown = Math.max(1, page.rows - 2);
  const hidden = troubled.slice(shown);
  const rest = `… and ${hidden.length} more: ${countsInWords(hidden)}`;
  return `${[...lines.slice(0, shown + 1), rest].join('\n')}\n`;
}

/** The table of these jobs in the order in which they are given. */
export const renderInOrder = (jobs: readonly Shown[], context: RenderContext): string =>
  `${tableOf(jobs, context).join('\n')}\n`;

// Column by column: most columns are empty, and a list of a thousand jobs is shown in a moment.
function tableOf(jobs: readonly Shown[], context: RenderContext): readonly string[] {
  const used = COLUMNS.map((column) => ({
    ...column,
    texts: jobs.map((job) => column.text(job, context)),
  })).filter(({ always, texts }) => always === true || texts.some((text) => text !== ''));
  const heading = used.map(({ heading: text }): Cell => ({ text, paint: 'bold' }));
  const rows = jobs.map((job, row) =>
    used.map(({ texts, paint }): Cell => {
      const text = texts[row] as string;
      return text === '' ? NONE : { text, paint: paint === undefined || !context.color ? null : paint(job) };
    }),
  );
  const shown = used.map((column) => column.heading);
  return tableLines([heading, ...rows], givingOf(shown), context);
}

/** What stands where a job has nothing to show. */
const NONE: Cell = { text: '-', paint: 'dim' };

/** Narrower columns would not be readable. */
const LEAST = { description: 12, name: 16, tags: 8 } as const;

/**
 * What to shorten first on a narrow page: the description, then the tags, then names; then columns are left
 * out that `why` shows as well.
 */
const GIVING: readonly (readonly [heading: string, shrinkOrder: Omit<ShrinkRule, 'at'>])[] = [
  ['DESCRIPTION', { least: LEAST.description }],
  ['DESCRIPTION', { least: 0 }],
  ['TAGS', { least: LEAST.tags }],
  ['TAGS', { least: 0 }],
  ['NAME', { least: LEAST.name, cut: 'middle' }],
  ['RESTARTS', { least: 0 }],
  ['TEST', { least: 0 }],
  ['CPU', { least: 0 }],
  ['MEM', { least: 0 }],
  ['PID', { least: 0 }],
  ['UP', { least: 0 }],
];

function givingOf(shown: readonly string[]): readonly ShrinkRule[] {
  return GIVING.flatMap(([heading, shrinkOrder]) =>
    shown.includes(heading) ? [{ at: shown.indexOf(heading), ...shrinkOrder }] : [],
  );
}

interface Column {
  readonly heading: string;
  /** Shown even if no job has anything in it. */
  readonly always?: true;
  readonly text: (job: Shown, context: RenderContext) => string;
  readonly paint?: (job: Shown) => Paint | null;
}

const COLUMNS: readonly Column[] = [
  { heading: 'NAME', always: true, text: ({ name }) => printable(name) },
  { heading: 'STATE', always: true, text: stateWithExit, paint: paintOfJob },
  { heading: 'PID', text: ({ pid }) => (pid === null ? '' : String(pid)) },
  { heading: 'UP', text: (job, { now }) => timeCell(job, now) },
  { heading: 'CPU', text: ({ usage }) => (usage === undefined ? '' : `${usage.cpuPercent.toFixed(1)}%`) },
  { heading: 'MEM', text: ({ usage }) => (usage === undefined ? '' : bytesText(usage.memoryBytes)) },
  { heading: 'RESTARTS', text: ({ restarts }) => (restarts === 0 ? '' : String(restarts)) },
  { heading: 'TEST', text: testWords, paint: ({ test }) => (test?.verdict === 'unknown' ? 'yellow' : null) },
  { heading: 'TAGS', text: ({ tags }) => tags.join(' '), paint: () => 'dim' },
  { heading: 'DESCRIPTION', text: ({ description }) => (description === null ? '' : printable(description)) },
];

/** How long the job has been up, or when it will start. */
function timeCell({ pid, nextStartAt, ages }: ListedJob, now: number): string {
  if (pid !== null && ages.up !== null) return duration(ages.up);
  return nextStartAt === null ? '' : `in ${duration(Math.max(0, Date.parse(nextStartAt) - now))}`;
}

/** `pass`, `fail (1)`, `unknown`; empty where no test has run. */
export function testWords({
  test,
}: {
  readonly test: Pick<TestResult, 'verdict' | 'exitCode'> | null;
}): string {
  if (test === null) return '';
  return test.verdict === 'fail' && test.exitCode !== null ? `fail (${test.exitCode})` : test.verdict;
}
