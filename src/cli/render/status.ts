import { byInstanceName } from '../../plan/names.ts';
import { countsInWords, urgencyOf } from '../../plan/state-order.ts';
import type { DaemonStatus, JobStatus, Status, TestResult } from '../../wire/messages.ts';
import { duration } from '../../text/duration.ts';
import type { RenderContext } from '../terminal/render-context.ts';
import { bytesText } from '../../text/bytes-text.ts';
import type { Usage } from '../usage/usage.ts';
import { printable } from '../../text/printable.ts';
import { stateWithExit } from '../words/state-words.ts';
import { paintOfJob } from './state-paint.ts';
import { tableLines, type Cell, type ShrinkRule } from '../terminal/table.ts';

const HEADINGS = ['NAME', 'STATE', 'PID', 'UP', 'CPU', 'MEM', 'RESTARTS', 'TEST', 'TAGS', 'DESCRIPTION'];

/** A job, with what its process tree uses where somebody has measured that. */
export interface MeasuredJob extends JobStatus {
  readonly usage?: Pick<Usage, 'cpuPercent' | 'memoryBytes'>;
}

/** A job as `--json` prints it. */
export function jobJson({
  job: _,
  ages: __,
  lastRunFailed: ___,
  outlook: ____,
  unhealthy: _____,
  hasOldConfig: ______,
  usage,
  ...shown
}: MeasuredJob): Omit<
  JobStatus,
  'job' | 'ages' | 'lastRunFailed' | 'outlook' | 'unhealthy' | 'hasOldConfig'
> &
  UsageJson {
  return { ...shown, cpuPercent: usage?.cpuPercent ?? null, memoryBytes: usage?.memoryBytes ?? null };
}

interface UsageJson {
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
}

/** A status in which some jobs were measured. */
export interface MeasuredStatus extends Status {
  readonly jobs: readonly MeasuredJob[];
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

/** The height available for the table, and whether the table is cut to it. */
export interface StatusPage {
  readonly rows: number;
  readonly isCut: boolean;
}

/**
 * The table of `status`. Empty columns are left out. If the table is too long, jobs that need attention come
 * first and the last line counts the rest.
 */
export function renderStatus({ jobs }: MeasuredStatus, context: RenderContext, page?: StatusPage): string {
  if (jobs.length === 0) return 'no jobs\n';
  const sorted = jobs.toSorted((a, b) => byInstanceName(a.name, b.name));
  if (page === undefined || jobs.length + 1 <= page.rows) return `${tableOf(sorted, context).join('\n')}\n`;
  const troubled = sorted.toSorted((a, b) => urgencyOf(a) - urgencyOf(b));
  const lines = tableOf(troubled, context);
  if (!page.isCut) return `${[...lines, `${jobs.length} jobs: ${countsInWords(jobs)}`].join('\n')}\n`;
  // Leaves room for the heading and the last line.
  const shown = Math.max(1, page.rows - 2);
  const hidden = troubled.slice(shown);
  const rest = `… and ${hidden.length} more: ${countsInWords(hidden)}`;
  return `${[...lines.slice(0, shown + 1), rest].join('\n')}\n`;
}

function tableOf(jobs: readonly MeasuredJob[], context: RenderContext): readonly string[] {
  const rows = jobs.map((job) => cellsOf(job, context));
  const used = HEADINGS.map((_, at) => at < 2 || rows.some((row) => (row[at]?.text ?? '') !== ''));
  const heading: readonly Cell[] = HEADINGS.map((text) => ({ text, paint: 'bold' }));
  const shown = [
    heading,
    ...rows.map((row) => row.map((cell) => (cell.text === '' ? { text: '-', paint: 'dim' as const } : cell))),
  ];
  const table = shown.map((row) => row.filter((_, at) => used[at]));
  return tableLines(table, givingOf(used), context);
}

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

function givingOf(used: readonly boolean[]): readonly ShrinkRule[] {
  const shown = HEADINGS.filter((_, at) => used[at]);
  return GIVING.flatMap(([heading, shrinkOrder]) =>
    shown.includes(heading) ? [{ at: shown.indexOf(heading), ...shrinkOrder }] : [],
  );
}

function cellsOf(job: MeasuredJob, context: RenderContext): readonly Cell[] {
  return [
    { text: printable(job.name) },
    { text: stateWithExit(job), paint: paintOfJob(job) },
    { text: job.pid === null ? '' : String(job.pid) },
    { text: timeCell(job, context.now) },
    { text: job.usage === undefined ? '' : `${job.usage.cpuPercent.toFixed(1)}%` },
    { text: job.usage === undefined ? '' : bytesText(job.usage.memoryBytes) },
    { text: job.restarts === 0 ? '' : String(job.restarts) },
    { text: testWords(job), paint: job.test?.verdict === 'unknown' ? 'yellow' : null },
    { text: job.tags.join(' '), paint: 'dim' },
    { text: job.description === null ? '' : printable(job.description) },
  ];
}

/** How long the job has been up, or when it will start. */
function timeCell({ pid, nextStartAt, ages }: JobStatus, now: number): string {
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
