import type { ClientContext } from '../../../machines/client.ts';
import type { Client, Daemon, World } from './world.ts';
import { MISSING, daemonOf, endOf, resultOf } from './world.ts';

/** What is wrong with a world; null when every rule holds. */
export function problemOf(world: World): string | null {
  return (
    daemonProblem(world) ??
    world.clients.map((client) => clientProblem(world, client)).find((problem) => problem !== null) ??
    null
  );
}

function daemonProblem(world: World): string | null {
  if (world.daemons.filter(isOwner).length > 1) return 'two daemons own the data folder at once';
  if (world.jobs > 1) return 'each job runs twice';
  const failed = world.daemons.find((daemon) => isOwner(daemon) && !endOf(daemon).ok);
  if (failed !== undefined && !world.isHit) return 'a daemon exits with an error although it works';
  return null;
}

function clientProblem(world: World, client: Client): string | null {
  const { asked, fate, reply, isPrinted, isHeeded, isHit, wire } = client;
  if (reply === 'answer' && !isHeeded) return 'a client has an answer to what was never done';
  if (asked === 'DIE' && wire?.reply === 'answer' && (daemonOf(world, wire.to)?.isListening ?? false))
    return 'a daemon says that it has ended, and goes on';
  if (
    asked === 'DIE' &&
    wire?.reply === 'answer' &&
    daemonOf(world, wire.to) !== undefined &&
    world.jobs > 0 &&
    !isOwnedByOther(world, wire.to)
  )
    return 'a daemon says that it has ended its jobs, and they live';
  if (asked !== 'apply' && client.launched !== null) return 'a command that only asks starts a daemon';
  if (fate !== 'ended') return null;
  const result = resultOf(client);
  if (result.ok && reply === null) return 'a client ends well without an answer';
  if (result.ok && !isPrinted) return 'a client ends well and keeps its answer to itself';
  if (!result.ok && reply !== null) return 'a client ends badly although it was answered';
  if (!result.ok && !isHit && !world.isHit && !mayFail(world, client, result.error))
    return 'a command fails although nothing is wrong with client or daemon';
  return null;
}

/**
 * Without a fault only two things end a client badly: nobody is there to be asked, or the daemon was told to
 * die meanwhile.
 */
function mayFail(
  world: World,
  client: Client,
  error: (ClientContext['result'] & { readonly ok: false })['error'],
): boolean {
  if (error === 'NoDaemonError') return true;
  return world.clients.some((other) => other !== client && other.asked === 'DIE');
}

/** It has what an earlier daemon kept, and is responsible for it until its process ends. */
function isOwner(daemon: Daemon): boolean {
  const end = endOf(daemon);
  const hasBegun = daemon.place.value !== 'InitHomes' && (end.ok || end.error !== 'InitHomesError');
  return hasBegun && daemon.place.value !== 'Done';
}

function isOwnedByOther(world: World, number: number): boolean {
  return world.daemons.some((daemon) => daemon.number !== number && isOwner(daemon));
}

/** What is wrong with a world in which nothing happens any more; null when it may rest like that. */
export function restProblem(world: World): string | null {
  const waiting = world.clients.find(({ fate }) => fate === 'alive');
  if (waiting !== undefined) return `${waiting.name} waits in ${waiting.place.value} for ever`;
  const [daemon, ...others] = world.daemons;
  if (others.length > 0) return 'two daemons are left';
  if (daemon === undefined) return restWithoutDaemon(world);
  if (daemon.place.value !== 'ReceiveRequest') return `a daemon is left in ${daemon.place.value}`;
  if (world.file !== daemon.number)
    return world.file === MISSING
      ? 'a daemon is left that no client can find'
      : 'the socket file leads elsewhere';
  return null;
}

/**
 * A trigger that was acknowledged leaves a daemon behind, unless it was told to die or something was done to
 * it.
 */
function restWithoutDaemon({ clients, isHit }: World): string | null {
  const isApplied = clients.some(({ asked, reply }) => asked === 'apply' && reply === 'answer');
  const isToldToDie = clients.some(({ asked }) => asked === 'DIE');
  return isApplied && !isToldToDie && !isHit ? 'no daemon is left to keep the jobs up' : null;
}
