import type { Request } from '../../src/wire/messages.ts';
import { Connection, type Answer } from './connection.ts';
import { Incarnation } from './incarnation.ts';
import { inWords } from './promises.ts';
import type { World } from './world.ts';

/** How often and how long a client looks for the daemon that it launched. */
const LOOK_MS = 60;
const LOOKS = 40;

/** Only these start a daemon where none runs. */
const LAUNCHES: ReadonlySet<Request['name']> = new Set(['apply', 'start', 'restart']);

/** A daemon process is started; it takes its time to come up. */
export function launchDaemon(world: World): void {
  const daemon = new Incarnation(world);
  world.timeline.after(world.random('launch', daemon.number).int(5, 150), () => daemon.begin());
}

/** One run of a client: connects, launches a daemon if needed, asks, and gets an answer; null for none. */
export function ask(
  world: World,
  request: Request,
  options: {
    readonly vanishesMs?: number | null;
    /** Looked at when it has a connection. */
    readonly isStillMeant?: () => boolean;
    readonly onEnd?: (answer: Answer | null) => void;
  } = {},
): void {
  const { vanishesMs = null, isStillMeant = () => true, onEnd = () => undefined } = options;
  const nth = world.nth('client');
  const random = world.random('client', nth);
  let launched: Incarnation | null = null;
  const look = (left: number): void => {
    const daemon = world.daemons.find(({ isListening }) => isListening);
    if (daemon !== undefined) return talk(daemon);
    if (left === 0 || !LAUNCHES.has(request.name)) return onEnd(null);
    if (launched === null || !launched.isAlive) {
      launchDaemon(world);
      launched = world.daemons.at(-1) ?? null;
    }
    world.timeline.after(LOOK_MS, () => look(left - 1));
  };
  const talk = (daemon: Incarnation): void => {
    const connection = new Connection(world, daemon, onEnd);
    world.timeline.after(random.int(0, 4), () => {
      if (connection.gone) return;
      if (!daemon.isListening) return look(3);
      if (!isStillMeant()) return connection.end();
      world.story.tell(() => `client ${nth} asks daemon ${daemon.number}: ${inWords(request)}`);
      connection.send(request);
    });
    if (vanishesMs !== null) world.timeline.after(vanishesMs, () => connection.end());
  };
  look(LOOKS);
}
