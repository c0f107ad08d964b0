import type { ServerResponse } from 'node:http';
import { bundlePages } from '../../scripts/pages.mjs';
import type { EarlierChange, ShownStep } from '../../src/cli/inspect/inspected-charts.ts';
import type { Page } from '../../src/cli/inspect/inspector-server.ts';
import { viewerPage } from '../../src/cli/inspect/pages.ts';
import { namedFrame, writePage } from '../../src/cli/serve/loopback-server.ts';
import { frameOf, ServedPage, setStage, type Stage } from './served-page.ts';

export { inBrowser } from './served-page.ts';

/** The time at which the tests look: noon, in whatever zone the tests run. */
export const NOON = new Date(2026, 2, 1, 12).getTime();

/** The page's clock stands still, its timers wait until the test lets time pass; its steps are counted. */
const CLOCK = `
  window.heard = 0;
  window.EventSource = class extends EventSource {
    constructor(...given) { super(...given); this.addEventListener('message', () => (window.heard += 1)); }
  };
  window.now = ${NOON};
  window.timers = [];
  window.Date = class extends Date {
    constructor(...given) { super(...(given.length === 0 ? [window.now] : given)); }
    static now() { return window.now; }
  };
  window.setTimeout = (call, ms) => window.timers.push({ call, at: window.now + ms });
  window.pass = (ms) => {
    const end = window.now + ms;
    for (;;) {
      const due = window.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      window.timers.splice(window.timers.indexOf(due), 1);
      window.now = Math.max(window.now, due.at);
      due.call();
    }
    window.now = end;
  };`;

const group = (kind: string, id: string): string => `<g class="${kind}"><title>${id}</title></g>`;
const picture = (...parts: readonly string[]): string => `<svg viewBox="0 0 90 90">${parts.join('')}</svg>`;
const CHILD = [group('node', 'job.child.Up.Running'), group('node', 'job.child.AtRest.Down')];
/** The ids of the arrows in the picture of a job. */
export const STOPPING = 'job.child.Up.Running..job.child.AtRest.Down';
export const STARTING = 'job.child.AtRest.Down..job.child.Up.Running';
const EDGES = [STOPPING, STARTING].map((id) => `<g class="edge" id="${id}"></g>`);
const PICTURES = {
  daemon: picture(group('node', 'daemon.Serving')),
  'job simple': picture(...CHILD, ...EDGES),
  job: picture(...CHILD, group('node', 'job.want.Yes')),
};
const ARROWS = {
  'job simple': {
    stop: { from: 'job.child.Up.Running', to: 'job.child.AtRest.Down' },
    // From wherever the picture is lit.
    remove: { from: null, to: 'job.child.AtRest.Down' },
    start: { from: 'job.child.AtRest.Down', to: 'job.child.Up.Running' },
  },
};

/** The page of `overseer inspect --local`. */
export class ViewerPage extends ServedPage {
  readonly #html: Page;
  #begins: readonly ShownStep[] = [];

  private constructor(html: Page, stage: Stage) {
    super(stage);
    this.#html = html;
  }

  static async open(): Promise<ViewerPage> {
    const html = viewerPage(await bundlePages(), PICTURES, ARROWS);
    return new ViewerPage(html, await setStage(CLOCK));
  }

  /** Loads the page anew, at an address that names this chart; its stream begins with these steps. */
  async load(steps: readonly ShownStep[], named = ''): Promise<void> {
    this.begins(...steps);
    await this.loadUntil(`document.getElementById('line')?.textContent === 'live'`, named && `#${named}`);
    await this.comesTo(`document.querySelectorAll('#charts li').length`, steps.length);
  }

  /** The stream begins with these steps when the page opens it again. */
  begins(...steps: readonly ShownStep[]): void {
    this.#begins = steps;
  }

  /** Ends the connection; the page opens the next, which begins with these steps. */
  async reconnects(...steps: readonly ShownStep[]): Promise<void> {
    this.begins(...steps);
    const count = (): number => this.asked.filter((request) => request === 'GET events').length;
    const before = count();
    await this.end('events');
    await this.waits(() => Promise.resolve(count() > before), 'the next connection');
  }

  /** Sends steps, and waits until the page has taken them. */
  async take(...steps: readonly ShownStep[]): Promise<void> {
    const before = await this.evaluate<number>('window.heard');
    await this.write('events', steps.map(frameOf).join(''));
    await this.holds(`window.heard >= ${before + steps.length}`);
  }

  /** Sends an event of this name: `lost`, `found` or `ended`. */
  async tell(name: string, data: unknown = {}): Promise<void> {
    await this.write('events', namedFrame(name, data));
  }

  remembers(job: string, changes: readonly EarlierChange[]): void {
    this.answers(`history/${job}`, { value: changes });
  }

  /** Lets time pass in the page, and waits until the page has drawn what that changed. */
  async pass(ms: number): Promise<void> {
    await this.evaluate(`window.pass(${ms})`);
    await this.draws();
  }

  /** Waits until the page has drawn what it knows. */
  async draws(): Promise<void> {
    await this.evaluate(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`);
  }

  /** Waits until this chart is chosen, in the list and beside it. */
  async isChosen(name: string): Promise<void> {
    await this.shows('[aria-current="true"] b', name);
    await this.shows('#name', name);
  }

  protected override writePage(response: ServerResponse): void {
    writePage(response, this.#html.html, this.#html.policy);
  }

  protected override streamBegins(path: string): string | null {
    return path === 'events' ? this.#begins.map(frameOf).join('') : null;
  }
}
