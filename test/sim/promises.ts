import { instancesOf } from '../../src/plan/instances.ts';
import type { Died, Report, Request, Status } from '../../src/wire/messages.ts';
import { checkReport } from './acknowledged.ts';
import type { Answer } from './connection.ts';
import { instancesNamed, jobNameOf } from './sketch.ts';
import type { World } from './world.ts';

/** What must be true of the world at the moment when somebody is told something. */
export class Promises {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  answered(request: Request, { kind, ...rest }: Answer): void {
    this.#world.story.tell(() => `answer to ${inWords(request)}: ${kind} ${shorten(JSON.stringify(rest))}`);
    const { answer } = rest as { readonly answer?: object };
    if (answer === undefined) return;
    const isReport = ['apply', 'start', 'restart', 'stop'].includes(request.name);
    if (isReport) checkReport(this.#world, request, answer as Report);
    if (request.name === 'stop') this.#afterStop(answer as Report);
    if (request.name === 'DIE' && (answer as Died).kept.length === 0) this.#afterDie();
    if (request.name === 'status' && this.#world.isCalm) this.#afterStatus(answer as Status);
  }

  /** When `stop` returns, every process of the group is gone. */
  #afterStop({ changes }: Report): void {
    const { ledger, watch } = this.#world;
    for (const { job } of changes) {
      if (ledger.isHeld(job) && watch.aliveOf(job).length > 0)
        this.#world.violate(`${job} still lives when its stop is acknowledged`);
    }
  }

  #afterDie(): void {
    const { watch, table } = this.#world;
    const instances = new Set(table.all.flatMap(({ instance }) => instance ?? []));
    for (const instance of instances)
      if (watch.aliveOf(instance).length > 0)
        this.#world.violate(`${instance} still lives when the DIE is acknowledged`);
  }

  /** Users are told the truth: what is said to run does, with that pid, and nothing else does. */
  #afterStatus({ jobs }: Status): void {
    const { config } = this.#world.ledger;
    const told = jobs.map(({ name }) => name).join(' ');
    const asked =
      config === null
        ? told
        : instancesOf(config)
            .map(({ name }) => name)
            .toSorted()
            .join(' ');
    if (told !== asked) this.#world.violate(`the jobs are ${told}, where the config in force has ${asked}`);
    for (const { name, state, pid } of jobs) {
      // A job that is being stopped keeps its pid until nothing of its group is left.
      if (state === 'stopping') continue;
      const isTrue =
        pid === null
          ? this.#world.programsOf(name).length === 0
          : this.#world.watch.aliveOf(name).some((each) => each.pid === pid);
      if (!isTrue) this.#world.violate(`${name} is said to be ${state} with pid ${pid}, which is not so`);
    }
  }
}

/** Every instance that the world ever has. */
export function everyInstance(world: World): readonly string[] {
  return Object.keys(world.schedule.sketches).flatMap(instancesNamed);
}

export function inWords(request: Request): string {
  const { name, ...rest } = request;
  const { jobs, all, keepJobs, wait } = rest as {
    jobs?: readonly string[];
    all?: boolean;
    keepJobs?: boolean;
    wait?: boolean;
  };
  return [
    name,
    all === true ? '--all' : (jobs ?? []).map(jobNameOf).join(' '),
    keepJobs === true ? '--keep-jobs' : '',
    wait === false ? '--no-wait' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');
}

function shorten(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
