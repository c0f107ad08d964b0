import type { DaemonEvent } from '../../../machines/daemon.ts';
import { messageOf } from '../../host/net.ts';
import type { Died, Progress, Reply, Report, Request } from '../../wire/messages.ts';
import { SHUTTING_DOWN } from '../../wire/shutting-down.ts';
import type { Asker } from '../requests/context.ts';
import type { Requests } from '../requests/requests.ts';
import { RequestQueue, type Admitted } from './request-queue.ts';

export interface RequestLoopOptions {
  readonly post: (event: DaemonEvent) => void;
  /** Whether the chart is in `Exit`. */
  readonly isExiting: () => boolean;
  readonly requests: () => Requests;
  /** Called with each request and the client, or the part of the daemon, that made it. */
  readonly onAdmitted: (request: Request, by: Asker['client'] | string) => void;
  readonly onBug: (error: unknown) => void;
}

/**
 * Receives a request, has it processed, and sends its response: one turn of the daemon chart's loop after the
 * other.
 */
export class RequestLoop {
  readonly #options: RequestLoopOptions;
  readonly #queue = new RequestQueue();
  #answer: Promise<Reply> | null = null;
  #socketFailure: string | null = null;
  /** The chart is in `ReceiveRequest` and no request has arrived. */
  #isWaiting = false;
  /** Losses in the persisted state that no report has shown yet. */
  #damage: readonly string[] = [];

  constructor(options: RequestLoopOptions) {
    this.#options = options;
  }

  /** `own` is what within the daemon asks. */
  admit(request: Request, peer: Asker, own: string | null = null): void {
    if (this.#options.isExiting() && request.name !== 'DIE') return peer.reply(SHUTTING_DOWN);
    this.#options.onAdmitted(request, own ?? peer.client);
    this.#queue.add({ request, peer, isOwn: own !== null });
    if (this.#isWaiting) this.receive();
  }

  /** The first report to a client's trigger will say which part of the persisted state was lost. */
  reportDamage(damage: readonly string[]): void {
    this.#damage = damage;
  }

  /** Ends the loop with a failure as soon as the chart receives its next request. */
  failSocket(detail: string): void {
    this.#socketFailure = detail;
    if (this.#isWaiting) this.receive();
  }

  /** Takes the next request, or waits for one. */
  receive(): void {
    this.#isWaiting = false;
    const { post } = this.#options;
    if (this.#socketFailure !== null) return post({ type: 'Failure', detail: this.#socketFailure });
    const next = this.#queue.next();
    this.#isWaiting = next === null;
    if (next === null) return;
    post({ type: 'Success', request: { id: next.id, name: next.request.name } });
  }

  /** Returns at once: the rest of a long request goes on while the next request is received. */
  process(): void {
    const { request, peer } = this.#queue.current as Admitted;
    if (request.name === 'DIE') return this.#options.post({ type: 'DIE' });
    this.#answer = this.#options.requests().handle(request, peer);
    this.#options.post({ type: 'Other' });
  }

  send(): void {
    const { request, peer, isOwn } = this.#queue.current as Admitted;
    const answer = this.#answer;
    // The answer of a status is as large as all jobs together.
    this.#answer = null;
    answer?.then(
      (reply) => peer.reply(request.name === 'apply' && !isOwn ? this.#withDamage(reply) : reply),
      (error: unknown) => {
        this.#options.onBug(error);
        peer.reply({ kind: 'refusal', refusal: { code: 'internal', message: bugMessage(error) } });
      },
    );
    this.#queue.done();
    const detail = this.#socketFailure;
    this.#options.post(detail === null ? { type: 'Success' } : { type: 'Failure', detail });
  }

  /** Whether the request that ends the daemon leaves the jobs running. */
  get keepsJobs(): boolean {
    const request = this.#queue.current?.request;
    return request?.name === 'DIE' && request.keepJobs;
  }

  /** Tells every client that asked the daemon to end how far it is. */
  reportEnding(progress: Progress): void {
    this.#queue.replyToAll(({ name }) => (name === 'DIE' ? { kind: 'progress', progress } : null));
  }

  /**
   * Answers the clients that asked for exactly this end. Every other request is refused and may be sent
   * again.
   */
  answerDie(answer: Died, ok: boolean): void {
    this.#queue.replyToAll((request) => {
      const isDone = ok && request.name === 'DIE' && request.keepJobs === this.keepsJobs;
      return isDone ? { kind: 'answer', answer } : SHUTTING_DOWN;
    });
  }

  #withDamage(reply: Reply): Reply {
    if (reply.kind !== 'answer' || this.#damage.length === 0) return reply;
    const notes = this.#damage;
    this.#damage = [];
    return { ...reply, answer: { ...(reply.answer as Report), notes } };
  }
}

const bugMessage = (error: unknown): string =>
  `a bug of overseer's: ${messageOf(error)}; overseerd.log in the data folder says where, please report it`;
