import type { ReportedChange } from '../../src/plan/change.ts';
import type { Report, Request } from '../../src/wire/messages.ts';
import type { World } from './world.ts';

/** How old a report may be: it is built before it is persisted, and an exit is noticed with a delay. */
const TOLD_LATE_MS = 1_500;

/** What a report says of each job is true: it runs with that pid, has ended with success, or has failed. */
export function checkReport(world: World, request: Request, { ok, changes }: Report): void {
  for (const change of changes) {
    const wrong = untrue(world, change);
    if (wrong !== null)
      world.violate(`${change.job} is reported as ${change.state} by ${request.name}, ${wrong}`);
  }
  if (ok && (request.name === 'start' || request.name === 'restart') && request.wait && !request.all)
    for (const { job, state } of changes)
      if (hasFailed(world, job) && !(state === 'running' && hasJustEnded(world, job)))
        world.violate(
          `${request.name} says that all is well, although the run of ${job} that it asked for failed`,
        );
}

function untrue(world: World, { job, state, pid, facts }: ReportedChange): string | null {
  const run = world.watch.runOf(job);
  // A look that throws leaves a job that has ended for alive.
  if (world.schedule.throws !== undefined) return null;
  const isRecent = (at: number | null | undefined): boolean =>
    at !== null && at !== undefined && world.timeline.now - at <= TOLD_LATE_MS;
  switch (state) {
    case 'running': {
      // The end of a child that an earlier daemon started is noticed at the next look.
      if (run?.daemon !== world.owner?.number) return null;
      const isThere = world.table.liveOf(job).some((each) => each.pid === pid || each.pgid === pid);
      const ends = [world.watch.endedAt(pid ?? 0), world.watch.adoptedUntil(pid ?? 0), run?.process.endedAt];
      return isThere || ends.some(isRecent) ? null : 'but it does not run';
    }
    case 'finished':
      return run?.exit === null ||
        run?.exit === undefined ||
        wentWithThePower(world, run) ||
        world.watch.isSuccess(job, run.exit)
        ? null
        : 'but its last run failed';
    case 'failed':
      // A run that ends while it is being stopped for its failed check has failed, whatever its exit code.
      if (facts.some(({ kind }) => kind === 'unhealthy')) return null;
      // A run that was not ready in time has failed, whatever its exit code.
      return run?.exit !== null &&
        run?.exit !== undefined &&
        !run.isAsked &&
        !wentWithThePower(world, run) &&
        !isUnread(world, run) &&
        !world.watch.hasFailedForGood(job) &&
        isMeantToEnd(world, job) &&
        world.watch.isSurelySuccess(job, run.exit)
        ? 'but its last run was a success'
        : null;
    case 'waiting':
    case 'testing':
    case 'held':
    case 'starting':
    case 'stopping':
    case 'backoff':
    case 'stopped':
      return null;
    default:
      return state satisfies never;
  }
}

/** Whether a loss of power may have lost the record of a run. */
function wentWithThePower({ table }: World, { boots }: { readonly boots: number }): boolean {
  return boots < table.boots;
}

/** Whether an exit without a daemon left no record: the disk was full then, or refuses reads now. */
function isUnread({ schedule, files }: World, { endedAt }: { readonly endedAt: number | null }): boolean {
  if (files.refuses) return true;
  return schedule.happenings.some(
    (each) =>
      each.kind === 'full' && endedAt !== null && each.at <= endedAt && endedAt <= each.at + each.forMs,
  );
}

/** Whether a job that is meant to end has failed in its newest run, and the present daemon saw it. */
function hasFailed(world: World, job: string): boolean {
  const { watch, owner } = world;
  const run = watch.runOf(job);
  if (run === undefined || run.exit === null || run.daemon !== owner?.number || run.isAsked) return false;
  return isMeantToEnd(world, job) && !watch.isSuccess(job, run.exit);
}

/** Whether its run may have ended after the report was built. */
function hasJustEnded({ watch, timeline }: World, job: string): boolean {
  const endedAt = watch.runOf(job)?.process.endedAt ?? null;
  return endedAt !== null && timeline.now - endedAt <= TOLD_LATE_MS;
}

/** Whether it is a one-shot or scheduled by every config that it ever has. */
function isMeantToEnd({ watch }: World, job: string): boolean {
  return watch
    .sketchesOf(job)
    .every(({ restart, isProbed, schedule }) => schedule !== null || (restart === 'never' && !isProbed));
}
