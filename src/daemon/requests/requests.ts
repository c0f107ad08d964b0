import type { ConfigReading } from '../../config/config.ts';
import type { Progress, Reply } from '../../wire/messages.ts';
import { apply } from './steer/apply.ts';
import { byHand } from './steer/by-hand.ts';
import type { Asker, JobRequest, Outcome, RequestContext } from './context.ts';
import { events } from './look/events.ts';
import { inspect } from './look/inspect.ts';
import { plan } from './steer/plan.ts';
import { signal } from './steer/signal.ts';
import { status } from './look/status.ts';
import { stdin } from './steer/stdin.ts';
import { wait } from './steer/wait.ts';
import { why } from './look/why.ts';

/**
 * Answers what clients ask. When `handle` returns, the changes that a request makes have begun; its answer
 * follows when they are done.
 */
export class Requests {
  readonly #context: RequestContext;
  #readings = 0;

  constructor(context: RequestContext) {
    this.#context = { ...context, readConfig: (dir) => this.#countReading(context.readConfig(dir)) };
  }

  /** Whether a large config is being read for a trigger or a plan. */
  get isReading(): boolean {
    return this.#readings > 0;
  }

  async handle(request: JobRequest, peer: Asker): Promise<Reply> {
    const outcome = await this.#outcome(request, peer);
    return 'refusal' in outcome ? { kind: 'refusal', ...outcome } : { kind: 'answer', answer: outcome };
  }

  #countReading(reading: ConfigReading | Promise<ConfigReading>): ConfigReading | Promise<ConfigReading> {
    if (!(reading instanceof Promise)) return reading;
    this.#readings += 1;
    return reading.finally(() => (this.#readings -= 1));
  }

  #outcome(request: JobRequest, peer: Asker): Outcome | Promise<Outcome> {
    const context = this.#context;
    const onProgress = (progress: Progress): void => peer.reply({ kind: 'progress', progress });
    switch (request.name) {
      case 'apply':
        return apply(context, request, onProgress);
      case 'plan':
        return plan(context, request);
      case 'status':
        return status(context, request);
      case 'why':
        return why(context, request);
      case 'start':
      case 'restart':
      case 'stop':
        return byHand(context, request, onProgress);
      case 'signal':
        return signal(context, request);
      case 'stdin':
        return stdin(context, request);
      case 'events':
        return events(context, request, peer);
      case 'wait':
        return wait(context, request, peer);
      case 'inspect':
        return inspect(context, request, peer);
      default:
        return request satisfies never;
    }
  }
}
