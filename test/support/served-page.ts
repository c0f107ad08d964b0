import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findChromium, Page } from './browser.ts';

const chromium = findChromium();

/** A test that needs a browser. */
export const inBrowser = chromium === null ? test.skip : test;

const PATIENCE_MS = 15_000;
const LOOK_MS = 5;

interface Given {
  readonly code?: number;
  readonly value: unknown;
}

/** A server that listens, and a page in Chromium that has loaded nothing yet. */
export interface Stage {
  readonly server: Server;
  readonly page: Page;
}

/** @param first a script that runs in every page before the page's own. */
export async function setStage(first: string): Promise<Stage> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await Page.open(chromium ?? '', 'about:blank');
  await page.runFirst(first);
  return { server, page };
}

/** A page of overseer in Chromium, whose server says what the test gives it. */
export abstract class ServedPage {
  /** What the page has asked for since it was loaded: `GET why/web`, `POST act {…}`. */
  asked: string[] = [];
  readonly #server: Server;
  readonly #page: Page;
  readonly #streams = new Map<string, Set<ServerResponse>>();
  readonly #answers = new Map<string, Given | Promise<Given>>();
  #loads = 0;

  protected constructor({ server, page }: Stage) {
    this.#server = server;
    this.#page = page;
    server.on('request', (request, response) => this.#serve(request, response));
  }

  async close(): Promise<void> {
    await this.#page.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Loads the page anew, and waits until it is the one in view and this expression is true in it. */
  protected async loadUntil(isThere: string, hash = ''): Promise<void> {
    this.#loads += 1;
    this.#answers.clear();
    this.asked = [];
    this.#streams.clear();
    // A browser opens six connections to a host at most, and the streams of an earlier page are some of them.
    this.#server.closeAllConnections();
    const { port } = this.#server.address() as AddressInfo;
    await this.#page.goto(`http://127.0.0.1:${port}/${this.#loads}/${hash}`);
    await this.holds(`location.pathname === '/${this.#loads}/' && (${isThere})`);
  }

  /** Writes the page itself. */
  protected abstract writePage(response: ServerResponse): void;

  /** What a stream of this path begins with; null where the path is none of a stream. */
  protected abstract streamBegins(path: string): string | null;

  /** Sends text on a stream that the page has open. */
  protected async write(path: string, text: string): Promise<void> {
    await this.isAsked(`GET ${path}`);
    for (const stream of this.#streams.get(path) ?? []) stream.write(text);
  }

  /** Ends a stream, as a server does that leaves; the page opens it again. */
  async end(path: string): Promise<void> {
    await this.isAsked(`GET ${path}`);
    const open = this.#streams.get(path) ?? new Set();
    for (const stream of open) stream.end();
    // Nothing more may be written to them.
    open.clear();
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

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const [, load, ...rest] = (request.url ?? '').split('/');
    if (load !== String(this.#loads)) return void response.writeHead(404).end();
    const path = rest.join('/');
    if (path === '') return this.writePage(response);
    const begins = request.method === 'POST' ? null : this.streamBegins(path);
    if (begins !== null) this.#stream(path, begins, response);
    else if (request.method === 'POST') {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      const type = request.headers['content-type'];
      request.once('end', () => this.#answer(`POST ${path} ${type} ${body}`, path, response));
    } else this.#answer(`GET ${path}`, path, response);
  }

  #stream(path: string, begins: string, response: ServerResponse): void {
    const open = this.#streams.get(path) ?? new Set();
    this.#streams.set(path, open.add(response));
    response.once('close', () => open.delete(response));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: 1\n\n${begins}`);
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

/** A message of a stream of server-sent events. */
export const frameOf = (message: unknown): string => `data: ${JSON.stringify(message)}\n\n`;

const textsOf = (selector: string): string =>
  `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.innerText.trim())`;
