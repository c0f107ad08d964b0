import type { Client, Daemon, SocketText, Wire, World } from './world.ts';
import { resultOf } from './world.ts';

/**
 * What tells two worlds apart. A daemon's number is only a name: those that something still names are numbered anew in the order in
 * which they are named, and those that nothing names are told by how they are.
 */
export function keyOf(world: World): string {
  const names: number[] = [];
  const name = (text: SocketText | null): string => {
    if (typeof text !== 'number') return text === null ? '-' : text.slice(0, 1);
    const at = names.indexOf(text);
    return String(at < 0 ? names.push(text) - 1 : at);
  };
  const [a, b] = world.clients;
  const shared = `${name(world.file)} ${name(world.lock)} ${world.jobs} ${world.faultsLeft} ${world.isHit ? 1 : 0}`;
  const clients = `${clientKey(a, name)};${clientKey(b, name)}`;
  const daemons = world.daemons.map((daemon) => {
    const at = names.indexOf(daemon.number);
    return `${at < 0 ? 'x' : at}:${daemonKey(daemon)}`;
  });
  return `${shared};${clients};${daemons.toSorted().join(',')}`;
}

function clientKey(client: Client, name: (text: SocketText | null) => string): string {
  const { wire } = client;
  const known = `${client.reply ?? '-'}${client.isHeeded ? 1 : 0}${client.isHit ? 1 : 0} ${wire === null ? '-' : wireKey(wire, name)}`;
  if (client.fate === 'vanished') return `v ${known}`;
  // Where it ended, how it came there is past.
  if (client.fate === 'ended') return `${resultOf(client).ok ? 'o' : 'f'} ${known}`;
  const { launched, deadEnd } = client;
  const launch = launched === null ? '-' : 'daemon' in launched ? name(launched.daemon) : `c${launched.code}`;
  const end = deadEnd === null ? '-' : `${name(deadEnd.text)}${deadEnd.isSlow ? 1 : 0}`;
  return `${client.place.id} ${name(client.read)} ${launch} ${end} ${known}`;
}

function wireKey(wire: Wire, name: (text: SocketText | null) => string): string {
  return `${name(wire.to)}${wire.request}${wire.reply}${wire.hasToldProgress ? 1 : 0}${wire.isClosed ? 1 : 0}${wire.isLeft ? 1 : 0}`;
}

function daemonKey({ place, isHalfDone, launcher, isListening, hasFailed, isBusy, knowsJobs, queue }: Daemon): string {
  const flags = [isHalfDone, isListening, hasFailed, isBusy, knowsJobs].map(Number).join('');
  return `${place.id} ${flags} ${launcher ?? '-'} ${queue.join('')}`;
}
