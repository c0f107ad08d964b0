import type { JobInstance } from '../../../../src/fleet/job-instance.ts';
import type { CopyStanding } from '../../../../src/fleet/turns/roll.ts';
import { StopQueue } from '../../../../src/fleet/turns/stop-queue.ts';
import { canReach, explore } from '../../../support/model.ts';

type Phase = 'up' | 'ending' | 'starting' | 'failed' | 'stopped';

/** A copy of a job, as far as a roll looks at it. */
interface Copy {
  phase: Phase;
  /** The config that it runs, and the one that it has. */
  runs: number;
  has: number;
  isStopped: boolean;
}

/** How often each of these happens. */
const MOST: Readonly<Record<string, number>> = { trigger: 2, restart: 1, stop: 1, fails: 1, crashes: 1 };

const NAMES = ['a@1', 'a@2', 'a@3'] as const;
type Name = (typeof NAMES)[number];

/** Three copies of a rolling job and the real queue. */
class World {
  readonly copies = new Map<string, Copy>(
    NAMES.map((name) => [name, { phase: 'up', runs: 1, has: 1, isStopped: false }]),
  );
  readonly queue = new StopQueue({
    get: (name) => this.#instance(name),
    dependents: () => [],
    dependencies: () => [],
    onChange: () => (this.#hasChanged = true),
    standing: ({ name }) => this.#standing(name),
    later: (goOn) => goOn(),
  });
  #hasChanged = false;
  readonly count = new Map<string, number>();
  config = 1;
  hasFailed = false;
  /** Copies that serve and were taken down by the roll since the last copy came up or failed. */
  wrong: string | null = null;

  #of(name: string): Copy {
    return this.copies.get(name) as Copy;
  }

  #instance(name: string): JobInstance {
    const { phase, isStopped } = this.#of(name);
    const isUp = phase === 'up' || phase === 'ending' || phase === 'starting';
    return {
      name,
      isUp,
      isEnding: phase === 'ending',
      isTesting: false,
      isUnwanted: isStopped,
      isStoppedByHand: isStopped,
    } as JobInstance;
  }

  #standing(name: string): CopyStanding {
    const { phase } = this.#of(name);
    return phase === 'up' ? 'up' : phase === 'ending' || phase === 'starting' ? 'coming' : 'down';
  }

  /** What a roll does when it comes to a copy. */
  #replace(name: string): void {
    const copy = this.#of(name);
    const others = NAMES.filter((other) => other !== name).map((other) => this.#of(other));
    const down = others.filter(({ phase, isStopped }) => phase !== 'up' && !isStopped);
    if (copy.phase === 'up' && down.length > 0 && !this.isByHand)
      this.wrong ??= `${name} is taken down while ${down.length} more of it are down`;
    copy.phase = copy.phase === 'up' || copy.phase === 'starting' ? 'ending' : copy.phase;
    if (copy.phase === 'failed' || copy.phase === 'stopped') this.#start(name);
    copy.isStopped = false;
  }

  /** A request for one copy has the last word on it at once. */
  isByHand = false;

  #start(name: string): void {
    Object.assign(this.#of(name), { phase: 'starting', runs: this.#of(name).has });
  }

  happen(label: string): void {
    const [what = '', name = ''] = label.split(' ');
    this.count.set(what, (this.count.get(what) ?? 0) + 1);
    switch (what) {
      case 'trigger':
        this.config += 1;
        this.#trigger();
        break;
      case 'restart': {
        const roll = { members: NAMES, dependencies: () => [] };
        for (const each of NAMES) this.queue.add(each, 'Restart', () => this.#replace(each), roll);
        break;
      }
      case 'stop':
        this.isByHand = true;
        this.queue.add(name, 'Stop', () => this.#stop(name));
        this.#advance();
        this.isByHand = false;
        break;
      case 'gone':
        if (this.#of(name).isStopped) this.#of(name).phase = 'stopped';
        else this.#start(name);
        break;
      case 'runs':
        this.#of(name).phase = 'up';
        break;
      case 'fails':
        this.#of(name).phase = 'failed';
        break;
      case 'crashes':
        this.#start(name);
        break;
    }
    this.#advance();
  }

  /** Until nothing changes by it any more, as the fleet does. */
  #advance(): void {
    do {
      this.#hasChanged = false;
      this.queue.advance();
    } while (this.#hasChanged);
  }

  #trigger(): void {
    const members = NAMES.filter((name) => !this.#of(name).isStopped || this.queue.waitsInRoll(name));
    const roll = { members, dependencies: () => [] };
    const { config } = this;
    for (const name of NAMES) {
      const copy = this.#of(name);
      const apply = (): void => {
        this.queue.named(name);
        if (!copy.isStopped && copy.phase !== 'ending' && copy.runs !== copy.has) this.#replace(name);
      };
      const isToBeReplaced = this.#instance(name).isUp && copy.phase !== 'ending' && !copy.isStopped;
      const waiting = this.queue.waiting(name);
      copy.has = config;
      if (isToBeReplaced && copy.runs !== config && (waiting === null || this.queue.waitsInRoll(name))) {
        this.queue.named(name);
        this.queue.add(name, 'Apply', apply, roll);
      } else if (copy.phase !== 'ending') apply();
    }
  }

  #stop(name: string): void {
    const copy = this.#of(name);
    copy.isStopped = true;
    copy.phase = copy.phase === 'failed' || copy.phase === 'stopped' ? 'stopped' : 'ending';
  }

  labels(): readonly string[] {
    const may = (what: string): boolean => (this.count.get(what) ?? 0) < (MOST[what] ?? Infinity);
    const facts = NAMES.flatMap((name: Name) => {
      const { phase } = this.#of(name);
      if (phase === 'ending') return [`gone ${name}`];
      if (phase === 'starting') return [`runs ${name}`, ...(may('fails') ? [`fails ${name}`] : [])];
      return phase === 'up' && may('crashes') && name === 'a@1' ? [`crashes ${name}`] : [];
    });
    return [...facts, ...['trigger', 'restart'].filter(may), ...(may('stop') ? ['stop a@2'] : [])];
  }

  get isWaiting(): boolean {
    return NAMES.some((name) => this.queue.has(name));
  }

  get isAtRest(): boolean {
    return NAMES.every((name) => ['up', 'failed', 'stopped'].includes(this.#of(name).phase));
  }

  get key(): string {
    const queue = NAMES.map((name) => [
      this.queue.has(name),
      this.queue.waiting(name),
      this.queue.stoppedRoll(name),
    ]);
    return JSON.stringify([
      [...this.copies.values()],
      queue,
      [...this.count].filter(([what]) => what in MOST).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]);
  }
}

/** The queue cannot be copied: what led to a world leads to it again. */
interface State {
  readonly path: readonly string[];
  readonly world: World;
}

function lived(path: readonly string[]): State {
  const world = new World();
  for (const label of path) world.happen(label);
  const stuck = world.isAtRest && world.isWaiting ? 'stuck: a copy waits for its turn for ever' : null;
  const wrong = world.wrong ?? stuck;
  if (wrong !== null) throw new Error(`${wrong}, after ${path.join(' → ')}`);
  return { path, world };
}

const model = explore<State>({
  start: lived([]),
  labels: ({ world }) => world.labels(),
  step: ({ path }, label) => lived([...path, label]),
  key: ({ world }) => world.key,
  limit: 60_000,
});

test('a roll takes no copy down while another one is down, and never gets stuck', () => {
  expect(model.nodes.size).toBe(6296);
});

test('a roll comes to its end by itself from everywhere', () => {
  const facts = model.edges.filter(({ label }) => /^(?:gone|runs) /.test(label));
  const done = [...model.nodes].filter(([, { world }]) => world.isAtRest && !world.isWaiting);
  expect(
    canReach(
      facts,
      done.map(([key]) => key),
    ).size,
  ).toBe(model.nodes.size);
});

test('where nothing fails and nobody interferes, every copy has the newest config in the end', () => {
  const ends = [...model.nodes.values()].filter(
    ({ world }) => world.isAtRest && !['stop', 'fails'].some((what) => world.count.has(what)),
  );
  const old = ends.filter(({ world }) =>
    [...world.copies.values()].some(({ runs }) => runs !== world.config),
  );
  expect(ends.length).toBeGreaterThan(10);
  expect(old.map(({ path }) => path.join(' → '))).toEqual([]);
});
