import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Inspection } from '../../wire/messages.ts';
import type { JobSnapshot } from '../../../machines/job.ts';
import { jobState } from '../../plan/job-state.ts';
import { type InspectedCharts, sessionIdOf, type StatelyMessage } from './stately.ts';

/** Viewers at once; one more is sent away. */
const MOST_VIEWERS = 16;
/** What a viewer may leave unread before it is cut off; it comes again by itself. */
const UNREAD_BYTES = 16 * 1024 * 1024;
const SECRET_BYTES = 16;

/** A page, and what its own policy lets it load. */
export interface Page {
  readonly html: (nonce: string) => string;
  /** Directives of a Content-Security-Policy beside those that every page has. */
  readonly policy: string;
}

export interface InspectorOptions {
  /** 0 lets the kernel choose. */
  readonly port: number;
  readonly charts: InspectedCharts;
  /** By their path behind the secret; the empty one is the first page. */
  readonly pages: Readonly<Record<string, Page>>;
}

export interface InspectorServer {
  /** The address of the first page; whoever knows it sees everything. */
  readonly url: string;
  /** Tells every viewer of a step. */
  take(inspection: Inspection): void;
  /** Tells every viewer that there is nothing more to come and why, and closes. */
  end(why: string): void;
}

/**
 * Serves the charts on 127.0.0.1, to whoever knows the secret in the path. Rejects with what the system says.
 */
export async function serveInspector(options: InspectorOptions): Promise<InspectorServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port }, resolve);
  });
  return new LoopbackInspector(server, options);
}

class LoopbackInspector implements InspectorServer {
  readonly url: string;
  readonly #server: Server;
  readonly #options: InspectorOptions;
  readonly #viewers = new Set<ServerResponse>();
  readonly #hosts: readonly string[];
  readonly #root: string;

  constructor(server: Server, options: InspectorOptions) {
    const { port } = server.address() as AddressInfo;
    this.#server = server;
    this.#options = options;
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this.#root = `/${randomBytes(SECRET_BYTES).toString('hex')}/`;
    this.url = `http://127.0.0.1:${port}${this.#root}`;
    server.on('request', (request, response) => this.#answer(request, response));
  }

  take(inspection: Inspection): void {
    const text = [...this.#options.charts.take(inspection).map(frameOf), stateFrame(inspection)].join('');
    for (const viewer of this.#viewers) {
      if (viewer.writableLength > UNREAD_BYTES) viewer.destroy();
      else viewer.write(text);
    }
  }

  end(why: string): void {
    for (const viewer of this.#viewers) viewer.end(namedFrame('ended', { why }));
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const page = this.#pageFor(request);
    if (typeof page === 'number')
      return void response.writeHead(page, { 'content-type': 'text/plain' }).end();
    if (page === 'events') return this.#follow(response);
    const nonce = randomBytes(SECRET_BYTES).toString('base64');
    const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ${page.policy}`;
    response.writeHead(200, {
      ...HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
    });
    response.end(page.html(nonce));
  }

  /**
   * The page that is asked for, or the code of a refusal. A page of another site, or by another name of this
   * machine, gets nothing.
   */
  #pageFor({ method, url = '', headers }: IncomingMessage): Page | 'events' | number {
    const { host = '', origin } = headers;
    if (!this.#hosts.includes(host)) return 403;
    if (origin !== undefined && !this.#hosts.some((known) => origin === `http://${known}`)) return 403;
    const [path = ''] = url.split('?');
    if (!isEqualSecret(path.slice(0, this.#root.length), this.#root)) return 404;
    if (method !== 'GET') return 405;
    const name = path.slice(this.#root.length);
    if (name === 'events') return this.#viewers.size < MOST_VIEWERS ? 'events' : 503;
    return Object.hasOwn(this.#options.pages, name) ? (this.#options.pages[name] as Page) : 404;
  }

  #follow(response: ServerResponse): void {
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    const { charts } = this.#options;
    response.write(
      ['retry: 1000\n\n', ...charts.present().map(frameOf), ...charts.latest().map(stateFrame)].join(''),
    );
    this.#viewers.add(response);
    response.once('close', () => this.#viewers.delete(response));
  }
}

/** The secret in the address stays with the page. */
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

const namedFrame = (name: string, data: object): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * The word that `status` has for how a job is; the daemon has none. It is no message of Stately's, so it goes
 * by another name.
 */
function stateFrame({ machine, id, snapshot }: Inspection): string {
  if (machine !== 'job') return '';
  return namedFrame('state', {
    sessionId: sessionIdOf(machine, id),
    state: jobState(snapshot as JobSnapshot),
  });
}

const frameOf = (message: StatelyMessage): string => `data: ${JSON.stringify(message)}\n\n`;

function isEqualSecret(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
