import { runClient, type ClientEnd } from '../../../client/run-client.ts';
import type { Request, Status, Transition } from '../../../wire/messages.ts';
import { ask } from '../../ask/ask.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { pause } from '../../ask/pause.ts';
import { laterBy, renderStatus } from '../../render/status.ts';
import { Redrawn } from '../../terminal/live-region.ts';

/**
 * The table of `status`, redrawn after each change and each second, until Ctrl-C or the end of the daemon.
 */
export async function watchStatus(cli: Cli, jobs: readonly string[]): Promise<ExitCode> {
  const begin: { status: Status | null } = { status: null };
  const code = await ask<'status'>(cli, {
    request: { name: 'status', jobs },
    mayLaunch: false,
    render: (status) => {
      begin.status = status;
      return { out: '', json: '', code: EXIT.done };
    },
  });
  return begin.status === null ? code : new StatusWatch(cli, jobs, begin.status).run();
}

/** Changes that come so soon after each other are one. */
const CALM_MS = 80;

class StatusWatch {
  readonly #cli: Cli;
  readonly #jobs: readonly string[];
  readonly #interrupted: AbortSignal;
  readonly #page: Redrawn;
  #status: Status;
  #askedAt: number;
  #wake = new AbortController();
  #hasChanged = false;
  #isOver = false;
  #isUnknown = false;

  constructor(cli: Cli, jobs: readonly string[], status: Status) {
    this.#cli = cli;
    this.#jobs = jobs;
    this.#status = status;
    this.#askedAt = cli.ports.clock.monotonic();
    this.#interrupted = cli.interruption();
    this.#interrupted.addEventListener('abort', () => this.#end());
    this.#page = new Redrawn(cli.report);
  }

  async run(): Promise<ExitCode> {
    const { clock } = this.#cli.ports;
    const following = this.#ask({ name: 'events', jobs: [], follow: true, verbose: true }, (event) =>
      this.#note(event),
    );
    void following.finally(() => this.#end());
    while (!this.#isOver) {
      if (this.#hasChanged) await this.#look();
      if (!(await this.#draw())) return EXIT.done;
      await pause(clock, this.#wake.signal, 1000);
      // Collects changes that follow at once.
      if (!this.#isOver) await pause(clock, this.#interrupted, CALM_MS);
    }
    return this.#last(this.#interrupted.aborted || this.#isUnknown ? null : await following);
  }

  #note({ machine }: Transition): void {
    // Looking is a request, which the daemon's own chart walks through: that is no change.
    if (machine !== 'job') return;
    this.#hasChanged = true;
    this.#wake.abort();
  }

  async #look(): Promise<void> {
    this.#wake = new AbortController();
    this.#hasChanged = false;
    const { reply } = await this.#ask({ name: 'status', jobs: this.#jobs });
    if (reply?.kind === 'answer') this.#status = reply.answer as Status;
    this.#askedAt = this.#cli.ports.clock.monotonic();
    this.#isUnknown = reply?.kind === 'refusal' && reply.refusal.code === 'no-such-job';
    if (this.#isUnknown) this.#end();
  }

  #draw(): Promise<boolean> {
    const { out, outContext, ports } = this.#cli;
    return this.#page.draw(
      renderStatus(
        laterBy(ports.clock.monotonic() - this.#askedAt, this.#status),
        { ...outContext, columns: out.columns, now: ports.clock.wall() },
        { rows: out.rows - 1, isCut: true },
      ),
    );
  }

  #end(): void {
    this.#isOver = true;
    this.#wake.abort();
  }

  async #last(followed: ClientEnd | null): Promise<ExitCode> {
    if (this.#interrupted.aborted) await this.#page.leave();
    if (this.#isUnknown) {
      await this.#cli.err.write('overseer: there is no such job any more\n');
      return EXIT.noSuchJob;
    }
    if (followed === null) return EXIT.done;
    await this.#cli.err.write(
      followed.result.ok ? 'the daemon has ended\n' : 'overseer: the daemon broke off\n',
    );
    return followed.result.ok ? EXIT.done : EXIT.failed;
  }

  #ask(request: Request, showEvent: (event: Transition) => void = () => {}): Promise<ClientEnd> {
    const { homes, ports, onStep } = this.#cli;
    const screen = { showProgress: () => {}, print: () => Promise.resolve(true), showEvent };
    return runClient(
      { request, mayLaunch: false, homes, ports, screen, interrupted: this.#interrupted },
      onStep,
    );
  }
}
