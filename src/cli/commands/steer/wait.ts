import { candidatesOf, didYouMean } from '../../../text/did-you-mean.ts';
import type { Clock } from '../../../host/clock.ts';
import type { Progress, Waited } from '../../../wire/messages.ts';
import { isJobState, JOB_STATES } from '../../../plan/job-state.ts';
import { stuckWords } from '../../words/stuck-words.ts';
import { askSilently } from '../../ask/ask-silently.ts';
import { ask, type Rendered } from '../../ask/ask.ts';
import type { Cli, Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { printable } from '../../../text/printable.ts';
import { jobJson } from '../../render/status.ts';
import { whichJobs } from '../../argv/which-jobs.ts';

const DEFAULT_STATE = 'running';

export const wait: Command = {
  words: 'wait [jobs..]',
  about: `Wait until jobs are in a state (${DEFAULT_STATE})`,
  needsWords: true,
  positionals: { jobs: "The jobs, or patterns such as 'web*' or tag:NAME" },
  options: {
    all: { type: 'boolean', about: 'Every job' },
    for: {
      type: 'string',
      stands: 'STATE',
      about: `The state, or several with commas: ${JOB_STATES.join(', ')}`,
      values: JOB_STATES,
      isList: true,
    },
    timeout: { type: 'string', stands: 'SECONDS', about: 'Give up after this many seconds' },
  },
  run: (cli) => {
    const which = whichJobs(cli, 'which job? Name it, or say `overseer wait --all`');
    if (!which.ok) return cli.wrongUsage(which.wrong);
    const states = statesIn(cli.args.words('for'));
    const unknown = states.find((state) => !isJobState(state));
    if (unknown !== undefined) return cli.wrongUsage(unknownState(unknown, states.length > 1));
    const goal = states.join(' or ');
    const seconds = cli.args.text('timeout');
    if (seconds !== null && !/^\d{1,9}(\.\d+)?$/.test(seconds))
      return cli.wrongUsage(`--timeout wants a number of seconds, not ${seconds}`);
    let last: Progress | null = null;
    const patience = new Patience(cli.ports.clock, seconds === null ? Infinity : Number(seconds));
    return ask<'wait'>(cli, {
      request: { name: 'wait', jobs: which.jobs, state: states.join(',') },
      mayLaunch: false,
      verb: `waiting for ${goal}:`,
      onProgress: (progress) => {
        last = progress;
        patience.noteWord();
      },
      onWait: () => patience.noteWord(),
      render: (waited) => renderOutcome(waited, goal),
      breakOff: { signal: patience.isOver, render: () => renderTimeout(cli, which.jobs, { seconds, last }) },
    });
  },
};

/** An empty state is what a blank after a comma leaves, since a shell takes the rest for another word. */
function unknownState(state: string, isOneOfSeveral: boolean): string {
  const all = `; there are ${JOB_STATES.join(', ')}`;
  if (state !== '')
    return `--for: there is no state ${state}${didYouMean(state, candidatesOf(JOB_STATES)) || all}`;
  return isOneOfSeveral
    ? '--for wants a state on each side of a comma, and no blanks, as in --for running,failed'
    : `--for wants a state${all}`;
}

/** Of `--for running,failed --for held` all three. */
function statesIn(given: readonly string[]): readonly string[] {
  const words = given.flatMap((word) => word.split(',')).map((word) => word.trim());
  return words.length === 0 ? [DEFAULT_STATE] : [...new Set(words)];
}

/** Aborts after the timeout, but never before the first progress message. */
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

function renderOutcome({ ok, stuck, jobs }: Waited, goal: string): Rendered {
  if (ok) {
    const [first] = jobs;
    const isOne = jobs.length === 1 && first !== undefined;
    return {
      out: isOne ? `${printable(first.name)} is ${first.state}\n` : `${jobs.length} jobs are ${goal}\n`,
      json: { ok, jobs: jobs.map(jobJson) },
      code: EXIT.done,
    };
  }
  const [first] = stuck;
  const why = first === undefined || first.state === null ? '' : `; \`overseer why ${first.job}\` says why`;
  const all = stuck.length === 1 ? 'it' : 'they';
  const message =
    `${stuckWords(stuck)}, so ${all} will not be ${goal} by ` +
    `${all === 'it' ? 'itself' : 'themselves'}${why}`;
  return failed('stuck', message, jobs);
}

/** Says which jobs were still pending at the timeout. */
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
