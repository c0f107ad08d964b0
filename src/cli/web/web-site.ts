import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestOf, type Target } from '../../library/request.ts';
import type { DrawnArrows } from '../../plan/taken-arrows.ts';
import { exposition } from '../metrics/exposition.ts';
import {
  measuredMetrics,
  METRICS_REQUEST,
  WITHOUT_COUNTS,
  type MetricsRequest,
} from '../metrics/metrics-of-daemon.ts';
import { EventStreams } from '../serve/event-streams.ts';
import { HEADERS, answerJson, decoded, refuse, writePage } from '../serve/loopback-server.ts';
import { JobsFeed } from './jobs-feed.ts';
import type { WebAction } from './messages.ts';
import { WebRequests } from './web-requests.ts';

/** More is no request of the page. */
const BODY_BYTES = 64 * 1024;

const NOT_UP = '# HELP overseer_up Whether the daemon answers.\n# TYPE overseer_up gauge\noverseer_up 0\n';

export interface WebPage {
  readonly html: string;
  /** The arrows of the picture that the page shows of a job's chart. */
  readonly arrows: DrawnArrows;
  readonly readOnly: boolean;
}

/** Answers the requests of the page. */
export class WebSite {
  readonly #target: Target;
  readonly #readOnly: boolean;
  readonly #feed: JobsFeed;
  readonly #requests: WebRequests;
  readonly #html: string;
  readonly #streams = new EventStreams();

  constructor(target: Target, { html, arrows, readOnly }: WebPage) {
    this.#target = target;
    this.#readOnly = readOnly;
    this.#feed = new JobsFeed(target);
    this.#requests = new WebRequests(target, arrows);
    this.#html = html;
  }

  answer(request: IncomingMessage, response: ServerResponse, path: string): void {
    const [name = '', rest = ''] = path.split('/');
    const job = decoded(rest);
    if (job === null) return refuse(response, 400);
    if (request.method === 'POST') return this.#act(request, response, path);
    if (request.method !== 'GET') return refuse(response, 405);
    switch (name) {
      case '':
        return writePage(
          response,
          (nonce) => this.#html.replace('<script>', () => `<script nonce="${nonce}">`),
          'img-src data:',
        );
      case 'jobs':
        return this.#streams.open(response, (give) => {
          const leave = this.#feed.watch(give);
          return (left) => left.addEventListener('abort', leave);
        });
      case 'logs':
        return this.#streams.open(response, (give) => (left) => this.#requests.logs(job, give, left));
      case 'chart':
        return this.#streams.open(response, (give) => (left) => this.#requests.chart(job, give, left));
      case 'why':
        return answerJson(response, this.#requests.why(job));
      case 'plan':
        return answerJson(response, this.#requests.plan());
      case 'metrics':
        return void this.#metrics(response);
      default:
        return refuse(response, 404);
    }
  }

  #act(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (this.#readOnly || path !== 'act') return refuse(response, this.#readOnly ? 403 : 404);
    // A form of another site cannot send this type, and a script of one is stopped by the origin.
    if (request.headers['content-type'] !== 'application/json') return refuse(response, 415);
    readBody(request).then(
      (text) => {
        const action = actionOf(text);
        if (action === null) return refuse(response, 400);
        answerJson(response, this.#requests.act(action));
      },
      () => refuse(response, 413),
    );
  }

  async #metrics(response: ServerResponse): Promise<void> {
    // A scrape that finds no daemon still learns that.
    const text = await this.#exposition().catch(() => NOT_UP);
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(text);
  }

  async #exposition(): Promise<string> {
    const ask = (request: MetricsRequest) => requestOf<'status'>(this.#target, { request, signals: [] });
    const status = await ask(METRICS_REQUEST).catch(() => ask(WITHOUT_COUNTS));
    return exposition(await measuredMetrics(status, this.#target.homes.data));
  }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      text += part;
      if (text.length > BODY_BYTES) reject(new Error('too long'));
    });
    request.once('end', () => resolve(text));
    request.once('error', reject);
  });
}

/** Null for a text that is no action. */
function actionOf(text: string): WebAction | null {
  try {
    const { action, jobs, plan } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (action === 'apply') return typeof plan === 'string' ? { action, plan } : null;
    if (action !== 'start' && action !== 'stop' && action !== 'restart') return null;
    const areNames = Array.isArray(jobs) && jobs.length > 0 && jobs.every((job) => typeof job === 'string');
    return areNames ? { action, jobs: jobs as readonly string[] } : null;
  } catch {
    return null;
  }
}
