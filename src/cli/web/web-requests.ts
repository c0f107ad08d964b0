import { ClientOfDaemon } from '../../library/client-of-daemon.ts';
import { planId, planOf } from '../../library/plan-of.ts';
import { requestOf, type Target } from '../../library/request.ts';
import { activeStates, type StateValueTree } from '../../plan/active-states.ts';
import { arrowsTaken, type DrawnArrows } from '../../plan/taken-arrows.ts';
import type { Inspection, Report } from '../../wire/messages.ts';
import { clockWords } from '../render/clock-words.ts';
import { renderProblems } from '../render/problems.ts';
import { renderReport } from '../render/report.ts';
import { renderWhy } from '../render/why.ts';
import type { RenderContext } from '../terminal/render-context.ts';
import { whySentences } from '../words/why-words.ts';
import type { ChartMessage, LogsMessage, WebAction, WebDone, WebPlan, WebWhy } from './messages.ts';
import { steer } from './steer.ts';

/** How many lines of a log a page gets at first. */
const FIRST_LINES = 1_000;
/** Lines within this time are sent as one message. */
const LINES_MS = 50;
const MOST_TOGETHER = 2_000;

/** What the page asks for, one function each. */
export class WebRequests {
  readonly #target: Target;
  readonly #arrows: DrawnArrows;

  /** `arrows` are those of the picture of a job's chart. */
  constructor(target: Target, arrows: DrawnArrows) {
    this.#target = target;
    this.#arrows = arrows;
  }

  async why(job: string): Promise<WebWhy> {
    const request = { name: 'why', job } as const;
    const { jobs } = await requestOf<'why'>(this.#target, { request, signals: [] });
    const [why] = jobs;
    if (why === undefined) throw new Error(`no such job: ${job}`);
    return {
      because: whySentences(why, (at) => clockWords(at, Date.now())),
      // Name, state and sentences come before the first empty line, and stand elsewhere on the page.
      details: renderWhy(why, context()).replace(/^[^]*?\n\n/, ''),
    };
  }

  async plan(): Promise<WebPlan> {
    const report = await planOf(this.#target);
    return {
      id: planId(report),
      lines: linesOf(report, true),
      hasChanges: report.changes.some(({ action }) => action !== 'none'),
      isRefused: report.problems.length > 0,
    };
  }

  /** Does what the page asked for. A plan that has changed since it was shown is not carried out. */
  async act(action: WebAction): Promise<WebDone> {
    try {
      const report = await steer(this.#target, action);
      if (report === null) return { ok: false, lines: 'The plan has changed since you saw it. Look again.' };
      return { ok: report.ok, lines: linesOf(report, false) };
    } catch (error) {
      return { ok: false, lines: (error as Error).message };
    }
  }

  /**
   * Gives the lines of one job's log, the last ones first and then each as it comes, until it is interrupted.
   */
  async logs(job: string, give: (lines: LogsMessage) => void, interrupted: AbortSignal): Promise<void> {
    const client = new ClientOfDaemon(this.#target);
    let held: string[] = [];
    const send = (): void => {
      if (held.length > 0) give(held);
      held = [];
    };
    const timer = setInterval(send, LINES_MS);
    try {
      const options = { follow: true, lines: FIRST_LINES, signal: interrupted };
      for await (const { line } of client.logs(job, options)) {
        held.push(line);
        if (held.length >= MOST_TOGETHER) send();
      }
    } finally {
      clearInterval(timer);
    }
  }

  /** Gives the states of a job's chart that are lit, and with each step the arrows that it took. */
  async chart(job: string, give: (chart: ChartMessage) => void, interrupted: AbortSignal): Promise<void> {
    let before: readonly string[] = [];
    const showInspection = ({ machine, snapshot, taken = [] }: Inspection): void => {
      if (machine !== 'job') return;
      const lit = activeStates(snapshot.value as StateValueTree, 'job');
      give({ lit, taken: arrowsTaken(this.#arrows, before, taken) });
      before = lit;
    };
    await requestOf<'inspect'>(this.#target, {
      request: { name: 'inspect', jobs: [job] },
      signals: [interrupted],
      screen: { showInspection },
    });
  }
}

function linesOf(report: Report, isPlan: boolean): string {
  if (report.problems.length > 0) return `${renderProblems(report.problems)}Nothing was changed.\n`;
  return renderReport(report, isPlan, context());
}

const context = (): RenderContext => ({ columns: Infinity, color: false, now: Date.now() });
