import { displayWidth, pad } from '../../text/display-width.ts';
import { renderProblems } from '../render/problems.ts';
import { renderReport } from '../render/report.ts';
import { renderWhy } from '../render/why.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { wrapped } from '../terminal/wrapped.ts';
import { planId } from '../../library/plan-of.ts';
import type { Report, Why } from '../../wire/messages.ts';
import { keysFor } from './keys.ts';
import type { LogRows } from './log-rows.ts';
import { rowsOfLine } from './log-rows.ts';
import type { ScreenPage, TopState } from './top-state.ts';

type Look = Pick<RenderContext, 'color'>;

/** What `overseer why` prints. */
export function whyPage(
  why: Why,
  { top, printed }: { readonly top: number; readonly printed: readonly string[] },
  { color }: Look,
): ScreenPage {
  const now = Date.now();
  return {
    ...page(
      'why',
      `why ${why.status.name}`,
      (columns) => renderWhy(why, { columns, color, now }, printed),
      color,
    ),
    job: why.status.name,
    top,
  };
}

/** The log of a job, which goes on by itself. */
export const logPage = (job: string, log: LogRows): ScreenPage => ({
  kind: 'logs',
  title: `logs ${job}`,
  job,
  rows: (columns) => log.rows(columns),
  top: 0,
  isFollowing: true,
  find: '',
  hit: null,
});

/** What a trigger would do. */
export function planPage(report: Report, { color }: Look): ScreenPage {
  return page('plan', 'plan', (columns) => reportText(report, true, { columns, color }), color);
}

/** The question about a plan; null where it has nothing to do, or `top` may change nothing. */
export function planAsk(report: Report, { isReadOnly }: { readonly isReadOnly: boolean }): TopState['ask'] {
  const isToDo = report.problems.length === 0 && report.changes.some(({ action }) => action !== 'none');
  if (!isToDo || isReadOnly) return null;
  return { question: 'Do this?', action: { action: 'apply', plan: planId(report) } };
}

/** The report of an action that needs more than a line. */
export function reportPage(title: string, report: Report, { color }: Look): ScreenPage {
  return page('report', title, (columns) => reportText(report, false, { columns, color }), color);
}

function reportText(report: Report, isPlan: boolean, look: Pick<RenderContext, 'color' | 'columns'>): string {
  const now = Date.now();
  if (report.problems.length === 0) return renderReport(report, isPlan, { ...look, now });
  return `${renderProblems(report.problems)}Nothing was changed.\n`;
}

const NOTES = [
  'In a page the keys for rows scroll it and Esc or q goes back; w and l lead from reason to log and back.',
  'In a page / finds a text, n goes on to the row above that has it and N to the one below.',
  'CPU and MEM are those of the whole process tree of a job; 100% is one core.',
];

/** Every key, from the same list that decides what they do. */
export function helpPage(isReadOnly: boolean, { color }: Look): ScreenPage {
  const keys = keysFor(isReadOnly);
  const widest = Math.max(...keys.map(({ label }) => displayWidth(label)));
  const text = (columns: number): string =>
    [
      ...keys.flatMap(({ label, about }) => {
        const [first = '', ...rest] = wrapped(about, columns - widest - 4);
        const begin = `  ${styled(pad(label, widest), 'bold', { color })}  `;
        return [begin + first, ...rest.map((line) => ' '.repeat(widest + 4) + line)];
      }),
      '',
      ...NOTES.flatMap((note) => wrapped(note, columns - 4)).map((line) => `  ${line}`),
      '',
    ].join('\n');
  return page('help', 'keys', text, color);
}

/** Caches the rows per width. */
function page(
  kind: ScreenPage['kind'],
  title: string,
  text: (columns: number) => string,
  color: boolean,
): ScreenPage {
  let made: { readonly columns: number; readonly rows: readonly string[] } | null = null;
  const rows = (columns: number): readonly string[] => {
    if (made?.columns !== columns) {
      const lines = text(columns).replace(/\n$/, '').split('\n');
      made = { columns, rows: lines.flatMap((line) => rowsOfLine(line, columns, color)) };
    }
    return made.rows;
  };
  return { kind, title, job: null, rows, top: 0, isFollowing: false, find: '', hit: null };
}
