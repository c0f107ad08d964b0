import type { Composed } from './composed.ts';
import type { Client, Daemon, Happening, Wire, World } from './world.ts';
import { MISSING, endOf, named, withClient, withDaemon, withoutDaemon, withWire } from './world.ts';

interface Doing {
  readonly composed: Composed;
  readonly world: World;
  readonly daemon: Daemon;
}

const INDICES = [0, 1] as const;

/** What a daemon can do next, as src/daemon/ and src/wire/ do it. */
export function daemonSteps(composed: Composed, world: World, daemon: Daemon): readonly Happening[] {
  const doing = { composed, world, daemon };
  const chart = answers(doing).map((happening) =>
    isOwn(world, daemon) ? { ...happening, kind: 'own' as const } : happening,
  );
  return [...chart, ...(daemon.isListening ? beside(doing) : [])];
}

/**
 * Its loop touches only what it has been handed, and a daemon that owns nothing ends without leaving a trace.
 */
function isOwn({ lock }: World, { doing, number, isListening }: Daemon): boolean {
  if (doing === 'shutDown' || doing === 'end') return lock !== number && !isListening;
  return doing === 'receiveRequest' || doing === 'processRequest' || doing === 'sendResponse';
}

function answers(doing: Doing): readonly Happening[] {
  const { daemon } = doing;
  switch (daemon.doing) {
    case 'initHomes':
      return [initHomes(doing)];
    case 'openSocket':
      return [openSocket(doing)];
    case 'receiveRequest':
      return receiveRequest(doing);
    case 'processRequest':
      return [processRequest(doing)];
    case 'sendResponse':
      return sendResponse(doing);
    case 'shutDown':
      return [shutDown(doing)];
    case 'end':
      return [
        step(
          `${who(doing)} ends${daemon.isBusy ? ': it has nothing to do here' : endOf(daemon).ok ? '' : ' with an error'}.`,
          ended(doing),
        ),
      ];
    default:
      return daemon.doing satisfies never;
  }
}

/** Takes the lock, then looks whether its launcher still waits. */
function initHomes(doing: Doing): Happening {
  const { composed, world, daemon } = doing;
  const hasLock = composed.gap !== 'no lock';
  if (!daemon.isHalfDone) {
    if (world.lock !== null && hasLock)
      return told(
        { ...doing, world: withDaemon(world, daemon.number, { isBusy: true }) },
        'Failure',
        `${who(doing)} finds the lock held.`,
      );
    const locked = withDaemon({ ...world, lock: daemon.number }, daemon.number, { isHalfDone: true });
    return step(hasLock ? `${who(doing)} takes the lock.` : `${who(doing)} begins.`, locked);
  }
  if (daemon.launcher !== null && world.clients[daemon.launcher]?.fate !== 'alive')
    return told(
      { ...doing, world: withDaemon(world, daemon.number, { isBusy: true }) },
      'Failure',
      `${who(doing)} sees that its launcher has gone.`,
    );
  const knowsJobs = world.jobs > 0 && composed.gap !== 'the jobs of an earlier daemon are not adopted';
  return told({ ...doing, world: withDaemon(world, daemon.number, { knowsJobs }) }, 'Success', '');
}

function openSocket(doing: Doing): Happening {
  const { world, daemon } = doing;
  const open = withDaemon({ ...world, file: daemon.number }, daemon.number, { isListening: true });
  return told({ ...doing, world: open }, 'Success', `${who(doing)} listens and writes its socket file.`);
}

function receiveRequest(doing: Doing): readonly Happening[] {
  const { composed, world, daemon } = doing;
  if (daemon.hasFailed) return [told(doing, 'Failure', `${who(doing)} gives up its socket and exits.`)];
  const [index, ...queue] = daemon.queue;
  if (index === undefined) return [];
  const { asked, name } = world.clients[index] as Client;
  const received = withWire(withDaemon(world, daemon.number, { queue }), index, { request: 'current' });
  return [
    step(
      `${who(doing)} receives ${asked} of ${name}.`,
      composed.tellDaemon(received, daemon, 'Success', asked),
    ),
  ];
}

function processRequest(doing: Doing): Happening {
  const { world, daemon } = doing;
  const index = currentOf(world, daemon);
  const { asked, name } = world.clients[index] as Client;
  if (asked === 'DIE') return told(doing, 'DIE', `${who(doing)} exits, as ${name} asked.`);
  const begun = asked === 'apply' ? withJobs(doing) : world;
  return told(
    {
      ...doing,
      world: withClient(withWire(begun, index, { request: 'working' }), index, { isHeeded: true }),
    },
    'Other',
    '',
  );
}

/** The daemon has its jobs running: it adopts those that it knows of, or starts new ones. */
function withJobs({ world, daemon }: Doing): World {
  return withDaemon({ ...world, jobs: daemon.knowsJobs ? world.jobs : world.jobs + 1 }, daemon.number, {
    knowsJobs: true,
  });
}

function sendResponse(doing: Doing): readonly Happening[] {
  const { composed, world, daemon } = doing;
  if (daemon.hasFailed) return [told(doing, 'Failure', `${who(doing)} gives up its socket and exits.`)];
  if (composed.gap === 'requests wait for each other' && isWorking(world, daemon)) return [];
  if (composed.gap === 'a departed client ends the daemon') return sendToWhoMayHaveLeft(doing);
  return [told(doing, 'Success', '')];
}

/** The specification's loop: the whole answer is sent here, and writing to a client that has left fails. */
function sendToWhoMayHaveLeft(doing: Doing): readonly Happening[] {
  const { world, daemon } = doing;
  const index = INDICES.find((each) => isOf(world.clients[each].wire, daemon, 'working'));
  if (index === undefined) return [told(doing, 'Success', '')];
  const { name, wire } = world.clients[index];
  if (wire?.isLeft === true)
    return [told(doing, 'Failure', `${who(doing)} cannot write to ${name}, who has left: it exits.`)];
  return [
    told(
      { ...doing, world: withWire(world, index, { request: 'over', reply: 'answer' }) },
      'Success',
      `${who(doing)} answers ${name}.`,
    ),
  ];
}

/**
 * Takes the jobs down if it was asked to, answers and closes its connections, then removes its socket file.
 */
function shutDown(doing: Doing): Happening {
  const { composed, world, daemon } = doing;
  if (daemon.isHalfDone) {
    const file = world.file === daemon.number ? MISSING : world.file;
    return told(
      { ...doing, world: { ...world, file } },
      'Success',
      file === world.file ? '' : `${who(doing)} removes its socket file.`,
    );
  }
  if (daemon.place.value !== 'Exit') throw new Error('it shuts down elsewhere than in Exit');
  const isDead = endOf(daemon).ok;
  const left = { ...world, jobs: isDead ? 0 : world.jobs };
  const closed = INDICES.reduce((now, index) => lastWord(doing, now, index), left);
  const story = daemon.isListening
    ? `${who(doing)} ${isDead ? 'ends its jobs' : 'leaves its jobs alone'} and closes its connections.`
    : '';
  const closing = step(
    story,
    withDaemon(closed, daemon.number, { isListening: false, isHalfDone: true, queue: [] }),
  );
  return isDead && composed.gap !== 'DIE has no answer' ? { ...closing, kind: 'time' } : closing;
}

/**
 * Answers the client that asked the daemon to end, and refuses the other requests, whose clients have to ask
 * again; then closes the connection.
 */
function lastWord({ composed, daemon }: Doing, world: World, index: number): World {
  const client = world.clients[index] as Client;
  const { wire } = client;
  if (wire?.to !== daemon.number) return world;
  if (wire.isLeft) return withClient(world, index, { wire: null });
  const isAdmitted = wire.request === 'queued' || wire.request === 'current';
  const isSilent = composed.gap === 'DIE has no answer' || !isAdmitted;
  const answer = endOf(daemon).ok ? 'answer' : 'kept';
  const reply = isSilent ? wire.reply : client.asked === 'DIE' ? answer : 'refusal';
  const isHeeded = client.isHeeded || (isAdmitted && client.asked === 'DIE');
  return withClient(world, index, { isHeeded, wire: { ...wire, request: 'over', reply, isClosed: true } });
}

function ended({ world, daemon }: Doing): World {
  const { ok } = endOf(daemon);
  return withoutDaemon(world, daemon.number, ok ? 0 : daemon.isBusy ? 75 : 1);
}

/**
 * What goes on beside the chart while it listens: requests come in, long ones go on, and a lost socket file
 * is written again.
 */
function beside(doing: Doing): readonly Happening[] {
  return [...INDICES.flatMap((index) => connectionSteps(doing, index)), ...renewed(doing)];
}

function connectionSteps(doing: Doing, index: 0 | 1): readonly Happening[] {
  const { world, daemon } = doing;
  const client = world.clients[index];
  const { wire, name, asked } = client;
  if (wire?.to !== daemon.number) return [];
  if (wire.request === 'sent')
    return [step(`${who(doing)} is sent ${asked} by ${name}.`, admitted(doing, index, asked !== 'DIE'))];
  if (wire.request !== 'working' || doing.composed.gap === 'a departed client ends the daemon') return [];
  if (wire.isLeft) return [work(client, '', withClient(world, index, { wire: null }))];
  if (wire.reply !== 'none') return [];
  const answer = work(
    client,
    `${who(doing)} answers ${name}.`,
    withWire(world, index, { request: 'over', reply: 'answer' }),
  );
  const progress = work(client, '', withWire(world, index, { reply: 'progress', hasToldProgress: true }));
  return wire.hasToldProgress || asked !== 'apply' ? [answer] : [answer, progress];
}

/** A daemon that is on its way out refuses what comes in, unless it asks for just that. */
function admitted({ world, daemon }: Doing, index: number, mayBeRefused: boolean): World {
  const { wire } = world.clients[index] as Client;
  if (daemon.place.value === 'Exit' && mayBeRefused)
    return withClient(world, index, {
      wire: wire?.isLeft === true ? null : ({ ...wire, request: 'over', reply: 'refusal' } as Wire),
    });
  return withWire(withDaemon(world, daemon.number, { queue: [...daemon.queue, index] }), index, {
    request: 'queued',
  });
}

function renewed(doing: Doing): readonly Happening[] {
  const { composed, world, daemon } = doing;
  // The specification has no daemon write its file a second time.
  if (world.file === daemon.number || composed.isBare) return [];
  return [
    {
      ...step(`${who(doing)} writes its socket file again.`, { ...world, file: daemon.number }),
      kind: 'time',
    },
  ];
}

function currentOf(world: World, daemon: Daemon): number {
  const index = world.clients.findIndex(({ wire }) => isOf(wire, daemon, 'current'));
  if (index < 0) throw new Error('a daemon processes a request of nobody');
  return index;
}

function isWorking(world: World, daemon: Daemon): boolean {
  return world.clients.some(({ wire }) => isOf(wire, daemon, 'working'));
}

function isOf(wire: Wire | null, { number }: Daemon, request: Wire['request']): boolean {
  return wire?.to === number && wire.request === request;
}

function who({ daemon }: Doing): string {
  const [first = '', ...rest] = named(daemon.number);
  return first.toUpperCase() + rest.join('');
}

function told(
  { composed, world, daemon }: Doing,
  type: 'Success' | 'Failure' | 'DIE' | 'Other',
  story: string,
): Happening {
  return step(story, composed.tellDaemon(world, daemon, type));
}

function work({ name }: Client, story: string, world: World): Happening {
  return { story, kind: `work ${name}`, world };
}

function step(story: string, world: World): Happening {
  return { story, kind: 'step', world };
}
