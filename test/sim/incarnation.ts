import { Daemon } from '../../src/daemon/daemon.ts';
import type { Request } from '../../src/wire/messages.ts';
import type { ListenOptions } from '../../src/wire/server.ts';
import type { Connection } from './connection.ts';
import { CONFIG_DIR } from './schedule.ts';
import { HOME } from './sim-os.ts';
import { HOMES, SimPorts } from './sim-ports.ts';
import { SimProcesses } from './sim-processes.ts';
import { Surroundings } from './surroundings.ts';
import type { World } from './world.ts';

const ENVIRONMENT = { HOME, PATH: '/bin' };

/** One process of the daemon. When it dies, its calls into the world have no effect any more. */
export class Incarnation {
  readonly number: number;
  readonly bornAt: number;
  readonly connections = new Set<Connection>();
  readonly processes: SimProcesses;
  readonly surroundings: Surroundings;
  readonly ports: SimPorts;
  /** What a request is given to, while it listens. */
  listening: ListenOptions | null = null;
  isPublished = false;
  /** It lets go of its jobs, or stops them, and waits for hooks. */
  isAskedToEnd = false;
  readonly #world: World;
  #isAlive = true;
  /** It has had the lock: another one that found it taken has nothing to do with any job. */
  hasOwned = false;
  /** It did not end by itself. */
  wasKilled = false;

  constructor(world: World) {
    this.#world = world;
    this.number = world.daemons.length + 1;
    this.bornAt = world.timeline.now;
    world.daemons.push(this);
    this.processes = new SimProcesses(world, this);
    this.surroundings = new Surroundings(world, this);
    this.ports = new SimPorts(world, this);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isListening(): boolean {
    return this.#isAlive && this.isPublished && this.listening !== null;
  }

  begin(): void {
    const { timeline, story } = this.#world;
    story.tell(() => `daemon ${this.number} begins`);
    const homes = { ...HOMES, config: CONFIG_DIR };
    const daemon = new Daemon({ ports: this.ports.all, homes, environment: ENVIRONMENT, umask: 0o022 });
    void daemon.run().then((result) => {
      if (!result.ok && !daemon.isBusy)
        this.#world.violate(`daemon ${this.number} gave up: ${result.error}, ${result.detail}`);
      timeline.after(1, () => {
        if (this.#isAlive)
          story.tell(() => `daemon ${this.number} ends${daemon.isBusy ? ', another one is there' : ''}`);
        this.die();
      });
    });
  }

  /** As SIGKILL does it: nothing of its own happens any more. */
  die(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.listening = null;
    if (this.#world.owner === this) this.#world.owner = null;
    if (this.hasOwned) this.#world.hooks.daemonDied(this.number);
    for (const connection of this.connections) connection.end();
    this.processes.abandon();
    this.#world.logs.died(this);
  }

  kill(): void {
    if (!this.#isAlive) return;
    this.#world.story.tell(() => `daemon ${this.number} is killed`);
    this.wasKilled = true;
    this.die();
  }

  deliver(request: Request, connection: Connection): void {
    this.#world.rolls.requested(request.name);
    if (request.name === 'DIE') this.isAskedToEnd = true;
    this.listening?.onRequest(request, connection);
  }

  /** Does one call into the world, unless this daemon is dead, or dies just before. */
  call<T>(name: string, ifDead: T, act: () => T): T {
    if (!this.#isAlive) return ifDead;
    const death = this.#world.nextCall(name);
    if (death?.when === 'before') this.#dieAt(name, death);
    if (!this.#isAlive) return ifDead;
    const result = act();
    if (death?.when === 'after') this.#dieAt(name, death);
    return result;
  }

  /** A call that belongs to one job: it may throw, as a bug of ours would, and then nothing has been done. */
  jobCall<T>(name: string, ifDead: T, act: () => T): T {
    if (this.#isAlive && this.#world.throwsNow()) {
      this.#world.story.tell(() => `  ${name} throws`);
      throw new Error(`planted in ${name}`);
    }
    return this.call(name, ifDead, act);
  }

  #dieAt(name: string, { when, power }: { readonly when: string; readonly power: boolean }): void {
    this.#world.story.tell(() => `daemon ${this.number} dies ${when} ${name}`);
    this.wasKilled = true;
    const [, recorded] = /^put (?:state|hooks|config):(.*)/.exec(name) ?? [];
    if (recorded !== undefined) this.#world.hooks.leftOpen(recorded);
    this.die();
    if (power) this.#world.losePower();
  }
}
