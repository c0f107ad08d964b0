import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { graphOf } from '../../src/chart/graph.ts';
import { Home } from './support/home.ts';
import { transitionsTaken } from './support/steps.ts';
import { type Seen, WAYS, type Way } from './support/ways.ts';

/** Which way brings each transition about. A transition that is missing here fails its test. */
const DAEMON_WAYS: Readonly<Record<string, Way>> = {
  'daemon.Start always 0': 'a daemon is started, asked and told to die',
  'daemon.InitHomes Success 0': 'a daemon is started, asked and told to die',
  'daemon.InitHomes Failure 0': 'the journal is of a newer version',
  'daemon.OpenSocket Success 0': 'a daemon is started, asked and told to die',
  'daemon.OpenSocket Failure 0': 'a folder with something in it stands where the socket file belongs',
  'daemon.ReceiveRequest Success 0': 'a daemon is started, asked and told to die',
  'daemon.ReceiveRequest Failure 0': 'the data folder is moved away',
  'daemon.ProcessRequest DIE 0': 'a daemon is started, asked and told to die',
  'daemon.ProcessRequest Other 0': 'a daemon is started, asked and told to die',
  'daemon.SendResponse Success 0': 'a daemon is started, asked and told to die',
  'daemon.Exit Success 0': 'a daemon is started, asked and told to die',
  'daemon.Exit Failure 0': 'a folder took the place of the socket file before the daemon dies',
};

const CLIENT_WAYS: Readonly<Record<string, Way>> = {
  'client.Start always 0': 'a daemon is started, asked and told to die',
  'client.InitHomes Success 0': 'a daemon is started, asked and told to die',
  'client.InitHomes Failure 0': 'a file stands where the data folder belongs',
  'client.CheckSocketExists Success 0': 'a daemon is started, asked and told to die',
  'client.CheckSocketExists Failure 0': 'a daemon is started, asked and told to die',
  'client.CheckSocketExists Failure 1': 'nothing was ever started',
  'client.OpenSocket Success 0': 'a daemon is started, asked and told to die',
  'client.OpenSocket Failure 0': 'the daemon was killed and its socket file is still there',
  'client.OpenSocket Failure 1': 'the daemon was killed and its socket file is still there',
  'client.OpenSocket Failure 2': 'another program writes a new socket file each time somebody comes',
  'client.SendRequest Success 0': 'a daemon is started, asked and told to die',
  'client.SendRequest Failure 0': 'a request is too long to be sent',
  'client.CloseSocket Success 0': 'a daemon is started, asked and told to die',
  'client.CloseSocket Success 1': 'the daemon is killed before it has answered',
  'client.DeleteSocketFile Success 0': 'the daemon was killed and its socket file is still there',
  'client.DeleteSocketFile Failure 0': 'a folder with something in it stands where the socket file belongs',
  'client.LaunchDaemon Success 0': 'a daemon is started, asked and told to die',
  'client.LaunchDaemon Failure 0': 'the journal is of a newer version',
  'client.ReadResponse Success 0': 'a daemon is started, asked and told to die',
  'client.ReadResponse Failure 0': 'the daemon is killed before it has answered',
  'client.ReadResponse Progress 0': 'a daemon is started, asked and told to die',
  'client.PrintResponse Success 0': 'a daemon is started, asked and told to die',
  'client.PrintResponse Failure 0': 'the reader has left before the answer comes',
  'client.Exit always 0': 'a daemon is started, asked and told to die',
};

/**
 * Transitions that no real world brings about, and why; test/host/daemon.test.ts has them with a simulated
 * one.
 */
const NOT_FOR_REAL: Readonly<Record<string, string>> = {
  'daemon.SendResponse Failure 0':
    'from the request that was received to its response the daemon does not wait, so the listening socket cannot be seen to fail in between',
};

const walks = new Map<Way, Promise<readonly Seen[]>>();

/** What a way went through; asked for once, it is gone. */
function walkOf(way: Way): Promise<readonly Seen[]> {
  const walk = walks.get(way) ?? walkAnew(way);
  walks.set(way, walk);
  return walk;
}

async function walkAnew(way: Way): Promise<readonly Seen[]> {
  const home = new Home();
  try {
    return await WAYS[way](home);
  } finally {
    await home.dispose();
  }
}

/** The transitions of a chart that a way took. */
async function takenBy(way: Way, machine: AnyStateMachine): Promise<readonly string[]> {
  return (await walkOf(way)).flatMap((seen) => {
    if (seen.chart !== machine.id) return [];
    if (seen.chart === 'daemon') return transitionsTaken(daemonMachine, undefined, seen.steps);
    return transitionsTaken(clientMachine, { mayLaunch: seen.mayLaunch }, seen.steps);
  });
}

/** Each arrow of a chart with the title of its test: its rule, itself, and how it comes about. */
function arrowsOf(machine: AnyStateMachine, ways: Readonly<Record<string, Way>>) {
  return graphOf(machine).edges.map(({ id, from, to, name, meta }) => {
    const way = ways[id];
    const arrow = `${meta.spec ?? 'refined:'} ${stateOf(from)}${name === '' ? '' : `: ${name}`} -> ${stateOf(to)}`;
    return {
      id,
      way,
      title:
        way === undefined
          ? `${arrow}, never for real: ${NOT_FOR_REAL[id] ?? 'no way is known'}`
          : `${arrow}, when ${way}`,
    };
  });
}

const stateOf = (id: string): string => id.split('.').at(-1) ?? id;

// It takes ten seconds, in which the others can go on.
beforeAll(() => void walkOf('the data folder is moved away').catch(() => undefined));

describe.each([
  { name: 'daemon', machine: daemonMachine as AnyStateMachine, ways: DAEMON_WAYS },
  { name: 'client', machine: clientMachine as AnyStateMachine, ways: CLIENT_WAYS },
])('the $name chart, for real', ({ machine, ways }) => {
  const arrows = arrowsOf(machine, ways);

  test('each arrow of the chart has a way to be taken, or a reason why it has none', () => {
    const explained = Object.keys(NOT_FOR_REAL).filter((id) => id.startsWith(`${machine.id}.`));
    expect([...Object.keys(ways), ...explained].toSorted()).toEqual(arrows.map(({ id }) => id).toSorted());
  });

  for (const { id, title, way } of arrows) {
    if (way === undefined) test.skip(title, () => undefined);
    else test(title, async () => expect(await takenBy(way, machine)).toContain(id));
  }
});
