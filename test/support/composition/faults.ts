import type { Composed } from './composed.ts';
import type { Client, Daemon, Happening, World } from './world.ts';
import { MISSING, daemonOf, departed, named, withClient, withDaemon, withoutDaemon } from './world.ts';

interface Fault {
  readonly story: string;
  readonly world: World;
}

/** Whoever takes a step of its own; null when anybody may move. */
export type Mover = { readonly client: number } | { readonly daemon: number } | null;

/**
 * Everything that can go wrong next, as long as there are faults left; before a step of somebody's own only
 * what concerns the mover, since the rest comes to the same after it.
 */
export function faults(composed: Composed, world: World, mover: Mover): readonly Happening[] {
  if (world.faultsLeft === 0) return [];
  const isClientDue = (index: number): boolean =>
    mover === null || ('client' in mover && mover.client === index);
  const isDaemonDue = (number: number): boolean =>
    mover === null || ('daemon' in mover && mover.daemon === number);
  const all = [
    ...world.clients.flatMap((client, index) =>
      client.fate === 'alive' && isClientDue(index) ? clientFaults(composed, world, index) : [],
    ),
    ...world.daemons.flatMap((daemon) =>
      isDaemonDue(daemon.number) ? daemonFaults(composed, world, daemon) : [],
    ),
    ...(typeof world.file === 'number' && mover === null
      ? [hitting('Somebody deletes the socket file.', { ...world, file: MISSING })]
      : []),
  ];
  return all.map((fault) => ({
    story: fault.story,
    kind: 'fault',
    world: { ...fault.world, faultsLeft: world.faultsLeft - 1 },
  }));
}

function clientFaults(composed: Composed, before: World, index: number): readonly Fault[] {
  const world = withClient(before, index, { isHit: true });
  const client = world.clients[index] as Client;
  const gone = { ...departed(client), fate: 'vanished' } as const;
  const vanishes = {
    story: `${client.name} is killed.`,
    world: heard(composed, withClient(world, index, gone), client),
  };
  return [vanishes, ...brokenConnection(composed, world, index), ...refusals(composed, world, index)];
}

function brokenConnection(composed: Composed, world: World, index: number): readonly Fault[] {
  const client = world.clients[index] as Client;
  const { wire } = client;
  if (wire === null || wire.isClosed) return [];
  const isUnread = wire.request === 'none' || wire.request === 'sent';
  const broken = {
    ...wire,
    request: isUnread ? 'over' : wire.request,
    reply: 'none',
    isClosed: true,
    isLeft: true,
  } as const;
  return [
    {
      story: `The connection of ${client.name} is reset.`,
      world: heard(composed, withClient(world, index, { wire: broken }), client),
    },
  ];
}

/** What the world refuses a client for once. */
function refusals(composed: Composed, world: World, index: number): readonly Fault[] {
  const { name, doing, read, launched } = world.clients[index] as Client;
  const told = (
    story: string,
    type: 'Success' | 'Failure',
    change: Partial<Client> = {},
  ): readonly Fault[] => [{ story, world: composed.tell(withClient(world, index, change), index, type) }];
  switch (doing) {
    case 'initHomes':
      return told(`${name} cannot use its data folder.`, 'Failure');
    case 'openSocket':
      if (typeof read !== 'number' || daemonOf(world, read)?.isListening !== true) return [];
      return told(`${named(read)} is too slow to answer ${name}.`, 'Failure', {
        deadEnd: { text: read, isSlow: true },
      });
    case 'deleteSocketFile':
      return read === null ? [] : told(`${name} is not allowed to delete the socket file.`, 'Failure');
    case 'launchDaemon':
      if (read === null) return told(`${name} cannot start a process.`, 'Failure');
      if (launched !== null && 'code' in launched && launched.code !== 75) return [];
      return [
        ...told(`${name} has waited too long for its daemon.`, 'Failure'),
        ...(launched !== null && 'code' in launched
          ? told(`${name} loses its patience early.`, 'Success')
          : []),
      ];
    case 'printResponse':
      return told(`Nobody reads any more what ${name} prints.`, 'Failure', { isPrinted: true });
    case 'checkSocketExists':
    case 'sendRequest':
    case 'readResponse':
    case 'closeSocket':
    case 'showProgress':
    case 'end':
      return [];
    default:
      return doing satisfies never;
  }
}

function daemonFaults(composed: Composed, world: World, daemon: Daemon): readonly Fault[] {
  const name = named(daemon.number);
  const killed = hitting(`SIGKILL ends ${name}.`, withoutDaemon(world, daemon.number, -1));
  const failing = daemon.isListening && !daemon.hasFailed && daemon.place.value !== 'Exit';
  const socket = hitting(
    `The listening socket of ${name} fails.`,
    withDaemon(world, daemon.number, { hasFailed: true }),
  );
  return [killed, ...(failing ? [socket] : []), ...refused(composed, world, daemon)];
}

function refused(composed: Composed, world: World, daemon: Daemon): readonly Fault[] {
  const name = named(daemon.number);
  const failure = (story: string): readonly Fault[] => [
    hitting(story, composed.tellDaemon(world, daemon, 'Failure')),
  ];
  switch (daemon.doing) {
    case 'initHomes':
      return failure(`The data folder fails ${name}.`);
    case 'openSocket':
      return failure(`The system gives ${name} no socket.`);
    case 'shutDown':
      return daemon.isHalfDone ? failure(`The socket file of ${name} cannot be removed.`) : [];
    case 'receiveRequest':
    case 'processRequest':
    case 'sendResponse':
    case 'end':
      return [];
    default:
      return daemon.doing satisfies never;
  }
}

/**
 * In the specification's loop the daemon reads from the client itself, and hears of its going as a failure to
 * read.
 */
function heard(composed: Composed, world: World, { wire }: Client): World {
  const daemon = wire === null ? undefined : daemonOf(world, wire.to);
  const isReading =
    daemon?.doing === 'receiveRequest' && (wire?.request === 'none' || wire?.request === 'sent');
  if (composed.gap !== 'a reset ends the daemon' || daemon === undefined || !isReading) return world;
  return withDaemon(world, daemon.number, { hasFailed: true });
}

function hitting(story: string, world: World): Fault {
  return { story: story.replace(/^d/, 'D'), world: { ...world, isHit: true } };
}
