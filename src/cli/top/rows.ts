import { byInstanceName } from '../../plan/names.ts';
import { urgencyOf } from '../../plan/state-order.ts';
import { indexBy } from '../../text/index-by.ts';
import { isShown, type Filter, type Jobs } from '../web/jobs-now.ts';
import type { WebJob } from '../web/messages.ts';

/** A row of the table: an instance, or all copies of a job in one, with their sums. */
export interface TopRow extends WebJob {
  /** The copies of a job, the most urgent first; null for an instance. */
  readonly copies: readonly WebJob[] | null;
  /** It stands below the row of its job. */
  readonly isInside: boolean;
}

/** The orders of the table; the first one is that of the start. */
export const SORTS = ['trouble', 'name', 'cpu', 'memory', 'up', 'restarts'] as const;
export type Sort = (typeof SORTS)[number];

export interface RowChoice {
  readonly known: Jobs;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly isReversed: boolean;
  /** The jobs whose copies have rows of their own. */
  readonly open: ReadonlySet<string>;
}

/** The rows of the table, filtered and sorted; copies stand below the row of their job. */
export function rowsOf({ known, filter, sort, isReversed, open }: RowChoice): readonly TopRow[] {
  const shown = [...(known.jobs?.values() ?? [])].filter((job) => isShown(job, filter));
  const inOrder = <Each extends WebJob>(jobs: readonly Each[]): readonly Each[] => {
    const sorted = jobs
      .map((job) => ({ job, rank: ORDERS[sort](job) }))
      .toSorted((a, b) => a.rank - b.rank || byInstanceName(a.job.name, b.job.name))
      .map(({ job }) => job);
    return isReversed ? sorted.toReversed() : sorted;
  };
  const rows = [...indexBy(shown, ({ job }) => [job])].map(([name, copies]) => rowOf(name, copies));
  return inOrder(rows).flatMap((row) =>
    row.copies !== null && open.has(row.name)
      ? [row, ...inOrder(row.copies).map((job) => ({ ...job, copies: null, isInside: true }))]
      : [row],
  );
}

function rowOf(name: string, copies: readonly WebJob[]): TopRow {
  const inNeed = copies.toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || byInstanceName(a.name, b.name));
  const [first] = inNeed as [WebJob];
  if (copies.length === 1) return { ...first, copies: null, isInside: false };
  return {
    ...first,
    name,
    test: null,
    restarts: copies.reduce((sum, { restarts }) => sum + restarts, 0),
    cpuPercent: sumOf(copies.map(({ cpuPercent }) => cpuPercent)),
    memoryBytes: sumOf(copies.map(({ memoryBytes }) => memoryBytes)),
    copies: inNeed,
    isInside: false,
  };
}

/** Null if none of them was measured. */
function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** The lowest comes first; those with the same rank by name. */
const ORDERS: { readonly [Each in Sort]: (job: WebJob) => number } = {
  trouble: urgencyOf,
  name: () => 0,
  cpu: ({ cpuPercent }) => -(cpuPercent ?? -1),
  memory: ({ memoryBytes }) => -(memoryBytes ?? -1),
  up: ({ pid, startedAt }) => (pid === null || startedAt === null ? Infinity : Date.parse(startedAt)),
  restarts: ({ restarts }) => -restarts,
};

/** The instance that a row tells of: of several copies the most urgent one. */
export const leadOf = (row: TopRow): WebJob => row.copies?.[0] ?? row;

/** The number of instances that the rows stand for. */
export const instancesIn = (rows: readonly TopRow[]): number =>
  rows.reduce((sum, { copies, isInside }) => sum + (isInside ? 0 : (copies?.length ?? 1)), 0);
