import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import type { Clock } from '../../host/clock.ts';
import type { Progress, Waited } from '../../wire/messages.ts';
import { isJobState, JOB_STATES, type JobState } from '../../plan/job-state.ts';
import { askSilently } from '../ask/ask-silently.ts';
import { ask, type Rendered } from '../ask/ask.ts';
import type { Cli, Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../../text/printable.ts';
import { jobJson } from '../render/status.ts';
import { whichJobs } from '../argv/which-jobs.ts';

const DEFAULT_STATE = 'running';

export const wait: Command = {
  words: 'wait [jobs..]',
  about: `Wait until jobs are in a state (${DEFAULT_STATE})`,
  positionals: { jobs: "The jobs, or patterns such as 'web*' or tag:NAME" },
  options: {
    all: { type: 'boolean', about: 'Every job' },
    for: {
      type: 'string',
      stands: 'STATE',
      about: `The state: ${JOB_STATES.join(', ')}`,
      values: JOB_STATES,
    },
    timeout: { type: 'string', stands: 'SECONDS', about: 'Give up after so many seconds' },
  },
  run: (cli) => {
    const which = whichJobs(cli, 'which job? Name it, or say `overseer wait --all`');
    if (!which.ok) return cli.wrongUsage(which.wrong);
    const state = cli.args.text('for') ?? DEFAULT_STATE;
    if (!isJobState(state))
      return cli.wrongUsage(
        `--for: there is no state ${state}${didYouMean(state, candidatesOf(JOB_STATES)) || `; there are ${JOB_STATES.join(', ')}`}`,
      );
    const seconds = cli.args.text('timeout');
    if (seconds !== null && !/^\d{1,9}(\.\d+)?$/.test(seconds))
      return cli.wrongUsage(`--timeout wants a number of seconds, not ${seconds}`);
    let last: Progress | null = null;
    const patience = new Patience(cli.ports.clock, seconds === null ? Infinity : Number(seconds));
    return ask<'wait'>(cli, {
      request: { name: 'wait', jobs: which.jobs, state },
      mayLaunch: false,
      verb: `waiting for ${state}:`,
      onProgress: (progress) => {
        last = progress;
        patience.noteWord();
      },
      onWait: () => patience.noteWord(),
      render: (waited) => renderOutcome(waited, state),
      breakOff: { signal: patience.isOver, render: () => renderTimeout(cli, which.jobs, { seconds, last }) },
    });
  },
};

/** Is over when the time is up, but not before the daemon has said once how things are. */
class Patience {
  readonly #controller = new AbortController();
  #isUp = false;
  #hasWord = false;

  constructor(clock: Clock, seconds: number) {
    if (seconds !== Infinity)
      clock.after(seconds * 1000, () => {
        this.#isUp = true;
        this.#end();
      });
  }

  get isOver(): AbortSignal {
    return this.#controller.signal;
  }

  noteWord(): void {
    this.#hasWord = true;
    this.#end();
  }

  #end(): void {
    if (this.#isUp && this.#hasWord) this.#controller.abort();
  }
}

function renderOutcome({ ok, stuck, jobs }: Waited, state: JobState): Rendered {
  if (ok) {
    const names = jobs.map(({ name }) => printable(name));
    return {
      out: `${names.length === 1 ? `${names[0]} is` : `${names.length} jobs are`} ${state}\n`,
      json: { ok, jobs: jobs.map(jobJson) },
      code: EXIT.done,
    };
  }
  const message = stuck
    .map((each) => (each.state === null ? `${each.job} was removed` : `${each.job} is ${each.state}`))
    .join(', ');
  const [first] = stuck;
  const next = first === undefined || first.state === null ? '' : `; \`overseer why ${first.job}\` says why`;
  return failed('stuck', `${message}, so it will not be ${state} by itself${next}`, jobs);
}

/** What was still under way when the time was up. */
async function renderTimeout(
  cli: Cli,
  jobs: readonly string[],
  { seconds, last }: { readonly seconds: string | null; readonly last: Progress | null },
): Promise<Rendered> {
  const pending = last?.pending.map(({ job, state }) => `${job} is ${state}`).join(', ') ?? '';
  const now = cli.args.flag('json') ? await askSilently(cli, { name: 'status', jobs }) : null;
  return failed(
    'timeout',
    `timed out after ${seconds} s${pending === '' ? '' : `: ${pending}`}`,
    now?.jobs ?? [],
  );
}

function failed(code: string, message: string, jobs: Waited['jobs']): Rendered {
  return {
    out: '',
    err: `overseer: ${printable(message)}\n`,
    json: { ok: false, jobs: jobs.map(jobJson), error: { code, message } },
    code: EXIT.failed,
  };
}
