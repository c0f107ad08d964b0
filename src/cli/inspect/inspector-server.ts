import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Inspection } from '../../wire/messages.ts';
import {
  answerJson,
  beginStream,
  decoded,
  namedFrame,
  refuse,
  serveLoopback,
  writePage,
} from '../serve/loopback-server.ts';
import type { EarlierChange, InspectedCharts, ShownStep } from './inspected-charts.ts';

/** Viewers at once; one more is sent away. */
const MOST_VIEWERS = 16;
/** A viewer that leaves more than this unread is disconnected; it reconnects by itself. */
const UNREAD_BYTES = 16 * 1024 * 1024;

/** The path of the history of a job, whose name follows. */
const HISTORY = 'history/';

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
  /** The changes of a job's state that the daemon remembers, the oldest first. */
  readonly historyOf: (job: string) => Promise<readonly EarlierChange[]>;
  /** By their path behind the secret; the first page has the empty path. */
  readonly pages: Readonly<Record<string, Page>>;
}

export interface InspectorServer {
  /** The address of the first page. Everybody who knows it can see everything. */
  readonly url: string;
  /** Sends a step to every viewer. */
  take(inspection: Inspection): void;
  /** Tells every viewer that the daemon is gone, until the next step of a chart. */
  lose(why: string): void;
  /** Tells every viewer why nothing more will come, and closes. */
  end(why: string): void;
}

/** Serves the charts on 127.0.0.1, behind a secret in the path. Rejects with the system's error. */
export async function serveInspector(options: InspectorOptions): Promise<InspectorServer> {
  const viewers = new Viewers(options);
  const server = await serveLoopback(options.port, (request, response, path) =>
    viewers.answer(request, response, path),
  );
  return {
    url: server.url,
    take: (inspection) => viewers.take(inspection),
    lose: (why) => viewers.lose(why),
    end: (why) => {
      viewers.end(why);
      server.close();
    },
  };
}

class Viewers {
  readonly #options: InspectorOptions;
  readonly #viewers = new Set<ServerResponse>();
  /** Why there is no daemon; null while there is one. */
  #lost: string | null = null;

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  take(inspection: Inspection): void {
    if (this.#lost !== null) this.#send(namedFrame('found', {}));
    this.#lost = null;
    this.#send(frameOf(this.#options.charts.take(inspection)));
  }

  lose(why: string): void {
    if (this.#lost !== null) return;
    this.#lost = why;
    this.#options.charts.clear();
    this.#send(namedFrame('lost', { why }));
  }

  end(why: string): void {
    for (const viewer of this.#viewers) viewer.end(namedFrame('ended', { why }));
  }

  answer({ method }: IncomingMessage, response: ServerResponse, path: string): void {
    if (method !== 'GET') return refuse(response, 405);
    if (path === 'events')
      return this.#viewers.size < MOST_VIEWERS ? this.#follow(response) : refuse(response, 503);
    if (path.startsWith(HISTORY)) return this.#tellHistory(response, decoded(path.slice(HISTORY.length)));
    if (!Object.hasOwn(this.#options.pages, path)) return refuse(response, 404);
    const { html, policy } = this.#options.pages[path] as Page;
    writePage(response, html, policy);
  }

  #follow(response: ServerResponse): void {
    beginStream(response);
    response.write(this.#options.charts.present().map(frameOf).join(''));
    if (this.#lost !== null) response.write(namedFrame('lost', { why: this.#lost }));
    this.#viewers.add(response);
    response.once('close', () => this.#viewers.delete(response));
  }

  /** Of a job that is inspected. */
  #tellHistory(response: ServerResponse, job: string | null): void {
    const { charts, historyOf } = this.#options;
    if (job === null || !charts.has(`job:${job}`)) return refuse(response, 404);
    answerJson(response, historyOf(job));
  }

  #send(text: string): void {
    for (const viewer of this.#viewers) {
      if (viewer.writableLength > UNREAD_BYTES) viewer.destroy();
      else viewer.write(text);
    }
  }
}

const frameOf = (step: ShownStep): string => `data: ${JSON.stringify(step)}\n\n`;
