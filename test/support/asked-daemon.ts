import type { Homes } from '../../src/homes.ts';
import type { ClientPorts } from '../../src/client/ports.ts';
import type { Target } from '../../src/library/request.ts';
import type { Reply, Request } from '../../src/wire/messages.ts';
import { WireError } from '../../src/wire/wire-error.ts';
import { fakePorts, fakeWorld, HOMES, launchOf, socketText } from './fake-client.ts';

/** A promise answers when the test wants it. */
type Replies = readonly Reply[] | Promise<readonly Reply[]> | 'closes' | 'silent';

/** A daemon whose answers a test gives, and what it was asked. */
export class AskedDaemon {
  readonly asked: Request[] = [];
  readonly target: Target;
  readonly world = fakeWorld({ launches: [launchOf(1)] });
  /** The replies to the requests of a name; the last of several stays. */
  readonly #replies = new Map<string, Replies[]>();

  constructor(homes: Homes = HOMES, ports: Partial<ClientPorts> = {}) {
    const fake = fakePorts(this.world);
    this.world.socket = { kind: 'text', text: socketText(1) };
    this.target = {
      homes,
      mayLaunch: false,
      ports: { ...fake, connect: () => Promise.resolve(this.#connection()), ...ports },
    };
  }

  /** Where no daemon runs. */
  gone(): this {
    this.world.socket = { kind: 'missing' };
    return this;
  }

  /** Answers a request of this name so, the first time and then the next. */
  on(name: Request['name'], ...replies: readonly Replies[]): this {
    this.#replies.set(name, [...replies]);
    return this;
  }

  #connection(): Awaited<ReturnType<ClientPorts['connect']>> {
    return {
      request: (request, onReply, onClosed) => {
        this.asked.push(request);
        const known = this.#replies.get(request.name) ?? [];
        const replies = known.length > 1 ? known.shift() : known[0];
        if (replies === undefined) throw new Error(`nobody answers ${request.name}`);
        if (replies === 'silent') return;
        if (replies instanceof Promise)
          return void replies.then((each) => each.forEach((reply) => onReply(reply)));
        setImmediate(() => {
          if (replies === 'closes') onClosed(new WireError('closed', 'the daemon closed the connection'));
          else for (const reply of replies) onReply(reply);
        });
      },
      close: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    };
  }
}
