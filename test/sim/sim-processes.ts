import { basename, dirname } from 'node:path';
import type {
  ChildIdentity,
  LaunchEvents,
  LaunchRequest,
  Launch,
  Marker,
  Processes,
  Program,
  TestEnd,
} from '../../src/job/ports.ts';
import { KnownGroups } from '../../src/job/processes/known-groups.ts';
import { Listings } from '../../src/job/processes/listings.ts';
import { asked } from '../../src/os/system-error.ts';
import { behaviourOf } from './behaviour.ts';
import { GatedChild } from './gated-child.ts';
import type { Incarnation } from './incarnation.ts';
import type { Parent } from './process-table.ts';
import { simOs } from './sim-os.ts';
import { SimLaunch } from './sim-launch.ts';
import { SimTest } from './sim-test.ts';
import type { World } from './world.ts';

/** The `Processes` of one daemon: as on a real machine, but for the machine. */
export class SimProcesses {
  readonly #world: World;
  readonly #daemon: Incarnation;
  /** The daemon's own code tells our processes from others; only what it asks is simulated. */
  readonly #groups: KnownGroups;
  readonly #listings: Listings;
  readonly #children = new Set<GatedChild>();
  /** One spawn a turn: when the next turn is free. */
  #turnAt = 0;
  /** The instance that a launch was put off for, while its launch is asked for. */
  #cleared: string | null = null;

  constructor(world: World, daemon: Incarnation) {
    this.#world = world;
    this.#daemon = daemon;
    const { table, timeline, showsMarkers, isMac } = world;
    const afterTool = (done: () => void): void =>
      void timeline.after(world.random('tool', world.nth('tool')).int(5, TOOL_MOST_MS), () => {
        if (daemon.isAlive) done();
      });
    const os = simOs({ table, showsMarkers, afterTool: isMac ? afterTool : null });
    // Simulated time stands still within a turn, so nothing is remembered where asking costs nothing.
    this.#listings = new Listings({ os, now: () => (isMac ? timeline.now : Number.NaN) });
    this.#groups = new KnownGroups(os, this.#listings);
  }

  get port(): Processes {
    const { exits } = this.#world;
    const call: Incarnation['call'] = (name, ifDead, act) => this.#daemon.jobCall(name, ifDead, act);
    return {
      launch: (request, on) => call('launch', NO_LAUNCH, () => this.#launch(request, on)),
      runTest: (program, done) => call('runTest', NO_TEST, () => this.#runTest(program, done)),
      look: (child, marker) =>
        call('look', 'alive', () =>
          asked('alive', () =>
            this.#groups.patiently(child, (view) => this.#groups.state(child, marker, view)),
          ),
        ),
      ownsGroup: (child, marker) =>
        call('look', false, () => this.#groups.state(child, marker, this.#listings.sure) !== 'gone'),
      startedAt: () => null,
      // Nobody writes to a job here.
      forgetStdin: () => undefined,
      memoryOf: (children, done) =>
        this.#daemon.call('memoryOf', undefined, () => this.#memoryOf(children, done)),
      endOrphanedTests: () => undefined,
      recordedExit: (file) => call('recordedExit', null, () => exits.get(file) ?? null),
      // No client here sends a real-time signal.
      signal: (child, name) =>
        call(`signal ${name}`, 'gone', () => this.#signal(child, NOBODY, name as NodeJS.Signals)),
      signalAll: (child, marker, name) =>
        call(`signal ${name}`, undefined, () => void this.#signal(child, marker, name)),
      clear: (marker, done) =>
        call('clear', undefined, () => this.#clearFirst(instanceOf(marker.present), done)),
    };
  }

  /** Some time later, or not at all where nothing can be asked. */
  #memoryOf(
    children: readonly ChildIdentity[],
    done: (bytes: ReadonlyMap<number, number> | null) => void,
  ): void {
    const { memory, timeline } = this.#world;
    const random = this.#world.random('sample', this.#world.nth('sample'));
    timeline.after(random.int(0, TOOL_MOST_MS), () => {
      if (!this.#daemon.isAlive) return;
      done(!this.#world.isCalm && random.chance(0.1) ? null : memory.sample(children));
    });
  }

  #signal(child: ChildIdentity, marker: Marker, signal: NodeJS.Signals): 'sent' | 'gone' {
    if (this.#groups.state(child, marker, this.#listings.sure) === 'gone') return 'gone';
    this.#world.watch.signalled(child, signal);
    return this.#world.table.signalGroup(child.pid, signal);
  }

  /** The daemon is dead: gates that were not opened close, and init takes the children. */
  abandon(): void {
    for (const child of this.#children) {
      child.tell('leave');
      this.#world.table.orphan(child.process);
    }
    this.#children.clear();
  }

  #launch(request: LaunchRequest, on: LaunchEvents): Launch {
    const { timeline, watch } = this.#world;
    const instance = basename(request.log.path, '.log');
    const story = new SimLaunch(on);
    if (this.#cleared !== instance) watch.decided(instance);
    watch.launched(instance, request);
    const launchedAt = timeline.now;
    this.#turnAt = Math.max(this.#turnAt, timeline.now) + 1;
    timeline.after(this.#turnAt - timeline.now, () => {
      if (story.isCancelled || !this.#daemon.isAlive) return;
      story.child = this.#fork(instance, request, story, launchedAt);
      if (story.child === null) return;
      // As the real one, it knows from now on whose number that is.
      this.#groups.launched(this.#identityOf(story.child));
      if (request.exitFile === null) story.tell(this.#identityOf(story.child));
    });
    return {
      release: () =>
        this.#daemon.jobCall('release', undefined, () => {
          if (story.child !== null) watch.released(instance, story.child.process);
          story.child?.tell('go');
        }),
      cancel: (gone = () => undefined) => this.#daemon.jobCall('cancel', undefined, () => story.cancel(gone)),
    };
  }

  #identityOf({ process: { pid, start } }: GatedChild): ChildIdentity {
    return { pid, start, boot: this.#world.table.bootId };
  }

  #fork(instance: string, request: LaunchRequest, on: SimLaunch, launchedAt: number): GatedChild | null {
    const { timeline, watch, story } = this.#world;
    if (this.#world.has('neverSpawns')) {
      watch.failedForGood(instance);
      on.failed({ detail: 'command not found', lasting: true });
      return null;
    }
    const child = this.#world.has('noSpawn') ? null : this.#gatedChild(instance, request, on);
    if (child === null) {
      timeline.after(0, () => this.#daemon.isAlive && on.failed({ detail: 'EAGAIN', lasting: false }));
      return null;
    }
    story.tell(() => `${instance}: pid ${child.process.pid} waits at its gate`);
    watch.forked(instance, child.process, launchedAt);
    this.#children.add(child);
    return child;
  }

  #gatedChild(instance: string, request: LaunchRequest, on: SimLaunch): GatedChild | null {
    const { timeline, table, exits, watch, schedule, isCalm } = this.#world;
    const { exitFile } = request;
    for (const file of exits.keys()) if (dirname(file) === request.exits) exits.delete(file);
    const child: GatedChild | null = GatedChild.spawn({
      timeline,
      table,
      instance,
      behaviour: behaviourOf(schedule.seed, instance, this.#world.nth(`run ${instance}`), isCalm),
      parent: this.#parentOf(() => child, on),
      exitFile,
      writeExit: (file, exit) => exits.set(file, exit),
      onTold: ({ pid }) => {
        if (child !== null && this.#daemon.isAlive) on.tell({ ...this.#identityOf(child), program: pid });
      },
      onBegin: (program) => watch.began(instance, program),
      onEnd: (program, exit) => watch.ended(instance, program, exit),
    });
    return child;
  }

  /** An exit is heard a moment later, if anybody is there to hear it. */
  #parentOf(child: () => GatedChild | null, on: SimLaunch): Parent {
    const { timeline, table } = this.#world;
    return {
      childEnded: (process, exit, reap) => {
        timeline.after(this.#world.nth('exits heard') % 3, () => {
          const known = child();
          if (!this.#daemon.isAlive) return table.orphan(process);
          if (known !== null) this.#children.delete(known);
          reap();
          if (known !== null) this.#groups.ended(this.#identityOf(known));
          on.ended(exit);
        });
      },
    };
  }

  /** The launch that follows was decided on before. */
  #clearFirst(instance: string, done: () => void): void {
    this.#world.watch.decided(instance);
    this.#clear(instance, CLEAR_PATIENCE_MS, () => {
      this.#cleared = instance;
      done();
      this.#cleared = null;
    });
  }

  /** Ends what bears the marker of an instance, as far as the system shows it. */
  #clear(instance: string, patienceMs: number, done: () => void): void {
    const { table, timeline, showsMarkers } = this.#world;
    const left = showsMarkers ? table.liveOf(instance).filter(({ hidesMarker }) => !hidesMarker) : [];
    if (left.length === 0) return done();
    this.#world.story.tell(
      () =>
        `${instance}: what bears its marker is cleared away: ${left.map(({ pid, role }) => `${role} ${pid}`).join(' ')}`,
    );
    for (const each of left) each.onSignal(patienceMs > 0 ? 'SIGTERM' : 'SIGKILL');
    timeline.after(
      CLEAR_EACH_MS,
      () => this.#daemon.isAlive && this.#clear(instance, patienceMs - CLEAR_EACH_MS, done),
    );
  }

  #runTest(program: Program, done: (end: TestEnd) => void): { end(): void } {
    const instance = instanceOf(program.env);
    const test = new SimTest(this.#world, instance, (end) => {
      if (this.#daemon.isAlive) done(end);
    });
    return { end: () => this.#daemon.jobCall('endTest', undefined, () => test.kill()) };
  }
}

function instanceOf(env: Readonly<Record<string, string>>): string {
  const number = env['OVERSEER_INSTANCE'];
  return `${env['OVERSEER_JOB']}${number === undefined ? '' : `@${number}`}`;
}

/** How long `ps` takes on a busy Mac. */
const TOOL_MOST_MS = 150;

/** As the real one: asked to end first, killed when that has not helped. */
const CLEAR_PATIENCE_MS = 2_000;
const CLEAR_EACH_MS = 200;

const NO_LAUNCH: Launch = { release: () => undefined, cancel: () => undefined };
const NO_TEST = { end: (): void => undefined };
/** Borne by no process. */
const NOBODY: Marker = { present: { NOBODY: '' }, absent: [] };
