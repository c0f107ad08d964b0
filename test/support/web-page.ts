import type { ServerResponse } from 'node:http';
import { bundlePages } from '../../scripts/pages.mjs';
import type { JobsMessage, WebJob } from '../../src/cli/web/messages.ts';
import { NOW } from '../unit/cli/top/web-jobs.ts';
import { frameOf, ServedPage, setStage, type Stage } from './served-page.ts';

export { inBrowser } from './served-page.ts';

const CHART =
  '<svg><g class="cluster"><title>job.child.Up</title></g><g class="node"><title>job.child.Up.Running</title></g>' +
  '<g class="node"><title>job.child.Gone</title></g><g class="edge" id="crash"></g></svg>';

/** The page of `overseer web`. */
export class WebPage extends ServedPage {
  readonly #html: string;
  /** What a stream begins with, by its path. */
  readonly #first = new Map<string, unknown>();
  #readOnly = false;

  private constructor(html: string, stage: Stage) {
    super(stage);
    this.#html = html;
  }

  static async open(): Promise<WebPage> {
    const { web } = await bundlePages();
    return new WebPage(web, await setStage(`window.now = ${NOW}; Date.now = () => window.now;`));
  }

  /** Loads the page anew; it shows these jobs, or none yet. */
  async load(jobs: readonly WebJob[] | null, { readOnly = false } = {}): Promise<void> {
    this.#readOnly = readOnly;
    this.#first.clear();
    if (jobs !== null) this.first('jobs', { kind: 'all', version: '0.1.0', jobs } satisfies JobsMessage);
    const count = jobs === null ? 'connecting' : jobs.length === 1 ? '1 job' : `${jobs.length} jobs`;
    await this.loadUntil(`document.querySelector('nav .line')?.innerText.startsWith('${count}')`);
  }

  /** A stream of this path begins with this message. */
  first(path: string, message: unknown): void {
    this.#first.set(path, message);
  }

  /** Sends a message on a stream that the page has open. */
  send(path: string, message: unknown): Promise<void> {
    return this.write(path, frameOf(message));
  }

  changed(jobs: readonly WebJob[], removed: readonly string[] = []): Promise<void> {
    return this.send('jobs', { kind: 'changed', jobs, removed } satisfies JobsMessage);
  }

  protected override writePage(response: ServerResponse): void {
    const settings = `<script type="application/json" id="settings">${JSON.stringify({ readOnly: this.#readOnly })}</script>`;
    const chart = `<template id="chart">${CHART}</template>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(this.#html.replace('<!-- settings -->', () => settings + chart));
  }

  protected override streamBegins(path: string): string | null {
    if (!/^(jobs$|logs\/|chart\/)/.test(path)) return null;
    return this.#first.has(path) ? frameOf(this.#first.get(path)) : '';
  }
}
