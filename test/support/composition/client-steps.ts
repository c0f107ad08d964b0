import type { ClientContext } from '../../../machines/client.ts';
import type { Composed } from './composed.ts';
import type { Client, Happening, SocketText, World } from './world.ts';
import { MISSING, daemonOf, named, withClient, withWire } from './world.ts';

/** Exit code of a daemon that found another one at work. */
const BUSY = 75;

/** The chart's own limit. */
const LAUNCHES = 5;

interface Doing {
  readonly composed: Composed;
  readonly world: World;
  readonly index: 0 | 1;
  readonly client: Client;
}

/**
 * What a client can do next, as src/client/ does it: one happening for each answer that the world may give to
 * its effect.
 */
export function clientSteps(composed: Composed, world: World, index: 0 | 1): readonly Happening[] {
  const client = world.clients[index] as Client;
  return client.fate === 'alive' ? answers({ composed, world, index, client }) : [];
}

function answers(doing: Doing): readonly Happening[] {
  const { client } = doing;
  switch (client.doing) {
    case 'initHomes':
      return [own(told(doing, 'Success', ''))];
    case 'printResponse':
      return [own(told(doing, 'Success', '', { isPrinted: true }))];
    case 'checkSocketExists':
      return [checkSocketExists(doing)];
    case 'openSocket':
      return [openSocket(doing)];
    case 'sendRequest':
      return sendRequest(doing);
    case 'readResponse':
      return readResponse(doing);
    case 'closeSocket':
      return [closeSocket(doing)];
    case 'deleteSocketFile':
      return [deleteSocketFile(doing)];
    case 'launchDaemon':
      return launchDaemon(doing);
    case 'showProgress':
    case 'end':
      return [];
    default:
      return client.doing satisfies never;
  }
}

function checkSocketExists(doing: Doing): Happening {
  const { world, client } = doing;
  if (world.file !== MISSING) return told(doing, 'Success', `${client.name} finds a socket file.`);
  return told(doing, 'Failure', `${client.name} finds no socket file.`);
}

/** Reads the socket file, then connects to the port in it. */
function openSocket(doing: Doing): Happening {
  const { world, index, client } = doing;
  if (client.read !== null) return connect(doing, client.read);
  if (typeof world.file === 'number') {
    const story = `${client.name} reads the socket file, which ${named(world.file)} wrote.`;
    return step(story, withClient(world, index, { read: world.file }));
  }
  const deadEnd = { text: world.file, isSlow: false };
  return told(doing, 'Failure', `${client.name} cannot open a socket: the file is ${world.file}.`, {
    deadEnd,
  });
}

function connect(doing: Doing, text: SocketText): Happening {
  const { world, client } = doing;
  const daemon = typeof text === 'number' ? daemonOf(world, text) : undefined;
  if (daemon?.isListening !== true || daemon.hasFailed)
    return told(
      doing,
      'Failure',
      `${client.name} cannot connect: ${named(text as number)} does not listen.`,
      {
        deadEnd: { text, isSlow: false },
      },
    );
  const wire = {
    to: daemon.number,
    request: 'none',
    reply: 'none',
    hasToldProgress: false,
    isClosed: false,
    isLeft: false,
  } as const;
  return told(doing, 'Success', `${client.name} connects to ${named(daemon.number)}.`, { wire });
}

/**
 * A connection that the daemon has closed may take a request all the same, before the client hears of the
 * end.
 */
function sendRequest(doing: Doing): readonly Happening[] {
  const { client } = doing;
  if (client.wire === null) return [told(doing, 'Failure', `${client.name} has no connection to send on.`)];
  const sent = told(doing, 'Success', `${client.name} sends ${client.asked}.`, {
    wire: client.wire.isClosed ? client.wire : { ...client.wire, request: 'sent' },
  });
  return client.wire.isClosed
    ? [sent, told(doing, 'Failure', `${client.name} cannot send: the connection is closed.`)]
    : [sent];
}

function readResponse(doing: Doing): readonly Happening[] {
  const { world, index, client } = doing;
  const { wire } = client;
  if (wire === null) return [told(doing, 'Failure', `${client.name} has no connection to read.`)];
  switch (wire.reply) {
    case 'progress':
      return [told({ ...doing, world: withWire(world, index, { reply: 'none' }) }, 'Progress', '')];
    case 'answer':
    case 'kept':
    case 'refusal':
      return [
        told(
          doing,
          'Success',
          `${client.name} reads ${wire.reply === 'refusal' ? 'that it is refused' : 'its answer'}.`,
          {
            reply: wire.reply,
          },
        ),
      ];
    case 'none':
      return wire.isClosed
        ? [told(doing, 'Failure', `${client.name} reads the end of the connection instead of an answer.`)]
        : [];
    default:
      return wire.reply satisfies never;
  }
}

function closeSocket(doing: Doing): Happening {
  const { wire } = doing.client;
  const isOver = wire === null || wire.request === 'over' || wire.request === 'none';
  const closed = told(doing, 'Success', '', {
    wire: isOver ? null : { ...wire, reply: 'none', isLeft: true },
  });
  return isOver ? own(closed) : closed;
}

/** Looks, then removes: what the file is can change between the two. */
function deleteSocketFile(doing: Doing): Happening {
  const { composed, world, index, client } = doing;
  if (client.read === null && !composed.isBare) {
    if (client.deadEnd?.isSlow === true)
      return told(doing, 'Failure', `${client.name} leaves the socket file, since somebody listens there.`);
    if (world.file === MISSING || world.file !== client.deadEnd?.text)
      return told(
        doing,
        'Failure',
        `${client.name} leaves the socket file, which is not the one that it read.`,
      );
    return step(
      `${client.name} sees that the socket file is still the one that led nowhere.`,
      withClient(world, index, { read: world.file }),
    );
  }
  if (world.file === MISSING) return told(doing, 'Failure', '');
  return told(
    { ...doing, world: { ...world, file: MISSING } },
    'Success',
    `${client.name} deletes the socket file${typeof world.file === 'number' ? ` of ${named(world.file)}` : ''}.`,
  );
}

function launchDaemon(doing: Doing): readonly Happening[] {
  const { composed, world, index, client } = doing;
  if (client.read === null) {
    if (hasNewFile(doing)) return [told(doing, 'Success', `${client.name} sees a new socket file.`)];
    const number = world.launches + 1;
    const launched = {
      ...world,
      launches: number,
      daemons: [...world.daemons, composed.begunDaemon(number, index)],
    };
    const story = `${client.name} launches ${named(number)}.`;
    return [step(story, withClient(launched, index, { launched: { daemon: number }, read: MISSING }))];
  }
  return judged(doing);
}

/** What it makes of the daemon that it launched; it waits as long as there is nothing to make of it. */
function judged(doing: Doing): readonly Happening[] {
  const { client } = doing;
  const { launched } = client;
  if (hasNewFile(doing)) return [told(doing, 'Success', `${client.name} sees a new socket file.`)];
  if (launched === null || 'daemon' in launched) return [];
  if (launched.code !== BUSY)
    return [
      told(doing, 'Failure', `${client.name} hears that its daemon has ended with code ${launched.code}.`),
    ];
  const again = told(
    doing,
    'Success',
    `${client.name} hears that another daemon holds the lock, and tries again.`,
  );
  if (client.deadEnd?.isSlow === true) return [again];
  return mayLosePatience(doing) ? [{ ...again, kind: 'time' }] : [];
}

/** Five waits of a client are longer than a daemon needs to see that its socket file is gone. */
function mayLosePatience({ composed, world, client }: Doing): boolean {
  const holder = world.lock === null ? undefined : daemonOf(world, world.lock);
  return (
    composed.isBare ||
    holder?.isListening !== true ||
    (client.place.context as ClientContext).launches < LAUNCHES
  );
}

function hasNewFile({ world, client }: Doing): boolean {
  return typeof world.file === 'number' && world.file !== client.deadEnd?.text;
}

function told(
  { composed, world, index }: Doing,
  type: 'Success' | 'Failure' | 'Progress',
  story: string,
  change: Partial<Client> = {},
): Happening {
  return step(story, composed.tell(withClient(world, index, change), index, type));
}

function own(happening: Happening): Happening {
  return { ...happening, kind: 'own' };
}

function step(story: string, world: World): Happening {
  return { story, kind: 'step', world };
}
