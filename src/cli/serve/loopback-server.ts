import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const SECRET_BYTES = 16;

/** Answers one request; `path` is what stands behind the secret, without the query. */
export type Answer = (request: IncomingMessage, response: ServerResponse, path: string) => void;

export interface Loopback {
  /** The address of the first page; anyone who knows it can do what the page can do. */
  readonly url: string;
  /** Takes no more connections, and ends those that nobody waits for. */
  close(): void;
}

/**
 * Serves on 127.0.0.1 to clients that know the secret in the path. Requests from pages of other sites, or
 * under another host name, are refused. Rejects with what the system says.  @param port 0 lets the
 * kernel choose.
 */
export async function serveLoopback(port: number, answer: Answer): Promise<Loopback> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  const gate = new Gate(server);
  server.on('request', (request, response) => {
    const path = gate.pathOf(request);
    if (typeof path === 'number') return refuse(response, path);
    answer(request, response, path);
  });
  return {
    url: gate.url,
    close: () => {
      server.close();
      server.closeIdleConnections();
    },
  };
}

/** An answer without words. */
export function refuse(response: ServerResponse, code: number): void {
  response.writeHead(code, { 'content-type': 'text/plain' }).end();
}

/** The secret in the address stays with the page. */
export const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Nothing is loaded, framed or sent anywhere else. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** A page whose only script is the one with the nonce. `more` are further directives of its policy. */
export function writePage(response: ServerResponse, html: (nonce: string) => string, more: string): void {
  const nonce = randomBytes(SECRET_BYTES).toString('base64');
  const policy = [...POLICY, `script-src 'nonce-${nonce}'`, more].join('; ');
  response.writeHead(200, {
    ...HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
  });
  response.end(html(nonce));
}

/** Undoes the percent-encoding of one part of a path; null if the encoding is broken. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Answers with what the promise resolves to, as JSON; if it rejects, with status 502 and the message. */
export function answerJson(response: ServerResponse, answer: Promise<unknown>): void {
  const write = (code: number, value: unknown): void => {
    response.writeHead(code, { ...HEADERS, 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  answer.then(
    (value) => write(200, value),
    (error: unknown) => write(502, { error: (error as Error).message }),
  );
}

/** Begins a stream of server-sent events. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write('retry: 1000\n\n');
}

/** One message of such a stream. */
export const namedFrame = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

class Gate {
  readonly url: string;
  readonly #hosts: readonly string[];
  readonly #root: string;

  constructor(server: Server) {
    const { port } = server.address() as AddressInfo;
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this.#root = `/${randomBytes(SECRET_BYTES).toString('hex')}/`;
    this.url = `http://127.0.0.1:${port}${this.#root}`;
  }

  /** The path behind the secret, or the code of a refusal. */
  pathOf({ url = '', headers }: IncomingMessage): string | number {
    const { host = '', origin } = headers;
    if (!this.#hosts.includes(host)) return 403;
    if (origin !== undefined && !this.#hosts.some((known) => origin === `http://${known}`)) return 403;
    const [path = ''] = url.split('?');
    if (!isEqualSecret(path.slice(0, this.#root.length), this.#root)) return 404;
    return path.slice(this.#root.length);
  }
}

function isEqualSecret(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)];
  return one.length === other.length && timingSafeEqual(one, other);
}
