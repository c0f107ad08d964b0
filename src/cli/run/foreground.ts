import { dataFolder } from '../../data-folder.ts';
import { join } from 'node:path';
import type { AttachedDaemon } from '../../client/ports.ts';
import { runClient, type ClientEnd } from '../../client/run-client.ts';
import type { Homes } from '../../homes.ts';
import type { JobStatus, Report, Request, Status, Transition } from '../../wire/messages.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { LogTails, type LogsSink } from '../logs/print-logs.ts';
import { pause } from '../ask/pause.ts';
import { nameColumnOf, sinkFor } from '../logs/sinks.ts';
import { eventJson } from '../render/events.ts';
import { styled } from '../terminal/render-context.ts';
import { printable, printableJson } from '../../text/printable.ts';
import { renderProblems } from '../render/problems.ts';
import { endingOf, outlookWords } from './verdict.ts';
import { endJobs } from './end-jobs.ts';
import { childIn, describeTransition } from './describe-transition.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** How often jobs that do not end are killed again. */
const KILL_MS = 300;

/** How long a daemon that has answered `DIE` may take to exit. */
const LAST_POLL_MS = 10;
const LAST_POLLS = 300;

export interface ForegroundOptions {
  readonly homes: Homes;
  readonly daemon: AttachedDaemon;
  /** Every instance that the config asks for. */
  readonly names: readonly string[];
  /** The named jobs and their dependencies; all jobs if none is named. */
  readonly jobs: readonly string[];
}

/**
 * Runs jobs in a terminal: prints their output and transitions until every job has ended or the user
 * interrupts.
 */
export class Foreground {
  readonly #cli: Cli;
  readonly #options: ForegroundOptions;
  readonly #sink: LogsSink;
  readonly #tails: LogTails;
  readonly #nameColumn: (name: string) => string;
  /** Jobs already reported as unable to start. */
  readonly #stuck = new Set<string>();
  readonly #news: Transition[] = [];
  /**
   * Jobs that may print: output is shown after the line about the start and before the line about the end.
   */
  readonly #up = new Set<string>();
  #wake = new AbortController();
  #isRead = true;
  #isEnding = false;
  /** The daemon knows the jobs. */
  #hasBegun = false;
  #hasLooked = false;
  #code: ExitCode = EXIT.done;
  /** The reason of a failure; null while there is none. */
  #blame: string | null = null;

  constructor(cli: Cli, options: ForegroundOptions) {
    this.#cli = cli;
    this.#options = options;
    const { names, homes } = options;
    this.#sink = sinkFor({
      out: cli.out,
      context: cli.outContext,
      names,
      json: cli.args.flag('json'),
      isSingle: false,
      withTimes: false,
    });
    this.#tails = new LogTails(
      { dir: dataFolder(homes.data).logs, tail: { lines: 0, since: -Infinity }, names: () => names },
      this.#sink,
    );
    this.#nameColumn = nameColumnOf(names, cli.outContext);
  }

  async run(): Promise<ExitCode> {
    await this.#forget();
    this.#listenToSignals();
    let isOver = false;
    const end = this.#follow(() => void this.#begin()).finally(() => {
      isOver = true;
      this.#wake.abort();
    });
    while (!isOver) {
      await this.#round();
      await pause(this.#cli.ports.clock, this.#wake.signal);
    }
    await this.#round();
    await this.#printLogs(this.#options.names);
    if (this.#isRead) await this.#sink.flush(Infinity);
    this.#tails.end();
    return this.#codeOf(await end);
  }

  /**
   * Receives every transition until the daemon ends. `onFollowing` is called once no transition can be
   * missed.
   */
  #follow(onFollowing: () => void): Promise<ClientEnd> {
    let isFollowing = false;
    return this.#ask({ name: 'events', jobs: [], follow: true, verbose: true }, (event) => {
      if (!isFollowing) onFollowing();
      isFollowing = true;
      if (event.machine !== 'job') return;
      this.#news.push(event);
      this.#wake.abort();
    });
  }

  /** Applies a config without jobs first, so that the daemon forgets the jobs of an earlier `run`. */
  async #forget(): Promise<void> {
    await this.#ask({
      name: 'apply',
      configDir: join(this.#options.homes.data, 'none'),
      replace: true,
      wait: true,
      allowEmpty: true,
    });
  }

  async #begin(): Promise<void> {
    const { config } = this.#options.homes;
    const { reply } = await this.#ask({
      name: 'apply',
      configDir: config,
      wait: false,
      allowEmpty: true,
      replace: true,
      ...(this.#options.jobs.length > 0 && { jobs: this.#options.jobs }),
    });
    if (reply?.kind !== 'answer')
      return this.#fail(
        `the config was not applied: ${reply?.kind === 'refusal' ? reply.refusal.message : 'no answer'}`,
      );
    const report = reply.answer as Report;
    if (report.problems.length === 0) {
      this.#hasBegun = true;
      return this.#wake.abort();
    }
    this.#code = EXIT.config;
    await this.#cli.err.write(renderProblems(report.problems));
    this.#stop();
  }

  /**
   * Prints the transitions since the last round and the output between them, in their order as far as it is
   * known.
   */
  async #round(): Promise<void> {
    this.#wake = new AbortController();
    const isDue = this.#hasBegun && (this.#news.length > 0 || !this.#hasLooked);
    for (const event of this.#news.splice(0)) {
      const child = childIn(event.to);
      if (this.#up.has(event.id)) await this.#printLogs([event.id]);
      await this.#printEvent(event);
      if (event.event === 'Spawned') this.#up.add(event.id);
      else if (!/^(Up|Ending)/.test(child)) this.#up.delete(event.id);
    }
    await this.#printLogs([...this.#up]);
    if (!this.#isRead) this.#stop();
    else if (isDue && !this.#isEnding) await this.#look();
  }

  /** Ends `run` when no remaining job can come up, and reports each job as soon as it cannot. */
  async #look(): Promise<void> {
    this.#hasLooked = true;
    const jobs = await this.#jobs();
    if (jobs.length === 0) return;
    for (const job of jobs) await this.#noteOutlook(job);
    const ending = endingOf(jobs, this.#cli.args.flag('exit-on-failure'));
    if (ending === null) return;
    this.#blame = ending.blame;
    this.#stop();
  }

  async #noteOutlook({ name, outlook = null }: JobStatus): Promise<void> {
    if (outlook === null) return void this.#stuck.delete(name);
    if (this.#stuck.has(name)) return;
    this.#stuck.add(name);
    if (!this.#cli.args.flag('json')) await this.#printNote(name, `will not start: ${outlookWords(outlook)}`);
  }

  async #printLogs(names: readonly string[]): Promise<void> {
    this.#isRead &&= await this.#tails.print(this.#cli.ports.clock.monotonic(), names);
  }

  async #printEvent(event: Transition): Promise<void> {
    const { args, out } = this.#cli;
    if (args.flag('json'))
      return void (this.#isRead &&= await out.write(`${printableJson(eventJson(event), 0)}\n`));
    const words = describeTransition(event);
    if (words === null || words === '') return;
    await this.#printNote(event.id, words);
  }

  async #printNote(name: string, words: string): Promise<void> {
    const { out, outContext } = this.#cli;
    const line = `${this.#nameColumn(name)} ${styled(`* ${printable(words)}`, 'dim', outContext)}\n`;
    this.#isRead &&= await out.write(line);
  }

  #listenToSignals(): void {
    const { interruption, err, ports } = this.#cli;
    interruption(...SIGNALS).addEventListener('abort', () => {
      const again = interruption(...SIGNALS);
      const kill = (): void => {
        this.#options.daemon.signal('SIGQUIT');
        ports.clock.after(KILL_MS, kill);
      };
      again.addEventListener('abort', kill);
      void err.write('overseer: stopping; once more to kill what is left\n');
      this.#stop();
    });
  }

  /** Every job is stopped, then the daemon. */
  #stop(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    void this.#die();
  }

  async #jobs(): Promise<readonly JobStatus[]> {
    const { reply } = await this.#ask({ name: 'status', jobs: [] });
    return reply?.kind === 'answer' ? (reply.answer as Status).jobs : [];
  }

  async #die(): Promise<void> {
    const jobs = await this.#jobs();
    const hasFailed = this.#blame !== null || jobs.some(({ state }) => state === 'failed');
    if (this.#code === EXIT.done && hasFailed) this.#code = EXIT.failed;
    await this.#ask({ name: 'DIE', keepJobs: false });
  }

  #fail(message: string): void {
    this.#code = EXIT.failed;
    void this.#cli.fail({ code: 'apply', message, exit: EXIT.failed });
    this.#stop();
  }

  async #codeOf({ result }: ClientEnd): Promise<ExitCode> {
    if (!result.ok) return this.#endWithoutDaemon();
    // Waits for the daemon to end, so that the same `run` can begin again at once.
    for (let polls = 0; polls < LAST_POLLS && this.#options.daemon.exitCode() === null; polls += 1)
      await new Promise<void>((done) => void this.#cli.ports.clock.after(LAST_POLL_MS, done));
    const blame = this.#blame;
    return blame === null ? this.#code : this.#cli.fail({ code: 'stuck', message: blame, exit: EXIT.failed });
  }

  /** The jobs must not outlive `run`: no daemon would know of them. */
  async #endWithoutDaemon(): Promise<ExitCode> {
    const { homes, daemon } = this.#options;
    const logged = daemon.logTail();
    const hasEnded = await endJobs({
      ports: this.#cli.ports,
      homes,
      daemon,
      jobs: () => this.#jobs(),
      die: async () => (await this.#ask({ name: 'DIE', keepJobs: false })).result.ok,
    });
    const jobs = hasEnded
      ? 'so every job was ended'
      : `and its jobs could not be ended: \`overseer --data ${homes.data} apply\` finds them`;
    const message = `the daemon broke off, ${jobs}; it logged:\n${logged}`;
    return this.#cli.fail({ code: 'read', message, exit: EXIT.failed });
  }

  #ask(request: Request, showEvent: (event: Transition) => void = () => {}): Promise<ClientEnd> {
    const { ports, onStep } = this.#cli;
    const screen = { showProgress: () => {}, print: () => Promise.resolve(true), showEvent };
    return runClient({ request, mayLaunch: false, homes: this.#options.homes, ports, screen }, onStep);
  }
}
