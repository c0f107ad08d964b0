import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Where Chromium is; null where there is none. */
export function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return (
    folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path)) ??
    null
  );
}

const KEY_NUMBERS: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, Escape: 27, ' ': 32 };

/** How long it may take to end. */
const CLOSING_MS = 5_000;

interface Answer {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: {
    readonly requestId?: string;
    readonly request?: { readonly url: string; readonly postData?: string };
  };
}

/** What a host that is not there answers; null refuses. */
export type StandIn = (path: string, body: string) => HostAnswer | null;

interface HostAnswer {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One page in a Chromium without a window, told what to do through its pipe. */
export class Page {
  /** Every address that the page has asked for, itself included. */
  readonly requests: string[] = [];
  readonly #home = mkdtempSync(join(tmpdir(), 'overseer-chromium-'));
  readonly #child;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #session: string | null = null;
  #count = 0;
  #standIn: StandIn | null = null;
  #unread = '';

  private constructor(program: string) {
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--hide-scrollbars',
      '--remote-debugging-pipe',
      // A frame of another site is then told about like the page itself.
      '--disable-features=IsolateOrigins,site-per-process',
      '--disable-site-isolation-trials',
    ];
    this.#child = spawn(
      program,
      [...flags, `--user-data-dir=${this.#home}`, '--window-size=1400,900', 'about:blank'],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      },
    );
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text));
  }

  static async open(program: string, url: string, { dark = false } = {}): Promise<Page> {
    const page = new Page(program);
    const { targetId } = await page.#call('Target.createTarget', { url: 'about:blank' });
    page.#session = (await page.#call('Target.attachToTarget', { targetId, flatten: true }))[
      'sessionId'
    ] as string;
    await page.#call('Network.enable', {});
    await page.dark(dark);
    await page.goto(url);
    return page;
  }

  /** From now on every address of this host is answered here, and nothing is asked of the network for it. */
  async standInFor(origin: string, answer: StandIn): Promise<void> {
    this.#standIn = answer;
    await this.#call('Fetch.enable', { patterns: [{ urlPattern: `${origin}/*` }] });
  }

  /** A script that runs in every page before the page's own. */
  async runFirst(script: string): Promise<void> {
    await this.#call('Page.enable', {});
    await this.#call('Page.addScriptToEvaluateOnNewDocument', { source: script });
  }

  async goto(url: string): Promise<void> {
    await this.#call('Page.navigate', { url });
  }

  /** Whether its reader likes dark pages, and lets the system choose all colours (forced colours). */
  async dark(isDark: boolean, { forced = false } = {}): Promise<void> {
    const features = [
      { name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' },
      { name: 'forced-colors', value: forced ? 'active' : 'none' },
    ];
    await this.#call('Emulation.setEmulatedMedia', { features });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#call('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  }

  /** A key that is pressed, by its name, with the text that it types. */
  async press(key: string): Promise<void> {
    // Without the number of the key a button does not hear Enter, and Tab moves nothing.
    const windowsVirtualKeyCode = KEY_NUMBERS[key];
    const numbered = windowsVirtualKeyCode === undefined ? { key } : { key, windowsVirtualKeyCode };
    const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
    await this.#call('Input.dispatchKeyEvent', {
      type: 'keyDown',
      ...numbered,
      ...(text !== undefined && { text }),
    });
    await this.#call('Input.dispatchKeyEvent', { type: 'keyUp', ...numbered });
  }

  /** What an expression, or its promise, comes to in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#call('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined)
      throw new Error(`the page threw: ${JSON.stringify(exceptionDetails)}`);
    return (result as { readonly value: T }).value;
  }

  /** How long the page's main thread has worked. */
  async taskSeconds(): Promise<number> {
    await this.#call('Performance.enable', {});
    const { metrics } = await this.#call('Performance.getMetrics', {});
    const found = (metrics as { readonly name: string; readonly value: number }[]).find(
      ({ name }) => name === 'TaskDuration',
    );
    return found?.value ?? 0;
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from(
      (await this.#call('Page.captureScreenshot', { format: 'png' }))['data'] as string,
      'base64',
    );
  }

  /** Asks it to end, so that its own processes end before its folder is removed. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), CLOSING_MS);
    this.#session = null;
    await Promise.race([this.#call('Browser.close', {}), closed]);
    await closed;
    clearTimeout(impatience);
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  #call(method: string, params: object): Promise<Readonly<Record<string, unknown>>> {
    this.#count += 1;
    const id = this.#count;
    const session = this.#session === null ? {} : { sessionId: this.#session };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result ?? {}),
      );
    });
  }

  async #answer({ requestId, request }: NonNullable<Answer['params']> = {}): Promise<void> {
    const found = this.#standIn?.(new URL(request?.url ?? '').pathname, request?.postData ?? '') ?? null;
    if (found === null) {
      await this.#call('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' });
      return;
    }
    const headers = Object.entries({ 'content-type': 'text/html; charset=utf-8', ...found.headers });
    await this.#call('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: headers.map(([name, value]) => ({ name, value })),
      body: Buffer.from(found.body).toString('base64'),
    });
  }

  #read(text: string): void {
    const messages = (this.#unread + text).split('\0');
    this.#unread = messages.pop() ?? '';
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.method === 'Network.requestWillBeSent')
        this.requests.push(answer.params?.request?.url ?? '');
      // While it closes there is no session left in which to answer.
      if (answer.method === 'Fetch.requestPaused' && this.#session !== null) void this.#answer(answer.params);
      this.#waiting.get(answer.id ?? 0)?.(answer);
      this.#waiting.delete(answer.id ?? 0);
    }
  }
}
