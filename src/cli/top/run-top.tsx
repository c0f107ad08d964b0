import { EventEmitter } from 'node:events';
import { render, useInput, type Instance, type Key as InkKey } from 'ink';
import { dataFolder } from '../../data-folder.ts';
import { ClientOfDaemon } from '../../library/client-of-daemon.ts';
import { planOf } from '../../library/plan-of.ts';
import { requestOf, type Target } from '../../library/request.ts';
import { lastLines } from '../logs/last-lines.ts';
import { renderReport } from '../render/report.ts';
import { JobsFeed } from '../web/jobs-feed.ts';
import { after } from '../web/jobs-now.ts';
import type { JobsMessage, WebAction } from '../web/messages.ts';
import { steer } from '../web/steer.ts';
import { keyNames } from './key-names.ts';
import { LogRows } from './log-rows.ts';
import { helpPage, logPage, planAsk, planPage, reportPage, whyPage } from './pages.ts';
import { namesText, pressed, type Wish } from './pressed.ts';
import { Reasons } from './reasons.ts';
import { leadOf } from './rows.ts';
import { Screen } from './screen.ts';
import { beginning, chosenRow, scrolled, withRows, type ScreenPage, type TopState } from './top-state.ts';
import { pageRows, printedRows, tableRows, Top, type Look } from './view.tsx';

export interface TopOptions {
  readonly isReadOnly: boolean;
  readonly color: boolean;
}

/** Minimum time between two frames. */
const FRAME_MS = 33;
/** How often the times on the screen are updated. */
const TICK_MS = 1_000;
/** Signals that end it. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const FIRST_LINES = 1_000;
/** As `overseer why`. */
const WHY_LINES = 10;

/** Shows the jobs on the terminal until the user leaves; gives the terminal back whatever ends it. */
export async function runTop(target: Target, options: TopOptions): Promise<void> {
  const session = new Session(target, options);
  try {
    await session.run();
  } finally {
    session.close();
  }
}

class Session {
  readonly #target: Target;
  readonly #options: TopOptions;
  readonly #screen: Screen;
  readonly #canvas = new Canvas();
  readonly #reasons: Reasons;
  readonly #ended = new AbortController();
  #state: TopState;
  #ink: Instance | null = null;
  #error: unknown = null;
  #timer: NodeJS.Timeout | null = null;
  #drawnAt = 0;
  #lastPrinted: { readonly key: string; readonly lines: readonly string[] } = { key: '', lines: [] };
  /** Aborted when its page is left. */
  #reading = new AbortController();

  constructor(target: Target, options: TopOptions) {
    this.#target = target;
    this.#options = options;
    this.#state = beginning(options.isReadOnly);
    this.#screen = new Screen(process.stdout, () => this.#soon());
    this.#reasons = new Reasons(target, () => this.#soon());
  }

  async run(): Promise<void> {
    // Whatever ends the process: the terminal is given back before anything is said of it.
    process.once('exit', this.#restore);
    process.prependOnceListener('uncaughtException', this.#restore);
    process.stdin.once('end', this.#leave);
    for (const signal of ENDING) process.on(signal, this.#leave);
    process.stdout.on('resize', this.#resized);
    this.#screen.enter();
    const feed = new JobsFeed(this.#target);
    const unwatch = feed.watch((message) => this.#learn(message));
    const tick = setInterval(() => this.#soon(), TICK_MS);
    await new Promise<void>((resolve) => this.#ended.signal.addEventListener('abort', () => resolve()));
    clearInterval(tick);
    unwatch();
    if (this.#error !== null) throw this.#error;
  }

  close(): void {
    this.#ended.abort();
    this.#reading.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    process.stdout.off('resize', this.#resized);
    this.#ink?.unmount();
    this.#screen.close();
    // Last: where no one else listens to a signal, Ink lets it end the process at once.
    for (const signal of ENDING) process.off(signal, this.#leave);
    process.off('exit', this.#restore);
    process.off('uncaughtException', this.#restore);
  }

  readonly #leave = (): void => this.#ended.abort();

  readonly #restore = (): void => {
    this.#screen.leave();
  };

  readonly #resized = (): void => {
    this.#screen.forget();
    this.#draw();
  };

  #learn(message: JobsMessage): void {
    const shown = this.#state.page?.kind === 'why' ? this.#state.page.job : null;
    const before = shown === null ? undefined : this.#state.known.jobs?.get(shown);
    this.#state = withRows(this.#state, { known: after(this.#state.known, message) });
    const now = shown === null ? undefined : this.#state.known.jobs?.get(shown);
    if (shown !== null && before?.state !== now?.state) void this.#showWhy(shown);
    this.#soon();
  }

  readonly #onKey = (key: string): void => {
    const { columns } = this.#screen;
    const height = this.#state.page === null ? tableRows(this.#state, this.#screen) : pageRows(this.#screen);
    const { state, wish } = pressed(this.#state, key, { columns, height });
    if (this.#state.page !== null && state.page === null) this.#reading.abort();
    this.#state = state;
    if (wish !== null) this.#fulfil(wish);
    this.#soon();
  };

  #fulfil(wish: Wish): void {
    switch (wish.kind) {
      case 'quit':
        return this.#ended.abort();
      case 'suspend':
        return this.#suspend();
      case 'redraw':
        return this.#screen.forget();
      case 'help':
        return this.#open(helpPage(this.#options.isReadOnly, this.#options));
      case 'why':
        return void this.#showWhy(wish.job);
      case 'logs':
        return void this.#showLogs(wish.job);
      case 'plan':
        return void this.#showPlan();
      case 'steer':
        return void this.#steer(wish.action);
      default:
        return wish satisfies never;
    }
  }

  #open(page: ScreenPage): void {
    this.#reading.abort();
    this.#reading = new AbortController();
    this.#state = { ...this.#state, page, ask: null };
    this.#soon();
  }

  #tell(text: string, isBad = false): void {
    this.#state = { ...this.#state, message: { text, isBad } };
    this.#soon();
  }

  async #showWhy(job: string): Promise<void> {
    const { page } = this.#state;
    try {
      const request = { name: 'why', job } as const;
      const { jobs } = await requestOf<'why'>(this.#target, { request, signals: [this.#ended.signal] });
      const why = jobs.find(({ status }) => status.name === job) ?? jobs[0];
      // Another page may have been opened, or this one closed, meanwhile.
      if (why === undefined || this.#state.page !== page) return;
      const printed = this.#printed(why.status.name, WHY_LINES);
      this.#open(whyPage(why, { top: page?.kind === 'why' ? page.top : 0, printed }, this.#options));
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#tell((error as Error).message, true);
    }
  }

  async #showLogs(job: string): Promise<void> {
    const log = new LogRows(this.#options.color);
    this.#open(logPage(job, log));
    const { signal } = this.#reading;
    const client = new ClientOfDaemon(this.#target);
    try {
      for await (const { job: instance, line } of client.logs(job, {
        follow: true,
        lines: FIRST_LINES,
        signal,
      })) {
        log.push(instance === job ? line : `${instance} | ${line}`);
        this.#soon();
      }
    } catch (error) {
      if (!signal.aborted) this.#tell((error as Error).message, true);
    }
  }

  async #showPlan(): Promise<void> {
    const { page } = this.#state;
    this.#tell('asking what a trigger would do …');
    try {
      const report = await planOf(this.#target, [this.#ended.signal]);
      if (this.#state.page !== page) return;
      this.#state = { ...this.#state, message: null };
      this.#open(planPage(report, this.#options));
      this.#state = { ...this.#state, ask: planAsk(report, this.#options) };
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#tell((error as Error).message, true);
    }
  }

  async #steer(action: WebAction): Promise<void> {
    const what = action.action === 'apply' ? 'apply' : `${action.action} ${namesText(action.jobs)}`;
    this.#tell(`${what} …`);
    try {
      const report = await steer(this.#target, action);
      if (report === null)
        return this.#tell('The plan has changed since you saw it: p shows it again.', true);
      const lines = renderReport(report, false, { columns: Infinity, color: false, now: Date.now() });
      const text = lines.trimEnd().split('\n');
      if (report.ok && report.problems.length === 0) return this.#tell(`${what}: ${text.at(-1) ?? 'done'}`);
      this.#tell(`${what}: ${text.at(-1) ?? ''}`, true);
      if (this.#state.page === null) this.#open(reportPage(what, report, this.#options));
    } catch (error) {
      this.#tell(`${what}: ${(error as Error).message}`, true);
    }
  }

  /** Gives the terminal back to the shell until `fg`. */
  #suspend(): void {
    this.#screen.leave();
    process.stdin.setRawMode(false);
    process.once('SIGCONT', () => {
      process.stdin.setRawMode(true);
      this.#screen.enter();
      this.#draw();
    });
    process.kill(process.pid, 'SIGTSTP');
  }

  /** Draws as soon as the last picture is old enough, and has been taken by the terminal. */
  #soon(): void {
    if (this.#timer !== null || this.#ended.signal.aborted) return;
    const wait = Math.max(0, this.#drawnAt + FRAME_MS - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (!this.#screen.isBusy) this.#draw();
    }, wait);
  }

  #draw(): void {
    if (this.#screen.isGone) return this.#ended.abort();
    this.#drawnAt = performance.now();
    const { columns, rows } = this.#screen;
    const height = tableRows(this.#state, { rows });
    this.#state = scrolled(this.#state, height);
    this.#askReasons(height);
    const look: Look = {
      columns,
      rows,
      color: this.#options.color,
      now: Date.now(),
      reasonOf: (name) => this.#reasons.of(name),
      printed: this.#printedByChosen({ rows }),
    };
    this.#canvas.columns = columns;
    this.#canvas.rows = rows;
    const screen = <Screenful state={this.#state} look={look} onKey={this.#onKey} />;
    if (this.#ink === null) this.#begin(screen);
    else this.#ink.rerender(screen);
    this.#screen.draw(this.#canvas.lines);
  }

  /** The last lines of the chosen job, read anew each second at most. */
  #printedByChosen(room: { readonly rows: number }): readonly string[] {
    const { page } = this.#state;
    const row = chosenRow(this.#state);
    const chosen = row === null ? null : leadOf(row).name;
    const count = page === null && chosen !== null ? printedRows(room) : 0;
    if (count === 0 || chosen === null) return [];
    const key = `${chosen} ${count} ${Math.floor(Date.now() / TICK_MS)}`;
    if (this.#lastPrinted.key !== key) this.#lastPrinted = { key, lines: this.#printed(chosen, count) };
    return this.#lastPrinted.lines;
  }

  #printed(job: string, count: number): readonly string[] {
    return lastLines(dataFolder(this.#target.homes.data).logs, job, count);
  }

  /** Ink draws the picture and reads the keys; only our screen writes to the terminal. */
  #begin(screen: React.JSX.Element): void {
    this.#ink = render(screen, {
      stdout: this.#canvas as unknown as NodeJS.WriteStream,
      stdin: process.stdin,
      // Each picture is handed over whole and at once.
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    this.#ink.waitUntilExit().catch((error: unknown) => {
      this.#error = error;
      this.#ended.abort();
    });
  }

  #askReasons(height: number): void {
    if (this.#state.known.lost !== null) return;
    const { rows, top, page } = this.#state;
    const chosen = chosenRow(this.#state);
    const shown = page === null ? rows.slice(top, top + height) : [];
    this.#reasons.want([
      ...(chosen === null ? [] : [leadOf(chosen)]),
      ...shown.map(leadOf).filter(({ state }) => state !== 'running'),
    ]);
  }
}

interface ScreenfulProps {
  readonly state: TopState;
  readonly look: Look;
  readonly onKey: (key: string) => void;
}

function Screenful({ state, look, onKey }: ScreenfulProps) {
  useInput((input: string, key: InkKey) => {
    for (const name of keyNames(input, key)) onKey(name);
  });
  return <Top state={state} look={look} />;
}

/** Takes the pictures that Ink draws. */
class Canvas extends EventEmitter {
  columns = 0;
  rows = 0;
  readonly isTTY = false;
  lines: readonly string[] = [];

  write(picture: string): boolean {
    this.lines = picture.split('\n').slice(0, this.rows);
    return true;
  }
}
