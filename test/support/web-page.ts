import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundlePages } from '../../scripts/pages.mjs';
import type { JobsMessage, WebJob } from '../../src/cli/web/messages.ts';
import { NOW } from '../unit/cli/top/web-jobs.ts';
import { findChromium, Page } from './browser.ts';

const chromium = findChromium();

/** A test that needs a browser. */
export const inBrowser = chromium === null ? test.skip : test;

const PATIENCE_MS = 15_000;
const LOOK_MS = 5;

const CHART =
  '<svg><g class="cluster"><title>job.child.Up</title></g><g class="node"><title>job.child.Up.Running</title></g>' +
  '<g class="node"><title>job.child.Gone</title></g><g class="edge" id="crash"></g></svg>';

interface Given {
  readonly code?: number;
  readonly value: unknown;
}

/** The page of `overseer web` in Chromium, whose server says what the test gives it. */
export class WebPage {
  /** What the page has asked for since it was loaded: `GET why/web`, `POST act {…}`. */
  asked: string[] = [];
  readonly #html: string;
  readonly #server: Server;
  readonly #page: Page;
  readonly #streams = new Map<string, Set<ServerResponse>>();
  /** What a stream begins with, by its path. */
  readonly #first = new Map<string, unknown>();
  readonly #answers = new Map<string, Given | Promise<Given>>();
  #readOnly = false;
  #loads = 0;

  private constructor(html: string, server: Server, page: Page) {
    this.#html = html;
    this.#server = server;
    this.#page = page;
    server.on('request', (request, response) => this.#serve(request, response));
  }

  static async open(): Promise<WebPage> {
    const { web } = await bundlePages();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const page = await Page.open(chromium ?? '', 'about:blank');
    await page.runFirst(`window.now = ${NOW}; Date.now = () => window.now;`);
    return new WebPage(web, server, page);
  }

  async close(): Promise<void> {
    await this.#page.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Loads the page anew; it shows these jobs, or none yet. */
  async load(jobs: readonly WebJob[] | null, { readOnly = false } = {}): Promise<void> {
    this.#loads += 1;
    this.#readOnly = readOnly;
    this.#first.clear();
    this.#answers.clear();
    this.asked = [];
    this.#streams.clear();
    // A browser opens six connections to a host at most, and the streams of an earlier page are some of them.
    this.#server.closeAllConnections();
    if (jobs !== null) this.first('jobs', { kind: 'all', version: '0.1.0', jobs } satisfies JobsMessage);
    await this.#page.goto(this.#address());
    const count = jobs === null ? 'connecting' : jobs.length === 1 ? '1 job' : `${jobs.length} jobs`;
    await this.holds(
      `location.pathname === '/${this.#loads}/' && document.querySelector('nav .line')?.innerText.startsWith('${count}')`,
    );
  }

  /** A stream of this path begins with this message. */
  first(path: string, message: unknown): void {
    this.#first.set(path, message);
  }

  /** Sends a message on a stream that the page has open. */
  async send(path: string, message: unknown): Promise<void> {
    await this.isAsked(`GET ${path}`);
    for (const stream of this.#streams.get(path) ?? []) stream.write(frame(message));
  }

  changed(jobs: readonly WebJob[], removed: readonly string[] = []): Promise<void> {
    return this.send('jobs', { kind: 'changed', jobs, removed } satisfies JobsMessage);
  }

  /** Ends a stream, as a server does that leaves; the page opens it again. */
  async end(path: string): Promise<void> {
    await this.isAsked(`GET ${path}`);
    for (const stream of this.#streams.get(path) ?? []) stream.end();
  }

  isOpen(path: string): boolean {
    return (this.#streams.get(path)?.size ?? 0) > 0;
  }

  /** Answers a request of this path so, at once or when the promise comes to something. */
  answers(path: string, answer: Given | Promise<Given>): void {
    this.#answers.set(path, answer);
  }

  /** Waits until the page has asked for this. */
  isAsked(request: string): Promise<void> {
    return this.waits(() => Promise.resolve(this.asked.includes(request)), request);
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.#page.evaluate<T>(expression);
  }

  /** Waits until an expression is true in the page. */
  holds(expression: string): Promise<void> {
    return this.waits(() => this.evaluate<boolean>(`Boolean(${expression})`), expression);
  }

  /** Waits until an expression comes to this, and fails with what it comes to. */
  async comesTo(expression: string, value: unknown): Promise<void> {
    const wanted = JSON.stringify(value);
    const isSo = async () => JSON.stringify(await this.evaluate(expression)) === wanted;
    await this.waits(isSo, expression).catch(() => undefined);
    expect(await this.evaluate(expression)).toEqual(value);
  }

  /** The texts of all elements of a selector. */
  texts(selector: string): Promise<readonly string[]> {
    return this.evaluate(textsOf(selector));
  }

  /** Waits until the elements of a selector have these texts. */
  shows(selector: string, ...texts: readonly string[]): Promise<void> {
    return this.comesTo(textsOf(selector), texts);
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.press(key);
  }

  resize(width: number, height: number): Promise<void> {
    return this.#page.resize(width, height);
  }

  /** Clicks the first button that begins with these words, or bears them as its label. */
  async click(words: string): Promise<void> {
    const text = JSON.stringify(words);
    await this.holds(`(() => { const found = [...document.querySelectorAll('button')].find((each) =>
      each.innerText.trim().startsWith(${text}) || each.getAttribute('aria-label') === ${text});
      found?.click(); return found; })()`);
  }

  /** Types into a field with this label, in place of what stood there. */
  async type(label: string, text: string): Promise<void> {
    await this.evaluate(`(() => { const field = document.querySelector('[aria-label="${label}"]');
      field.focus(); field.value = ${JSON.stringify(text)};
      field.dispatchEvent(new Event('input', { bubbles: true })); })()`);
  }

  async waits(holds: () => Promise<boolean>, what: string): Promise<void> {
    const limit = performance.now() + PATIENCE_MS;
    while (!(await holds().catch(() => false))) {
      if (performance.now() > limit) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  #address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${this.#loads}/`;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const [, load, ...rest] = (request.url ?? '').split('/');
    if (load !== String(this.#loads)) return void response.writeHead(404).end();
    const path = rest.join('/');
    if (path === '') return this.#writePage(response);
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      const type = request.headers['content-type'];
      request.once('end', () => this.#answer(`POST ${path} ${type} ${body}`, path, response));
    } else if (/^(jobs$|logs\/|chart\/)/.test(path)) this.#stream(path, response);
    else this.#answer(`GET ${path}`, path, response);
  }

  #writePage(response: ServerResponse): void {
    const settings = `<script type="application/json" id="settings">${JSON.stringify({ readOnly: this.#readOnly })}</script>`;
    const chart = `<template id="chart">${CHART}</template>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(this.#html.replace('<!-- settings -->', () => settings + chart));
  }

  #stream(path: string, response: ServerResponse): void {
    const open = this.#streams.get(path) ?? new Set();
    this.#streams.set(path, open.add(response));
    response.once('close', () => open.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 1\n\n');
    if (this.#first.has(path)) response.write(frame(this.#first.get(path)));
    this.asked.push(`GET ${path}`);
  }

  #answer(asked: string, path: string, response: ServerResponse): void {
    this.asked.push(asked);
    const given = this.#answers.get(path) ?? { code: 502, value: { error: 'nothing is given' } };
    void Promise.resolve(given).then(({ code = 200, value }) => {
      response.writeHead(code, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    });
  }
}

const frame = (message: unknown): string => `data: ${JSON.stringify(message)}\n\n`;

const textsOf = (selector: string): string =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText.trim())`;
