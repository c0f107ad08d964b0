import { lastLines } from '../cli/logs/last-lines.ts';
import { eventJson } from '../cli/render/events.ts';
import { jobJson, statusJson } from '../cli/render/status.ts';
import { whyJson } from '../cli/render/why.ts';
import { reportJson } from '../cli/words/change-words.ts';
import { stuckWords } from '../cli/words/stuck-words.ts';
import { dataFolder } from '../data-folder.ts';
import type { Answers, Progress, Request, TriggerRequest } from '../wire/messages.ts';
import { sendBytes } from '../cli/stdin/send-bytes.ts';
import { NoDaemonError, NoSuchJobError, RefusedError, StuckError, TimedOutError } from './errors.ts';
import { followEvents } from './follow-events.ts';
import { iterate } from './iterate.ts';
import { planOf } from './plan-of.ts';
import { readLogs } from './read-logs.ts';
import { requestOf, type Requested, type Target } from './request.ts';
import type {
  ChangeOptions,
  DaemonJson,
  EventJson,
  JobJson,
  JobNames,
  LogLine,
  OnlyJobs,
  OverseerClient,
  ReportOfJobs,
  RequestOptions,
  StatusJson,
  WhyOfJob,
} from './types.ts';

type Options<Method extends 'wait' | 'events' | 'logs'> = NonNullable<
  Parameters<OverseerClient[Method]>[Method extends 'events' ? 0 : 1]
>;

/**
 * Each call opens its own connection and runs the client chart, so the daemon that runs at that moment
 * answers.
 */
export class ClientOfDaemon implements OverseerClient {
  readonly daemon: DaemonJson | null;
  readonly #target: Target;
  readonly #closing = new AbortController();

  /** A client that has not looked yet whether a daemon runs. */
  constructor(target: Target, daemon: DaemonJson | null = null) {
    this.#target = target;
    this.daemon = daemon;
  }

  /** Rejects where no daemon runs, unless one may be started. */
  static async connected(target: Target): Promise<ClientOfDaemon> {
    try {
      const request = { name: 'status', jobs: [] } as const;
      const { daemon } = await requestOf<'status'>(target, { request, signals: [] });
      return new ClientOfDaemon(target, daemon);
    } catch (error) {
      if (target.mayLaunch && error instanceof NoDaemonError) return new ClientOfDaemon(target, null);
      throw error;
    }
  }

  async status(jobs: JobNames = [], options: RequestOptions = {}): Promise<StatusJson> {
    return statusJson(await this.#request<'status'>({ name: 'status', jobs: namesOf(jobs) }, options));
  }

  async why(job: string, options: RequestOptions = {}): Promise<WhyOfJob> {
    const { jobs } = await this.#request<'why'>({ name: 'why', job }, options);
    const [first] = jobs;
    if (first === undefined || jobs.length > 1)
      throw new NoSuchJobError('no-such-job', `${job} means ${jobs.length} instances: name one of them`);
    const { logs } = dataFolder(this.#target.homes.data);
    return whyJson(first, lastLines(logs, first.status.name));
  }

  async plan(options: RequestOptions & OnlyJobs = {}): Promise<ReportOfJobs> {
    return reportJson(await planOf(this.#target, this.#signals(options), triggerOf(options)));
  }

  apply(options: ChangeOptions & OnlyJobs = {}): Promise<ReportOfJobs> {
    const { config } = this.#target.homes;
    const { wait = true } = options;
    const request = { name: 'apply', configDir: config, wait, allowEmpty: false } as const;
    return this.#change<'apply'>({ ...request, ...triggerOf(options) }, options);
  }

  start(jobs: JobNames, options: ChangeOptions = {}): Promise<ReportOfJobs> {
    const { wait = true } = options;
    return this.#change<'start'>({ name: 'start', jobs: namesOf(jobs), all: false, wait }, options);
  }

  stop(jobs: JobNames, options: ChangeOptions = {}): Promise<ReportOfJobs> {
    return this.#change<'stop'>({ name: 'stop', jobs: namesOf(jobs), all: false }, options);
  }

  restart(
    jobs: JobNames,
    options: ChangeOptions & { readonly rolling?: boolean } = {},
  ): Promise<ReportOfJobs> {
    const { wait = true, rolling = false } = options;
    const request = { name: 'restart', jobs: namesOf(jobs), all: false, wait } as const;
    return this.#change<'restart'>(rolling ? { ...request, rolling } : request, options);
  }

  async signal(signal: string, jobs: JobNames, options: RequestOptions = {}): Promise<readonly string[]> {
    const request = { name: 'signal', signal, jobs: namesOf(jobs) } as const;
    return (await this.#request<'signal'>(request, options)).signalled;
  }

  async send(
    jobs: JobNames,
    text: string | Uint8Array,
    options: RequestOptions = {},
  ): Promise<readonly string[]> {
    const request = { name: 'stdin', jobs: namesOf(jobs) } as const;
    const { inputs } = await this.#request<'stdin'>(request, options);
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    const problems = await Promise.all(inputs.map((input) => sendBytes(input, bytes)));
    const problem = problems.find((each) => each !== null) ?? null;
    if (problem !== null) throw new RefusedError('not-read', problem);
    return inputs.map(({ job }) => job);
  }

  async wait(jobs: JobNames, options: Options<'wait'> = {}): Promise<readonly JobJson[]> {
    const { for: states = 'running', timeoutMs, onProgress } = options;
    const time = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs);
    const request = { name: 'wait', jobs: namesOf(jobs), state: [states].flat().join(',') } as const;
    try {
      const waited = await this.#request<'wait'>(request, options, { time, onProgress });
      if (!waited.ok)
        throw new StuckError('stuck', `${stuckWords(waited.stuck)}, so it cannot be waited for any longer`);
      return waited.jobs.map(jobJson);
    } catch (error) {
      if (time?.aborted !== true || options.signal?.aborted === true) throw error;
      throw new TimedOutError('timeout', `timed out after ${(timeoutMs ?? 0) / 1000} s`);
    }
  }

  events(options: Options<'events'> = {}): AsyncIterableIterator<EventJson> {
    const { jobs = [], follow = true, reconnect = false, verbose = false } = options;
    return iterate<EventJson>((sink) =>
      followEvents(this.#target, {
        jobs: namesOf(jobs),
        follow,
        verbose,
        reconnect,
        signals: [...this.#signals(options), sink.left],
        give: (event) => sink.give(eventJson(event)),
      }),
    );
  }

  logs(jobs: JobNames = [], options: Options<'logs'> = {}): AsyncIterableIterator<LogLine> {
    const { lines = 20, since, follow = false } = options;
    return iterate<LogLine>((sink) =>
      readLogs(this.#target, {
        jobs: namesOf(jobs),
        tail: { lines, since: since?.getTime() ?? -Infinity },
        follow,
        interrupted: AbortSignal.any([...this.#signals(options), sink.left]),
        give: sink.give,
      }),
    );
  }

  close(): void {
    this.#closing.abort();
  }

  async #change<Name extends 'apply' | 'start' | 'stop' | 'restart'>(
    request: Request & { readonly name: Name },
    options: ChangeOptions,
  ): Promise<ReportOfJobs> {
    return reportJson(await this.#request<Name>(request, options, { onProgress: options.onProgress }));
  }

  #request<Name extends Request['name']>(
    request: Request & { readonly name: Name },
    options: RequestOptions,
    { time = null, onProgress }: RequestExtras = {},
  ): Promise<Answers[Name]> {
    const { homes, ports } = this.#target;
    const isStarting = request.name === 'apply' || request.name === 'start';
    const mayLaunch = this.#target.mayLaunch && isStarting && ports.hasConfig(homes);
    const requested: Requested<Name> = {
      request,
      mayLaunch,
      signals: [...this.#signals(options), ...(time === null ? [] : [time])],
      ...(onProgress && { screen: { showProgress: onProgress } }),
    };
    return requestOf<Name>(this.#target, requested);
  }

  #signals({ signal }: RequestOptions): readonly AbortSignal[] {
    return signal === undefined ? [this.#closing.signal] : [this.#closing.signal, signal];
  }
}

interface RequestExtras {
  readonly time?: AbortSignal | null;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Which jobs a trigger is about, if not all. */
const triggerOf = ({ jobs }: OnlyJobs): Pick<TriggerRequest, 'jobs'> =>
  jobs === undefined ? {} : { jobs: namesOf(jobs) };

const namesOf = (jobs: JobNames): readonly string[] => [jobs].flat();
