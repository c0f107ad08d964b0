import { assign } from 'xstate';
import type { ClientEffect, ClientEvent } from '../../../machines/client.ts';
import { clientMachine } from '../../../machines/client.ts';
import type { DaemonEffect, DaemonEvent } from '../../../machines/daemon.ts';
import { daemonMachine } from '../../../machines/daemon.ts';
import type { Move } from './numbered-chart.ts';
import { NumberedChart } from './numbered-chart.ts';
import type { Asked, Client, Daemon, World } from './world.ts';
import { departed, withClient, withDaemon } from './world.ts';

/**
 * A place where the specification's text is taken as it stands, without the refinement that fills its gap.
 */
export type Gap =
  | 'a reset ends the daemon'
  | 'a departed client ends the daemon'
  | 'DIE has no answer'
  | 'launches have no bound'
  | 'no lock'
  | 'any socket file is deleted'
  | 'requests wait for each other'
  | 'every command launches'
  | 'the jobs of an earlier daemon are not adopted';

/** The client chart that does not count. */
const unbounded = clientMachine.provide({
  guards: { mayRetry: ({ context }) => context.mayLaunch },
  actions: { countLaunch: assign({ launches: 0 }) },
});

/**
 * The two charts, as a composition moves them; with a gap, one refinement is taken out of them or of the
 * world.
 */
export class Composed {
  readonly gap: Gap | null;
  readonly client: NumberedChart<typeof clientMachine>;
  readonly daemon: NumberedChart<typeof daemonMachine>;

  constructor(gap: Gap | null, charts = { client: clientMachine, daemon: daemonMachine }) {
    this.gap = gap;
    this.daemon = new NumberedChart(charts.daemon);
    this.client = new NumberedChart(gap === 'launches have no bound' ? unbounded : charts.client);
  }

  /**
   * There is only the socket file: a client deletes it without checking it again, and the daemon does not
   * write it again.
   */
  get isBare(): boolean {
    return (
      this.gap === 'no lock' ||
      this.gap === 'any socket file is deleted' ||
      this.gap === 'launches have no bound'
    );
  }

  begunClient(name: Client['name'], asked: Asked): Client {
    const { place, effects } = this.client.begin({
      mayLaunch: asked === 'apply' || this.gap === 'every command launches',
    });
    return {
      name,
      asked,
      place,
      doing: onlyEffect(effects) as ClientEffect,
      fate: 'alive',
      read: null,
      deadEnd: null,
      launched: null,
      wire: null,
      reply: null,
      isPrinted: false,
      isHeeded: false,
      isHit: false,
    };
  }

  begunDaemon(number: number, launcher: Daemon['launcher']): Daemon {
    const { place, effects } = this.daemon.begin(undefined);
    return {
      number,
      place,
      doing: onlyEffect(effects) as DaemonEffect,
      isHalfDone: false,
      launcher,
      isListening: false,
      hasFailed: false,
      isBusy: false,
      knowsJobs: false,
      queue: [],
    };
  }

  /** The world in which a client's chart has taken an event. */
  tell(world: World, index: number, type: ClientEvent['type']): World {
    const client = world.clients[index] as Client;
    const event: ClientEvent = type === 'Failure' ? { type, detail: '' } : { type };
    const move = this.client.step(client.place, event, type);
    const doing = newEffect(move, client.doing, ['showProgress']);
    const moved = { ...client, place: move.place, doing, read: null };
    return withClient(
      world,
      index,
      doing === 'end' ? { ...moved, ...departed(moved), fate: 'ended' } : moved,
    );
  }

  /** The world in which a daemon's chart has taken an event. */
  tellDaemon(world: World, daemon: Daemon, type: DaemonEvent['type'], request?: Asked): World {
    const event = eventOf(type, request);
    const move = this.daemon.step(daemon.place, event, `${type} ${request ?? ''}`);
    return withDaemon(world, daemon.number, {
      place: move.place,
      doing: newEffect(move, daemon.doing, []),
      isHalfDone: false,
    });
  }
}

function eventOf(type: DaemonEvent['type'], request: Asked | undefined): DaemonEvent {
  if (type === 'Failure') return { type, detail: '' };
  return type === 'Success' && request !== undefined
    ? { type, request: { id: 1, name: request } }
    : ({ type } as DaemonEvent);
}

/**
 * The effect that a chart performs after a step: a new one, or still the one before. Effects in `aside` end
 * at once and are passed over.
 */
function newEffect<E extends string>({ effects }: Move, before: E, aside: readonly E[]): E {
  const asked = effects.filter((effect) => !aside.includes(effect as E));
  return asked.length === 0 ? before : (onlyEffect(asked) as E);
}

function onlyEffect(effects: readonly string[]): string {
  const [effect, ...others] = effects;
  if (effect === undefined || others.length > 0)
    throw new Error(`one effect at a time, not ${effects.join(', ') || 'none'}`);
  return effect;
}
