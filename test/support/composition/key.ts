import type { Client, Daemon, SocketText, Wire, World } from './world.ts';
import { resultOf } from './world.ts';

type Name = (text: SocketText | null) => string;
type Order = readonly [0 | 1, 0 | 1];

/**
 * The key by which two worlds count as the same. Numbers of daemons are only names: daemons that something
 * refers to are numbered anew, in the order in which they are referred to; the others are compared by their
 * states. Two clients with the same request are interchangeable.
 */
export function keyOf(world: World): string {
  const { file, lock, jobs, faultsLeft, isHit } = world;
  const order = orderOf(world.clients);
  const name = namer();
  const shared = `${name(file)} ${name(lock)} ${jobs} ${faultsLeft} ${isHit ? 1 : 0}`;
  const clients = order.map((index) => clientKey(world.clients[index], name)).join(';');
  const daemons = world.daemons.map((daemon) => `${name.known(daemon.number)}:${daemonKey(daemon, order)}`);
  return `${shared};${clients};${daemons.toSorted().join(',')}`;
}

function namer(): Name & { readonly known: (number: number) => string } {
  const names: number[] = [];
  const name = (text: SocketText | null): string => {
    if (typeof text !== 'number') return text === null ? '-' : text.slice(0, 1);
    const at = names.indexOf(text);
    return String(at < 0 ? names.push(text) - 1 : at);
  };
  const known = (number: number): string => (names.includes(number) ? name(number) : 'x');
  return Object.assign(name, { known });
}

function orderOf([a, b]: World['clients']): Order {
  return a.asked === b.asked && likenessOf(a) > likenessOf(b) ? [1, 0] : [0, 1];
}

function likenessOf(client: Client): string {
  return clientKey(client, (text) => (typeof text === 'number' ? '+' : '-'));
}

function clientKey(client: Client, name: Name): string {
  const { wire } = client;
  const known = `${client.reply ?? '-'}${client.isHeeded ? 1 : 0}${client.isHit ? 1 : 0} ${wire === null ? '-' : wireKey(wire, name)}`;
  if (client.fate === 'vanished') return `v ${known}`;
  // Where it ended, how it came there is past.
  if (client.fate === 'ended')
    return `${resultOf(client).ok ? 'o' : 'f'}${client.isPrinted ? 1 : 0} ${known}`;
  const { launched, deadEnd } = client;
  const launch = launched === null ? '-' : 'daemon' in launched ? name(launched.daemon) : `c${launched.code}`;
  const end = deadEnd === null ? '-' : `${name(deadEnd.text)}${deadEnd.isSlow ? 1 : 0}`;
  return `${client.place.id} ${name(client.read)} ${launch} ${end} ${known}`;
}

function wireKey(wire: Wire, name: Name): string {
  return `${name(wire.to)}${wire.request}${wire.reply}${wire.hasToldProgress ? 1 : 0}${wire.isClosed ? 1 : 0}${wire.isLeft ? 1 : 0}`;
}

function daemonKey(
  { place, isHalfDone, launcher, isListening, hasFailed, isBusy, knowsJobs, queue }: Daemon,
  order: Order,
): string {
  const flags = [isHalfDone, isListening, hasFailed, isBusy, knowsJobs].map(Number).join('');
  return `${place.id} ${flags} ${launcher === null ? '-' : order[launcher]} ${queue.map((index) => order[index]).join('')}`;
}
