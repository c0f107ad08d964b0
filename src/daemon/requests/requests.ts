import { DAEMON_LOG } from '../../data-folder.ts';
import { constants } from 'node:os';
import type { ConfigReading, Job } from '../../config/config.ts';
import { differences } from '../../plan/differences.ts';
import { instancesOf } from '../../plan/instances.ts';
import { isPattern } from '../../plan/names.ts';
import type { ReportedChange } from '../../plan/change.ts';
import type {
  Answers,
  DaemonStatus,
  Progress,
  Refusal,
  Reply,
  Report,
  Request,
  RequestName,
  Why,
} from '../../wire/messages.ts';
import { isJobState, JOB_STATES } from '../../plan/job-state.ts';
import type { Peer } from '../../wire/peer.ts';
import { SHUTTING_DOWN } from '../../wire/shutting-down.ts';
import type { Before } from './report-change.ts';
import { account, captureBefore, outcomeOf, troubleOf } from './report-change.ts';
import type { EventFeed } from '../feeds/event-feed.ts';
import type { Inspections } from '../feeds/inspections.ts';
import { MOST_INSPECTED, type InspectedChart } from '../feeds/inspections.ts';
import { followEvents, isAskedFor } from './events.ts';
import { configReading } from './config-reading.ts';
import { whyAnswer } from './explain.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { History } from '../feeds/history.ts';
import type { PersistedState } from '../../fleet/persisted-state.ts';
import type { JobInstance } from '../../fleet/job-instance.ts';
import { planAnswer } from './plan.ts';
import { shownPid } from '../../fleet/shown-pid.ts';
import type { JobWorld } from '../../job/job-effects.ts';
import { progressTeller } from './progress-teller.ts';
import { noSuchJob } from './unknown-jobs.ts';
import { waitAnswer } from './wait.ts';

export interface RequestsOptions {
  readonly fleet: Fleet;
  readonly world: JobWorld;
  readonly history: History;
  readonly feed: EventFeed;
  readonly inspections: Inspections;
  /** The daemon's own chart as it is now. */
  readonly chart: () => InspectedChart;
  /** At once, or later where the config is large. */
  readonly readConfig: (dir: string) => ConfigReading | Promise<ConfigReading>;
  /** Whether the daemon is on its way out: nothing may come up any more. */
  readonly isEnding: () => boolean;
  readonly daemon: () => DaemonStatus;
  readonly kept: PersistedState;
}

/** The request but for `DIE`, which the daemon chart answers by its own state `Exit`. */
export type JobRequest = Exclude<Request, { readonly name: 'DIE' }>;

/** Whoever waits for an answer. */
export type Asker = Pick<Peer, 'reply' | 'onGone'>;

type Outcome = Answers[RequestName] | { readonly refusal: Refusal };

/** Answers what clients ask. A request that changes something has begun when `handle` returns; its answer follows when it is done. */
export class Requests {
  readonly #options: RequestsOptions;
  #readings = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** A large config is being read for a trigger or a plan. */
  get isReading(): boolean {
    return this.#readings > 0;
  }

  async handle(request: JobRequest, peer: Asker): Promise<Reply> {
    const outcome = await this.#outcome(request, peer);
    return 'refusal' in outcome ? { kind: 'refusal', ...outcome } : { kind: 'answer', answer: outcome };
  }

  #outcome(request: JobRequest, peer: Asker): Outcome | Promise<Outcome> {
    const { fleet } = this.#options;
    const onProgress = (progress: Progress): void => peer.reply({ kind: 'progress', progress });
    // The others note first how things are, so that they can say what they changed.
    if (
      request.name !== 'apply' &&
      request.name !== 'start' &&
      request.name !== 'restart' &&
      request.name !== 'events'
    )
      fleet.resume();
    switch (request.name) {
      case 'apply':
        return this.#apply(request, onProgress);
      case 'plan':
        return this.#plan(request);
      case 'status':
        return this.#withJobs(request.jobs, request.jobs.length === 0, (jobs) => ({
          daemon: this.#options.daemon(),
          jobs: this.#options.fleet.statusesOf(jobs),
        }));
      case 'why':
        return this.#withJobs([request.job], false, (jobs) => ({ jobs: jobs.map((job) => this.#why(job)) }));
      case 'start':
      case 'restart':
      case 'stop':
        return this.#byHand(request, onProgress);
      case 'signal':
        return this.#withJobs(request.jobs, false, (jobs) => this.#signal(request, jobs));
      case 'events':
        return this.#events(request, peer);
      case 'wait':
        return this.#wait(request, peer);
      case 'inspect':
        return this.#withJobs(request.jobs, request.jobs.length === 0, (jobs) =>
          this.#inspect(request, jobs, peer),
        );
      default:
        return request satisfies never;
    }
  }

  async #apply(
    request: Extract<Request, { name: 'apply' }>,
    onProgress: (progress: Progress) => void,
  ): Promise<Outcome> {
    const { fleet, kept } = this.#options;
    const read = this.#read(request.configDir, request.allowEmpty);
    // Without a wait where there is none: what a trigger changes has begun when `handle` returns.
    const reading = read instanceof Promise ? await read : read;
    if (this.#options.isEnding()) return SHUTTING_DOWN;
    if (!reading.ok) {
      fleet.resume();
      return { ok: false, changes: [], problems: reading.problems };
    }
    if (!kept.settle()) return degraded();
    const before = new Map(fleet.all.map((instance) => [instance.name, captureBefore(instance)]));
    const asked = new Map(instancesOf(reading.config).map(({ name, job }) => [name, job]));
    fleet.apply(reading.config);
    const names = [...new Set([...before.keys(), ...asked.keys()])].toSorted();
    const waitingOn = new Set(names.filter((name) => waitsOn(before.get(name), asked.get(name))));
    const isDone = await this.#settle({ names, wait: request.wait, waitingOn }, onProgress);
    if (!isDone) return interrupted();
    // Taken before the sync: what others ask for meanwhile is no result of this request.
    const answer = report(
      names.map((name) => account(fleet, name, before.get(name) ?? null, asked.get(name) ?? null)),
    );
    return (await kept.sync()) ? answer : unwritten();
  }

  async #plan(request: Extract<Request, { name: 'plan' }>): Promise<Outcome> {
    const read = this.#read(request.configDir, request.allowEmpty);
    const reading = read instanceof Promise ? await read : read;
    if (!reading.ok) return { ok: false, changes: [], problems: reading.problems };
    return {
      ok: true,
      problems: [],
      changes: await planAnswer(this.#options.fleet, reading.config),
    };
  }

  #read(configDir: string, allowEmpty: boolean): ConfigReading | Promise<ConfigReading> {
    const { readConfig, fleet } = this.#options;
    const checked = (reading: ConfigReading): ConfigReading =>
      configReading(reading, { dir: configDir, known: fleet.all.length, allowEmpty });
    const read = readConfig(configDir);
    if (!(read instanceof Promise)) return checked(read);
    this.#readings += 1;
    return read.then(checked).finally(() => (this.#readings -= 1));
  }

  #why(instance: JobInstance): Why {
    const { fleet, history, world } = this.#options;
    return whyAnswer(fleet, instance, {
      log: world.logPath(instance.name),
      history: history.of(instance.name),
    });
  }

  #byHand(
    request: Extract<Request, { name: 'start' | 'restart' | 'stop' }>,
    onProgress: (progress: Progress) => void,
  ): Outcome | Promise<Outcome> {
    const { fleet, kept } = this.#options;
    // Whoever wants jobs up has to hear that there are none; down they are.
    if (request.all && request.name !== 'stop' && fleet.all.length === 0)
      return { refusal: noSuchJob([], fleet) };
    return this.#withJobs(request.jobs, request.all, async (jobs) => {
      if (!kept.settle()) return degraded();
      const before = jobs.map((job) => captureBefore(job));
      const names = jobs.map(({ name }) => name);
      fleet.resume();
      const stuck = request.name === 'restart' ? leftWaiting(jobs, fleet) : null;
      if (stuck !== null) return { refusal: stuck };
      if (request.name === 'stop') fleet.takeDown(names, 'Stop');
      else if (request.name === 'restart') fleet.restart(jobs);
      else for (const job of jobs) fleet.start(job);
      const isJudged = request.name !== 'stop' && !request.all && request.wait;
      const isDone = await this.#settle(
        {
          names,
          wait: request.name === 'stop' || request.wait,
          untilEnded: isJudged,
          goingDown: request.name === 'stop',
        },
        onProgress,
      );
      if (!isDone) return interrupted();
      // Taken before the sync: what others ask for meanwhile is no result of this request.
      const changes = before.map((one) => byHandChange(request.name, one, fleet));
      const answer = report(changes.toSorted((a, b) => (a.job < b.job ? -1 : 1)));
      const ok = answer.ok && !(isJudged && names.some((name) => isDownAfterStart(name, fleet)));
      return (await kept.sync()) ? { ...answer, ok } : unwritten();
    });
  }

  #signal(
    { signal: name, jobs: words }: Extract<Request, { name: 'signal' }>,
    jobs: readonly JobInstance[],
  ): Outcome {
    const signal = (name.startsWith('SIG') ? name : `SIG${name}`) as NodeJS.Signals;
    if (!Object.hasOwn(constants.signals, signal))
      return {
        refusal: { code: 'bad-request', message: `there is no signal ${name}; \`kill -l\` lists them` },
      };
    // Of what a pattern matches, those that run are meant.
    const named = words.filter((word) => !isPattern(word)).flatMap((word) => this.#options.fleet.named(word));
    const down = named.filter((job) => job.snapshot.context.child === null);
    if (down.length > 0)
      return {
        refusal: {
          code: 'not-running',
          message: `${down.map((job) => job.name).join(', ')}: not running, so nothing was signalled`,
        },
      };
    const signalled = jobs.filter(
      ({ snapshot, world }) =>
        snapshot.context.child !== null && world.processes.signal(snapshot.context.child, signal) === 'sent',
    );
    return { signalled: signalled.map((job) => job.name) };
  }

  #events({ jobs, follow }: Extract<Request, { name: 'events' }>, peer: Asker): Outcome | Promise<Outcome> {
    const { fleet, feed } = this.#options;
    const recent = feed.recent();
    const unknown = jobs.filter(
      (word) => fleet.named(word).length === 0 && !recent.some((each) => isAskedFor(each, [word])),
    );
    if (unknown.length > 0) return { refusal: noSuchJob(unknown, fleet) };
    return follow
      ? followEvents(feed, jobs, peer)
      : { events: recent.filter((each) => isAskedFor(each, jobs)) };
  }

  #wait({ jobs: words, state }: Extract<Request, { name: 'wait' }>, peer: Asker): Outcome | Promise<Outcome> {
    if (!isJobState(state))
      return {
        refusal: {
          code: 'bad-request',
          message: `there is no state ${state}; the states are ${JOB_STATES.join(', ')}`,
        },
      };
    return this.#withJobs(words, false, (jobs) =>
      waitAnswer(this.#options.fleet, { names: jobs.map(({ name }) => name), state }, peer),
    );
  }

  #inspect(
    { jobs: words }: Extract<Request, { name: 'inspect' }>,
    jobs: readonly JobInstance[],
    peer: Asker,
  ): Outcome | Promise<Outcome> {
    if (jobs.length > MOST_INSPECTED)
      return {
        refusal: {
          code: 'bad-request',
          message: `${jobs.length} jobs are more than the ${MOST_INSPECTED} that can be inspected at once; name some`,
        },
      };
    const charts = jobs.map(({ name, job, snapshot }): InspectedChart => ({
      machine: 'job',
      id: name,
      job: job.name,
      snapshot,
    }));
    return this.#options.inspections.follow([this.#options.chart(), ...charts], words, peer);
  }

  /**
   * Waits until nothing of the named instances moves, or, without `wait`, until all that need not wait for others are
   * spawned; tells how far it is. False when the daemon was told to end before that. Of those that wait on for others only the test is waited for.
   */
  async #settle(
    {
      names,
      wait,
      waitingOn,
      untilEnded = false,
      goingDown = false,
    }: {
      readonly names: readonly string[];
      readonly wait: boolean;
      readonly waitingOn?: ReadonlySet<string>;
      /** Wait for the end of a run that is meant to end. */
      readonly untilEnded?: boolean;
      /** Every named instance is to be down in the end. */
      readonly goingDown?: boolean;
    },
    onProgress: (progress: Progress) => void,
  ): Promise<boolean> {
    const { fleet } = this.#options;
    const named = (job: string) => ({ job, state: (fleet.get(job) as JobInstance).state });
    const isPending = (name: string): boolean => {
      const instance = fleet.get(name);
      // Somebody else has restarted it meanwhile: this stop does not wait for what the restart waits for.
      if (goingDown && instance?.state === 'waiting' && !fleet.isQueuedToStop(instance)) return false;
      const isRunOver = !(untilEnded && instance?.state === 'running' && instance.isMeantToEnd);
      if (instance === undefined || (isRunOver && fleet.isSettled(instance))) return false;
      if (waitingOn?.has(name) === true) return instance.isTesting;
      return wait || !(isLaunched(instance) || instance.state === 'waiting');
    };
    const tell = progressTeller(names.length, onProgress);
    let pending = names;
    await fleet.until(() => {
      // A client that waits for jobs to come up must not wait on, nor start another daemon, when this one is told to end.
      if (!goingDown && this.#options.isEnding()) return true;
      // Each is waited for once: of many jobs that cannot stay up, some would always be on their way.
      pending = pending.filter(isPending);
      tell(pending.map(named));
      return pending.length === 0;
    });
    return pending.length === 0;
  }

  #withJobs<T>(
    names: readonly string[],
    all: boolean,
    answer: (jobs: readonly JobInstance[]) => T,
  ): T | Outcome {
    const { fleet } = this.#options;
    if (all) return answer(fleet.all);
    const unknown = names.filter((name) => fleet.named(name).length === 0);
    if (unknown.length > 0) return { refusal: noSuchJob(unknown, fleet) };
    return answer([...new Set(names.flatMap((name) => fleet.named(name)))]);
  }
}

/** Whether a job waited for others before a trigger that changes nothing of it: it waits on. */
function waitsOn(before: Before | undefined, job: Job | undefined): boolean {
  if (before === undefined || job === undefined) return false;
  const { childKeys, otherKeys } = differences(before.job, job);
  return childKeys.length + otherKeys.length === 0 && before.known.state === 'waiting';
}

function isLaunched(instance: JobInstance): boolean {
  return instance.snapshot.context.child !== null && !instance.isEnding && !instance.isTesting;
}

/** Why a restart would leave jobs waiting instead of running; null where it would not. */
function leftWaiting(jobs: readonly JobInstance[], fleet: Fleet): Refusal | null {
  const restarted = new Set(jobs);
  for (const job of jobs) {
    const [missing] = fleet.unmet(job).filter(({ other }) => !restarted.has(other));
    if (!job.isUp || missing === undefined) continue;
    const { name, state } = missing.other;
    return {
      code: 'not-running',
      message: `${job.name} would wait for ${name} (${state}) instead of running, so nothing was restarted; start ${name} first`,
    };
  }
  return null;
}

/** Whether a job that was started by hand is not up afterwards, nor has ended with success. */
function isDownAfterStart(name: string, fleet: Fleet): boolean {
  const instance = fleet.get(name);
  if (instance === undefined) return true;
  switch (instance.state) {
    case 'running':
    case 'finished':
    case 'starting':
    case 'testing':
      return false;
    case 'waiting':
      return !instance.isUpAs('finished');
    case 'stopping':
      // It came up, and somebody else restarts it while the other named jobs are waited for.
      return instance.isUnwanted;
    case 'held':
    case 'backoff':
    case 'failed':
    case 'stopped':
      return true;
    default:
      return instance.state satisfies never;
  }
}

function report(changes: readonly ReportedChange[]): Report {
  // A one-shot that failed some time ago and was left as it is, is no failure of this request.
  const isWell = changes.every(
    ({ state, action }) => state !== 'backoff' && (state !== 'failed' || action === 'none'),
  );
  return { ok: isWell, changes, problems: [] };
}

type ByHand = 'start' | 'restart' | 'stop';

/** What a request by hand did to one instance; it may have been removed meanwhile. */
function byHandChange(asked: ByHand, { name, run, known }: Before, fleet: Fleet): ReportedChange {
  const instance = fleet.get(name);
  if (instance === undefined)
    return {
      job: name,
      action: 'remove',
      reason: 'removed',
      facts: [{ kind: 'removedMeanwhile' }],
      state: 'stopped',
      pid: null,
    };
  const { verdict, run: newest, child } = instance.snapshot.context;
  const base = { job: name, state: instance.state, pid: shownPid(child) };
  if (fleet.isBeingRemoved(instance))
    return { ...base, action: 'remove', reason: 'removed', facts: [{ kind: 'notInConfig' }] };
  if (asked === 'stop')
    return {
      ...base,
      action: known.isUp ? 'stop' : 'none',
      reason: 'by-hand',
      facts: known.isUp ? [] : [{ kind: 'wasNotRunning' }],
    };
  if (newest > run)
    return {
      ...base,
      action: known.isUp ? 'restart' : 'start',
      reason: 'by-hand',
      facts: outcomeOf(instance),
    };
  // A start does not ask the test of a job that runs; what it said earlier is beside the point.
  if (instance.isUp && asked === 'start')
    return { ...base, action: 'none', reason: 'unchanged', facts: [{ kind: 'alreadyRunning' }] };
  if (instance.job.test !== null && verdict?.verdict === 'unknown')
    return {
      ...base,
      action: 'none',
      reason: 'test-unknown',
      facts: [{ kind: 'tested', detail: verdict.detail }],
    };
  if (instance.isUp)
    return { ...base, action: 'none', reason: 'unchanged', facts: [{ kind: 'alreadyRunning' }] };
  if (instance.state === 'held')
    return {
      ...base,
      action: known.isUp ? 'stop' : 'none',
      reason: 'test-failed',
      facts: [{ kind: 'tested', detail: verdict?.detail ?? '' }],
    };
  return { ...base, action: 'none', reason: 'by-hand', facts: troubleOf(instance) };
}

function degraded(): Outcome {
  return {
    refusal: {
      code: 'degraded',
      message: `the state cannot be written (${DAEMON_LOG} in the data folder says why), so nothing is changed; make room on the disk and try again`,
    },
  };
}

/** Nothing is promised of a request that its daemon was told to end in the middle of. */
function interrupted(): Outcome {
  return {
    refusal: {
      code: 'degraded',
      message:
        'the daemon was told to end before this was done; say it again to have it done by the next daemon',
    },
  };
}

function unwritten(): Outcome {
  return {
    refusal: {
      code: 'degraded',
      message: `it is done, but could not be written down (${DAEMON_LOG} in the data folder says why): a daemon that comes later would not know of it; make room on the disk and say it again`,
    },
  };
}
