import type { HookFailure } from '../../../machines/hook.ts';
import type { JobContext } from '../../../machines/job.ts';
import { messageOf } from '../../host/net.ts';
import type { DaemonLog } from '../../job/ports.ts';
import type { JobWorld } from '../../job/world.ts';
import type { Instance } from '../../plan/instances.ts';
import { toldState } from '../../plan/job-state.ts';
import type { KeptHooks } from '../persisted/kept-hooks.ts';
import type { HookTally } from './hook-counts.ts';
import { JobHooks } from './job-hooks.ts';
import type { JobStep } from '../job-instance.ts';
import type { PersistedState } from '../persisted/persisted-state.ts';

export interface HooksOptions {
  readonly world: JobWorld;
  readonly kept: PersistedState;
  readonly log: DaemonLog;
  /** One clause about a step that has just been taken. */
  readonly describe: (name: string, step: JobStep) => string;
  /** Called when the hooks of a job have ended, or are waited for no longer. */
  readonly onIdle: () => void;
}

/**
 * How long the end of a daemon waits for hooks, which is long enough for a notification. Meanwhile it refuses
 * requests.
 */
const PATIENCE_MS = 2_000;

/** The hooks of every job that has any. */
export class Hooks {
  readonly #options: HooksOptions;
  readonly #hooks = new Map<string, JobHooks>();
  /** Restored ones that have not been set in motion yet. */
  readonly #resting = new Set<JobHooks>();
  /** Jobs that are gone: of these nothing is remembered once their last hook has ended. */
  readonly #forgotten = new Set<string>();
  #isBrokenOff = false;

  constructor(options: HooksOptions) {
    this.#options = options;
  }

  /** Whether no hook runs or waits. */
  get #areIdle(): boolean {
    return [...this.#hooks.values()].every(({ isIdle }) => isIdle);
  }

  /** How the newest hook of a job failed; null if it did not. */
  failureOf(name: string): HookFailure | null {
    return this.#hooks.get(name)?.failure ?? null;
  }

  /** For each state with a hook: how often it has run and failed since this daemon began. */
  countsOf({ name, job }: Instance): Readonly<Record<string, HookTally>> {
    const hooks = this.#hooks.get(name);
    return Object.fromEntries(
      Object.keys(job.on).map((state) => [state, hooks?.countsOf(state) ?? { runs: 0, failures: 0 }]),
    );
  }

  /** Restores what an earlier daemon left unfinished; nothing moves before `resume`. */
  restore(isKnown: (name: string) => boolean): void {
    for (const [name, kept] of this.#options.kept.hooks()) {
      const restored = this.#add({ name, number: kept.number, job: kept.job });
      try {
        restored.restore(kept);
        if (!restored.isIdle) this.#resting.add(restored);
        if (!isKnown(name)) this.forget(name);
      } catch (error) {
        this.#hooks.delete(name);
        this.#options.log.line(`state: the hook of ${name} that was kept is of no use (${messageOf(error)})`);
      }
    }
  }

  /** Runs again what an earlier daemon left unfinished. A second call does nothing. */
  resume(): void {
    const restored = [...this.#resting];
    this.#resting.clear();
    for (const hooks of restored) hooks.resume();
  }

  /**
   * Asks for the hook of the state that a step has entered. The hook is persisted before the step: after a
   * crash between the two it runs once more, and the other way round it would be lost.
   */
  note({ name, number, job }: Instance, step: JobStep): void {
    const state = toldState(step.after);
    const from = step.before === null ? null : toldState(step.before);
    if (state === null || state === from || job.on[state] === undefined) return;
    const exit = exitOfNewestRun(step.after.context);
    // The config that the job has now: it may have another one before the hook comes to its turn.
    this.#of({ name, number, job }).entered(job, {
      state,
      from: from ?? '',
      detail: this.#options.describe(name, step),
      exitCode: exit?.code ?? null,
      exitSignal: exit?.signal ?? null,
    });
  }

  /** The job is gone, but its last hook runs to its end. */
  forget(name: string): void {
    this.#forgotten.add(name);
    this.#dropForgotten(name);
  }

  /** Waits for the hooks, but not for long, and kills the others: the next daemon runs them again. */
  async finish(until: (isOver: () => boolean) => Promise<void>): Promise<void> {
    const timer = this.#options.world.clock.after(PATIENCE_MS, () => this.breakOff());
    await until(() => this.#areIdle || this.#isBrokenOff);
    timer.clear();
    for (const hooks of this.#hooks.values()) hooks.leave();
  }

  /** Ends the wait for hooks, now or later. */
  breakOff(): void {
    this.#isBrokenOff = true;
    this.#options.onIdle();
  }

  #of(instance: Instance): JobHooks {
    this.#forgotten.delete(instance.name);
    const known = this.#hooks.get(instance.name);
    if (known !== undefined) return known;
    const added = this.#add(instance);
    added.begin();
    return added;
  }

  #add(instance: Instance): JobHooks {
    const { world, log, kept, onIdle } = this.#options;
    const { name } = instance;
    const added: JobHooks = new JobHooks({
      instance,
      world,
      log,
      keep: (record: KeptHooks | null) => kept.keepHooks(name, record),
      onIdle: () => {
        this.#dropForgotten(name);
        onIdle();
      },
    });
    this.#hooks.set(name, added);
    return added;
  }

  #dropForgotten(name: string): void {
    if (!this.#forgotten.has(name) || this.#hooks.get(name)?.isIdle === false) return;
    this.#forgotten.delete(name);
    this.#hooks.delete(name);
    this.#options.kept.keepHooks(name, null);
  }
}

/** Null while the newest run goes on, or where it never began. */
function exitOfNewestRun({ lastExit, ending, child }: JobContext): JobContext['lastExit'] {
  if (lastExit === null || ending === null) return null;
  return child !== null && Date.parse(lastExit.at) < Date.parse(child.at) ? null : lastExit;
}
