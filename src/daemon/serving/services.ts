import { Fleet } from '../../fleet/fleet.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';
import { PersistedState } from '../../fleet/persisted/persisted-state.ts';
import type { Clock } from '../../host/clock.ts';
import { traceRecord } from '../../host/trace.ts';
import { testMark } from '../../job/environment.ts';
import type { JobLog } from '../../job/logs/job-log.ts';
import type { JobWorld } from '../../job/world.ts';
import type { DaemonStatus, Died, Progress } from '../../wire/messages.ts';
import type { EventFeed } from '../feeds/event-feed.ts';
import { Chronicle } from '../feeds/chronicle.ts';
import { History } from '../feeds/history.ts';
import type { InspectedChart, Inspections } from '../feeds/inspections.ts';
import { settingOf } from '../feeds/job-setting.ts';
import { jobLine } from '../feeds/log-lines.ts';
import { Tallies } from '../feeds/tallies.ts';
import type { InitHomesResult } from '../init-homes.ts';
import { jobWorld } from '../job-world.ts';
import { Lulls } from '../lulls.ts';
import type { DaemonOptions, KeptLogs } from '../ports.ts';
import { PendingNames, ProgressReporter } from '../requests/steer/progress.ts';
import { Requests } from '../requests/requests.ts';

export interface Feeds {
  readonly feed: EventFeed;
  readonly inspections: Inspections;
}

export interface ServicesOptions extends DaemonOptions {
  /** The data folder, once its lock is held. */
  readonly home: Pick<Extract<InitHomesResult, { readonly ok: true }>, 'store' | 'folder' | 'holdsLock'>;
  readonly feeds: Feeds;
  readonly daemon: () => DaemonStatus;
  /** The daemon's own chart as it is now. */
  readonly chart: () => InspectedChart;
  readonly isEnding: () => boolean;
}

/** The parts of the daemon that exist once it holds the lock of its data folder. */
export interface Services {
  readonly kept: PersistedState;
  readonly fleet: Fleet;
  readonly requests: Requests;
  readonly logs: KeptLogs;
  readonly chronicle: Chronicle;
  /** Null where nothing is to be tidied. */
  readonly lulls: Lulls | null;
}

/** Restores the fleet from the journal; nothing moves before `fleet.resume`. */
export function startServices(options: ServicesOptions): Services {
  const { homes, environment, umask, ports, home, feeds, daemon, chart, isEnding } = options;
  const { clock, log } = ports;
  const { store, folder, holdsLock } = home;
  const kept = new PersistedState({ store, folder, holdsFolder: holdsLock, clock, log });
  const world = jobWorld({ homes, environment, umask, folderId: folder.id, ports });
  const history = new History(clock, ports.history, folder.boot);
  const tallies = new Tallies(clock);
  const chronicle = new Chronicle({
    history,
    tallies,
    setting: (name) => settingOf(fleet, name),
    tell: (transition, noted) => {
      const line = jobLine(transition, noted);
      if (line !== null) log.line(line);
      feeds.feed.note(transition);
    },
  });
  const logs = ports.keepLogs((name) => logOf(fleet, world, name));
  const tidy = ports.tidy?.bind(ports);
  const lulls = tidy === undefined ? null : new Lulls({ clock, tidy });
  const fleet = newFleet(options, { kept, world, chronicle, logs, lulls });
  fleet.restore();
  for (const { name } of fleet.all) logs.wake(name);
  world.processes.endOrphanedTests(testMark(folder.id));
  const readConfig = (dir: string) => ports.readConfig(dir);
  const realPath = (path: string) => ports.realPath(path);
  const requests = new Requests({
    fleet,
    world,
    history,
    tallies,
    ...feeds,
    chart,
    readConfig,
    realPath,
    loginTrouble: () => ports.loginTrouble?.() ?? null,
    isEnding,
    daemon,
    kept,
  });
  return { kept, fleet, requests, logs, chronicle, lulls };
}

function newFleet(
  { ports, feeds }: ServicesOptions,
  {
    kept,
    world,
    chronicle,
    logs,
    lulls,
  }: Pick<Services, 'kept' | 'chronicle' | 'logs' | 'lulls'> & { readonly world: JobWorld },
): Fleet {
  const { inspections } = feeds;
  const { log, trace } = ports;
  const fleet = new Fleet({
    world,
    kept,
    log,
    describe: (name, step) => chronicle.describe(name, step),
    onStep: (name, step) => {
      lulls?.noteStep();
      trace?.(traceRecord('job', name, step));
      const { name: job, tags } = fleet.get(name)?.job ?? { name, tags: [] };
      inspections.note('job', name, step, { job, tags });
      chronicle.note(name, job, step);
      if (step.event.type === 'Apply') logs.configure(name);
      if (step.before?.context.child !== step.after.context.child) logs.wake(name);
    },
    isShown: () => trace !== undefined || inspections.hasViewers,
    onForget: (name, job) => {
      chronicle.forget(name);
      logs.forget(name, world.logPath(name), job?.log ?? null);
    },
  });
  return fleet;
}

function logOf(fleet: Fleet, world: JobWorld, name: string): JobLog | null {
  const instance = fleet.get(name);
  if (instance === undefined) return null;
  const { child } = instance.snapshot.context;
  const writer =
    child === null
      ? null
      : {
          pgid: child.pid,
          since: Date.parse(child.at),
          isOurs: () => instance.ownsGroup(child),
          isOvertaken: () => instance.hasLaterChild(child),
        };
  return {
    path: world.logPath(name),
    policy: instance.job.log,
    isProbed: instance.job.ready?.kind === 'log' && instance.state === 'starting',
    child: writer,
    within: (work: () => void) => instance.within(work),
  };
}

export interface EndOptions {
  /** Leave the jobs running for the next daemon. */
  readonly keepJobs: boolean;
  readonly onProgress: (progress: Progress) => void;
  readonly clock: Clock;
}

/** Stops the jobs, unless they are kept, then ends everything that serves. */
export async function endServices(
  { fleet, kept, logs, chronicle, lulls }: Services,
  { feed, inspections }: Feeds,
  { keepJobs, onProgress, clock }: EndOptions,
): Promise<{ readonly died: Died; readonly isPersisted: boolean }> {
  const up = fleet.all.filter(({ isUp }) => isUp).map(({ name }) => name);
  if (!keepJobs) await takeAllDown(fleet, onProgress, clock);
  fleet.leave();
  lulls?.end();
  await fleet.finishHooks();
  logs.end();
  chronicle.flush();
  feed.end();
  inspections.end();
  const isPersisted = await kept.sync();
  kept.close();
  return { died: keepJobs ? { stopped: [], kept: up } : { stopped: up, kept: [] }, isPersisted };
}

/** Stops every job and waits until all of them are down. */
async function takeAllDown(
  fleet: Fleet,
  onProgress: (progress: Progress) => void,
  clock: Clock,
): Promise<void> {
  fleet.resume();
  const names = fleet.all.map(({ name }) => name);
  fleet.takeDown(names, 'Die');
  const pending = new PendingNames(names, {
    isPending: (name) => isDying(fleet.get(name)),
    mayComeBack: () => true,
  });
  pending.look(null);
  const progress = new ProgressReporter({ of: pending.size, report: onProgress, clock });
  await fleet.until((moved) => {
    pending.look(moved);
    progress.note(pending.size, (count) => pending.first(count).flatMap((name) => fleet.get(name) ?? []));
    return pending.size === 0;
  });
  progress.end();
}

const isDying = (instance: JobInstance | undefined): boolean =>
  instance !== undefined && (instance.isUp || instance.isTesting);
