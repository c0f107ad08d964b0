import type { Config } from '../../src/config/config.ts';
import { instancesOf } from '../../src/plan/instances.ts';
import type { ReportedChange } from '../../src/plan/change.ts';
import type { Reply, Report, Request } from '../../src/wire/messages.ts';
import { jobNameOf } from './sketch.ts';

/** A request that reached a daemon. */
export interface Op {
  readonly order: number;
  readonly request: Request;
  /** The config that an `apply` found; null for other requests and for a config with problems. */
  readonly config: Config | null;
}

export type Hold = 'held' | 'free';

/** Requests without an answer may have been carried out or not. */
class Possible<T> {
  #base: ReadonlySet<T>;
  readonly #pending = new Map<Op, T>();
  #newestHeeded = 0;
  #newestLost = 0;

  constructor(value: T) {
    this.#base = new Set([value]);
  }

  get values(): ReadonlySet<T> {
    return this.#pending.size === 0 ? this.#base : new Set([...this.#base, ...this.#pending.values()]);
  }

  is(value: T): void {
    this.#base = new Set([value]);
  }

  delivered(op: Op, value: T): void {
    this.#pending.set(op, value);
  }

  /** The daemon has acted on this request and on all before it; the latest one decides. */
  heeded(op: Op): void {
    const value = this.#pending.get(op);
    if (value === undefined) return;
    this.#pending.delete(op);
    if (op.order < this.#newestHeeded) return;
    this.#newestHeeded = op.order;
    this.#base = op.order < this.#newestLost ? new Set([...this.#base, value]) : new Set([value]);
  }

  refused(op: Op): void {
    this.#pending.delete(op);
  }

  /** Nobody knows how far it came. */
  lost(op: Op): void {
    const value = this.#pending.get(op);
    if (value === undefined) return;
    this.#pending.delete(op);
    this.#newestLost = Math.max(this.#newestLost, op.order);
    this.#base = new Set([...this.#base, value]);
  }
}

/** What people were told, and may rely on from then on. */
export class Ledger {
  readonly #holds = new Map<string, Possible<Hold>>();
  readonly #config = new Possible<Config | null>(null);
  readonly #started = new Set<string>();
  #orders = 0;

  constructor(instances: readonly string[]) {
    for (const instance of instances) this.#holds.set(instance, new Possible<Hold>('free'));
  }

  /** True when the job was stopped by hand, by all that its users can know. */
  isHeld(instance: string): boolean {
    return isOnly(this.#holds.get(instance)?.values, 'held');
  }

  isFree(instance: string): boolean {
    return isOnly(this.#holds.get(instance)?.values, 'free');
  }

  /** The config in force, where there can be no doubt about it. */
  get config(): Config | null {
    const [config] = this.#config.values;
    return this.#config.values.size === 1 ? (config ?? null) : null;
  }

  /** Whether anybody has ever asked for a start of it by hand. */
  wasEverStarted(instance: string): boolean {
    return this.#started.has(instance);
  }

  delivered(request: Request, config: Config | null): Op {
    if (request.name === 'start')
      for (const instance of this.#holds.keys()) if (isAsked(request, instance)) this.#started.add(instance);
    this.#orders += 1;
    const op: Op = { order: this.#orders, request, config };
    if (config !== null) this.#config.delivered(op, config);
    for (const [instance, hold] of this.#holds) {
      const effect = effectOf(op, instance);
      if (effect !== null) hold.delivered(op, effect);
    }
    return op;
  }

  answered(op: Op, reply: Exclude<Reply, { readonly kind: 'progress' }>): void {
    // It may have been done, only nothing is promised.
    if (reply.kind === 'refusal' && reply.refusal.code === 'degraded') return this.lost(op);
    const report = reply.kind === 'answer' ? (reply.answer as Report) : null;
    if (report !== null && report.problems?.length === 0) this.#config.heeded(op);
    else this.#config.refused(op);
    // Of a job that was removed meanwhile the answer says just that: there is nothing left to be held.
    const isSaid = ({ action }: ReportedChange): boolean => op.request.name !== 'stop' || action !== 'remove';
    const said = new Map(report?.changes?.filter(isSaid).map(({ job, state }) => [job, state]) ?? []);
    for (const [instance, hold] of this.#holds) {
      const state = said.get(instance);
      // An instance that was being removed may be gone, and a new one of its name may run.
      const isAnother = op.request.name === 'stop' && state !== undefined && state !== 'stopped';
      if (isAnother) hold.lost(op);
      else if (state !== undefined) hold.heeded(op);
      else hold.refused(op);
    }
  }

  /** A stop by hand and the config are part of the state. */
  stateLost(): void {
    this.#config.is(null);
    for (const hold of this.#holds.values()) hold.is('free');
  }

  lost(op: Op): void {
    // A mixture of two configs is none that anybody knows.
    if (op.config !== null) this.#config.delivered(op, null);
    this.#config.lost(op);
    for (const hold of this.#holds.values()) hold.lost(op);
  }
}

function isAsked(
  { all, jobs }: { readonly all: boolean; readonly jobs: readonly string[] },
  instance: string,
): boolean {
  return all || jobs.some((name) => name === instance || name === jobNameOf(instance));
}

/** What a request says about a job's stop by hand; null when it says nothing. */
function effectOf({ request, config }: Op, instance: string): Hold | null {
  switch (request.name) {
    case 'apply':
      return config === null || instancesOf(config).some(({ name }) => name === instance) ? null : 'free';
    case 'start':
    case 'restart':
    case 'stop':
      if (!isAsked(request, instance)) return null;
      return request.name === 'stop' ? 'held' : 'free';
    case 'plan':
    case 'status':
    case 'why':
    case 'signal':
    case 'stdin':
    case 'events':
    case 'wait':
    case 'inspect':
    case 'DIE':
      return null;
    default:
      return request satisfies never;
  }
}

function isOnly<T>(values: ReadonlySet<T> | undefined, value: T): boolean {
  return values?.size === 1 && values.has(value);
}
