import type { Fleet } from '../../../fleet/fleet.ts';
import type { JobInstance } from '../../../fleet/job-instance.ts';
import type { Progress } from '../../../wire/messages.ts';
import type { RequestContext } from '../context.ts';
import { PendingNames, ProgressReporter } from './progress.ts';

export interface SettleOptions {
  readonly names: readonly string[];
  /** False: return as soon as every instance that need not wait for another one is spawned. */
  readonly wait: boolean;
  /**
   * Instances that wait for others, or are stopped by other requests, in any case; of these only the test is
   * awaited.
   */
  readonly unrequested?: ReadonlySet<string>;
  /** Instances that go down for good; without `wait` they are not awaited. */
  readonly leaving?: ReadonlySet<string>;
  /** Wait until a run that is meant to end has ended. */
  readonly untilEnded?: boolean;
  /** The request takes every named instance down. */
  readonly goingDown?: boolean;
}

export interface Settled {
  /** False when the daemon began to shut down before that. */
  readonly isDone: boolean;
  /** Instances that were seen in `backoff`: by now they may be on their way up again. */
  readonly fallen: ReadonlySet<string>;
}

/** Waits until the named instances have come to rest, and reports progress. */
export async function settle(
  context: RequestContext,
  options: SettleOptions,
  onProgress: (progress: Progress) => void,
): Promise<Settled> {
  const { fleet, isEnding, world } = context;
  const { names, untilEnded = false, goingDown = false } = options;
  const progress = new ProgressReporter({ of: names.length, report: onProgress, clock: world.clock });
  const named = new Set(names);
  const fallen = new Set<string>();
  // An instance that has settled once is not awaited again: among many jobs that cannot stay up, some would
  // always be pending. An instance that waited for a dependency may have started since; then its run decides.
  const mayComeBack = (name: string): boolean => untilEnded && !fallen.has(name);
  const pending = new PendingNames(names, {
    isPending: (name) => isPending(context, options, name),
    mayComeBack,
    waits: {
      waitingFor: (name) => fleet.waitingFor(name).map((each) => each.name),
      outlook: (name) => isSettled(fleet, name),
    },
  });
  await fleet.until((moved) => {
    // A client that waits for jobs to start must not wait for a daemon that is shutting down, nor start
    // another one.
    if (!goingDown && isEnding()) return true;
    if (untilEnded) for (const name of fallen) pending.drop(name);
    pending.look(moved);
    for (const name of moved ?? names)
      if (named.has(name) && fleet.get(name)?.state === 'backoff') fallen.add(name);
    progress.note(pending.size, (count) => pending.first(count).flatMap((name) => fleet.get(name) ?? []));
    return pending.size === 0;
  });
  progress.end();
  return { isDone: pending.size === 0, fallen };
}

function isSettled(fleet: Fleet, name: string): boolean {
  const instance = fleet.get(name);
  return instance === undefined || fleet.isSettled(instance);
}

function isPending({ fleet }: RequestContext, options: SettleOptions, name: string): boolean {
  const { wait, unrequested, leaving, untilEnded = false, goingDown = false } = options;
  const instance = fleet.get(name);
  // Another client has restarted the job meanwhile. This stop does not wait for what that restart waits for.
  if (goingDown && instance?.state === 'waiting' && !fleet.isQueuedToStop(instance)) return false;
  const isRunOver = !(untilEnded && instance?.state === 'running' && instance.isMeantToEnd);
  if (instance === undefined || (isRunOver && fleet.isSettled(instance))) return false;
  if (unrequested?.has(name) === true) return instance.isTesting;
  if (!wait && (leaving?.has(name) === true || fleet.waitsInRoll(instance))) return false;
  return wait || !(isLaunched(instance) || instance.state === 'waiting');
}

function isLaunched(instance: JobInstance): boolean {
  return instance.snapshot.context.child !== null && !instance.isEnding && !instance.isTesting;
}
