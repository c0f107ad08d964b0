import { daemonMachine } from '../../machines/daemon.ts';
import type { DaemonResult } from '../../machines/daemon.ts';
import { Daemon } from '../../src/daemon/daemon.ts';
import type { DaemonPorts } from '../../src/daemon/ports.ts';
import type { Store } from '../../src/state/store.ts';
import type { Reply, Request } from '../../src/wire/messages.ts';
import type { ListenOptions, Peer } from '../../src/wire/server.ts';
import { ChartModel } from '../support/chart-model.ts';
import { memoryHistory } from '../support/memory-history.ts';
import { NO_LOGS } from '../support/no-logs.ts';
import { FakeClock } from '../support/fake-clock.ts';
import type { Edge } from '../support/model.ts';
import { walksOver } from '../support/model.ts';
import type { PureStep } from '../support/pure-step.ts';

const CONFIG_DIR = '/home/user/.config/overseer';
const STATUS: Request = { name: 'status', jobs: [] };
const APPLY: Request = { name: 'apply', configDir: CONFIG_DIR, wait: true, allowEmpty: true };
const DIE: Request = { name: 'DIE', keepJobs: false };

/** How often the loop is let go round before what was awaited is given up. */
const TURNS = 100;

/** What one walk asks of the world: how the ports answer, in the order of the chart. */
interface Script {
  readonly homes: boolean;
  readonly socket: boolean;
  readonly removal: boolean;
}

/** A daemon in a world that does what it is told. */
class Stage {
  readonly lines: string[] = [];
  readonly replies: Reply[] = [];
  result: DaemonResult | null = null;
  #listening: ListenOptions | null = null;
  #failsWhileReading = false;

  constructor(script: Script) {
    const daemon = new Daemon({
      ports: this.#ports(script),
      homes: { config: CONFIG_DIR, data: '/home/user/.local/share/overseer', home: '/home/user' },
      environment: {},
      umask: 0o022,
    });
    void daemon.run().then((result) => (this.result = result));
  }

  /** The steps of the daemon's chart so far. */
  readonly steps: string[] = [];

  ask(request: Request): void {
    const peer: Peer = {
      gone: false,
      client: null,
      onGone: () => undefined,
      reply: (reply) => this.replies.push(reply),
    };
    this.#listening?.onRequest(request, peer);
  }

  failSocket(): void {
    this.#listening?.onFailure(new Error('accept EINVAL'));
  }

  /** The listening socket fails while a request is processed. */
  askAndFail(): void {
    this.#failsWhileReading = true;
    this.ask(APPLY);
  }

  /** Lets the loop go round until the chart has taken this many steps. */
  async until(count: number): Promise<void> {
    for (let turn = 0; this.steps.length < count && turn < TURNS; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  }

  #ports({ homes, socket, removal }: Script): DaemonPorts {
    return {
      ...NO_JOBS,
      clock: new FakeClock(),
      turns: { isSpent: () => false, next: (callback) => void setImmediate(callback) },
      log: { line: (text) => this.lines.push(text) },
      trace: ({ event, before, after }) => {
        const { type } = event as { readonly type: string };
        if (before !== null) this.steps.push(`${type} ${before.value as string} -> ${after.value as string}`);
      },
      initHomes: () =>
        homes
          ? {
              ok: true,
              store: memory(),
              notes: [],
              damage: [],
              holdsLock: () => true,
              folder: { id: '1', isCopy: false, record: '1', boot: 'b' },
            }
          : { ok: false, isBusy: false, detail: 'no folder' },
      realPath: (path) => path,
      listen: (options) => {
        this.#listening = options;
        return socket
          ? Promise.resolve({ port: 40_000, peers: 0, close: () => Promise.resolve() })
          : Promise.reject(new Error('no port is free'));
      },
      publishSocket: () => ({ renew: () => true, remove: () => (removal ? null : 'it is a folder') }),
      readConfig: () => {
        if (this.#failsWhileReading) this.failSocket();
        return { ok: true, files: [], config: { jobs: [] } };
      },
    };
  }
}

/** Ports that a daemon without jobs never uses: whatever is called throws. */
const NO_JOBS: Pick<
  DaemonPorts,
  'processes' | 'probes' | 'files' | 'watchHome' | 'keepLogs' | 'history' | 'pid' | 'random'
> = {
  processes: { endOrphanedTests: () => undefined } as Partial<
    DaemonPorts['processes']
  > as DaemonPorts['processes'],
  probes: {} as DaemonPorts['probes'],
  files: {} as DaemonPorts['files'],
  watchHome: () => null,
  keepLogs: () => NO_LOGS,
  history: memoryHistory(),
  pid: 4242,
  random: (bytes) => 'ab'.repeat(bytes),
};

function memory(): Store {
  const nothing = (): void => undefined;
  return {
    entries: () => new Map(),
    put: nothing,
    delete: nothing,
    sync: () => Promise.resolve(),
    bytes: 0,
    close: nothing,
  };
}

type DaemonEdge = Edge<PureStep<typeof daemonMachine>>;
type Walk = readonly DaemonEdge[];

/** Where no socket was opened, there is no socket file whose removal could fail. */
function canHappen({ before, label }: DaemonEdge): boolean {
  const { value, context } = before.after;
  const isWithoutSocket =
    !context.result.ok && ['InitHomesError', 'SocketOpenError'].includes(context.result.error);
  return !(value === 'Exit' && label === 'Failure' && isWithoutSocket);
}

/** Plays one walk of the chart to a real daemon; returns its stage. */
async function play(walk: Walk): Promise<Stage> {
  const answerIn = (state: string): boolean =>
    walk.find(({ before }) => before.after.value === state)?.label !== 'Failure';
  const stage = new Stage({
    homes: answerIn('InitHomes'),
    socket: answerIn('OpenSocket'),
    removal: answerIn('Exit'),
  });
  for (const [index, { before, label }] of walk.entries()) {
    if (before.after.value === 'ReceiveRequest') {
      await stage.until(index);
      if (label === 'Failure') stage.failSocket();
      else if (walk[index + 1]?.label === 'DIE') stage.ask(DIE);
      else if (walk[index + 2]?.label === 'Failure') stage.askAndFail();
      else stage.ask(STATUS);
    }
  }
  await stage.until(walk.length);
  return stage;
}

describe('the daemon, in a simulated world', () => {
  const chart = new ChartModel({
    machine: daemonMachine,
    events: { Success: { request: { id: 1, name: 'status' } }, Failure: { detail: 'why' } },
  });
  const model = chart.explored();
  const walks = walksOver(model, model.edges.filter(canHappen), { longest: 60 });

  test.each(walks.map((walk) => ({ walk, title: walk.map(({ label }) => label).join(' ') })))(
    'goes as its chart does: $title',
    async ({ walk }) => {
      const stage = await play(walk);
      expect(stage.steps.slice(0, walk.length)).toEqual(
        walk.map(
          ({ label, before, after }) =>
            `${label} ${String(before.after.value)} -> ${String(after.after.value)}`,
        ),
      );
    },
  );

  test('every arrow of the chart that can be is in one of the walks', () => {
    expect({ edges: model.edges.length, walks: walks.length }).toEqual({ edges: 24, walks: 10 });
  });

  test('D-11 a response that cannot be sent ends the daemon after the answer, and leaves the jobs', async () => {
    const stage = await play(wordsOf('Success Success Success Other Failure Success'));
    expect(stage.steps.slice(-2)).toEqual(['Failure SendResponse -> Exit', 'Success Exit -> Done']);
    expect([stage.result, stage.replies]).toEqual([
      { ok: false, error: 'SocketWriteError', detail: 'accept EINVAL' },
      [{ kind: 'answer', answer: { ok: true, changes: [], problems: [] } }],
    ]);
  });

  /** The walk that these events make. */
  function wordsOf(words: string): Walk {
    const labels = words.split(' ');
    const walk: DaemonEdge[] = [];
    let at = model.start;
    for (const label of labels) {
      const edge = model.edges.find(({ from, label: other }) => from === at && other === label);
      if (edge === undefined) throw new Error(`${label} leads nowhere from ${at}`);
      walk.push(edge);
      at = edge.to;
    }
    return walk;
  }
});
