import { candidatesOf, didYouMean } from '../../config/nearest.ts';
import type { Progress, Waited } from '../../wire/messages.ts';
import { JOB_STATES, type JobState } from '../../wire/messages.ts';
import { ask, type Told } from '../ask.ts';
import type { Cli, Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../render/printable.ts';
import { whichJobs } from '../which-jobs.ts';

const DEFAULT_STATE = 'running';

export const wait: Command = {
  words: 'wait [jobs..]',
  about: `Wait until jobs are in a state (${DEFAULT_STATE})`,
  positionals: { jobs: "The jobs, or patterns such as 'web*'" },
  options: {
    all: { type: 'boolean', about: 'Every job' },
    for: { type: 'string', stands: 'STATE', about: `The state: ${JOB_STATES.join(', ')}`, values: JOB_STATES },
    timeout: { type: 'string', stands: 'SECONDS', about: 'Give up after so many seconds' },
  },
  run: (cli) => {
    const which = whichJobs(cli, 'which job? Name it, or say `overseer wait --all`');
    if (!which.ok) return cli.wrongUsage(which.wrong);
    const state = cli.args.text('for') ?? DEFAULT_STATE;
    if (!isJobState(state)) return cli.wrongUsage(`--for: there is no state ${state}${didYouMean(state, candidatesOf(JOB_STATES))}`);
    const seconds = cli.args.text('timeout');
    if (seconds !== null && !/^\d{1,9}(\.\d+)?$/.test(seconds))
      return cli.wrongUsage(`--timeout wants a number of seconds, not ${seconds}`);
    let last: Progress | null = null;
    return ask<'wait'>(cli, {
      request: { name: 'wait', jobs: which.jobs, state },
      mayLaunch: true,
      verb: `waiting for ${state}:`,
      onProgress: (progress) => (last = progress),
      tell: (waited) => tell(waited, state),
      ...(seconds !== null && { breakOff: { signal: after(cli, Number(seconds)), tell: () => tellLate(`${seconds} s`, last) } }),
    });
  },
};

const isJobState = (word: string): word is JobState => (JOB_STATES as readonly string[]).includes(word);

function after({ ports }: Cli, seconds: number): AbortSignal {
  const controller = new AbortController();
  ports.clock.after(seconds * 1000, () => controller.abort());
  return controller.signal;
}

function tell({ ok, stuck, jobs }: Waited, state: JobState): Told {
  if (ok) {
    const names = jobs.map(({ name }) => printable(name));
    return { out: `${names.length === 1 ? `${names[0]} is` : `${names.length} jobs are`} ${state}\n`, json: { ok, jobs }, code: EXIT.done };
  }
  const message = stuck.map((each) => (each.state === null ? `${each.job} was removed` : `${each.job} is ${each.state}`)).join(', ');
  const [first] = stuck;
  const next = first === undefined || first.state === null ? '' : `; \`overseer why ${first.job}\` says why`;
  return failed('stuck', `${message}, so it will not be ${state} by itself${next}`, jobs);
}

/** What was still under way when the time was up. */
function tellLate(time: string, last: Progress | null): Told {
  const pending = last?.pending.map(({ job, state }) => `${job} is ${state}`).join(', ') ?? '';
  return failed('timeout', `timed out after ${time}${pending === '' ? '' : `: ${pending}`}`, []);
}

function failed(code: string, message: string, jobs: Waited['jobs']): Told {
  return { out: '', err: `overseer: ${printable(message)}\n`, json: { ok: false, jobs, error: { code, message } }, code: EXIT.failed };
}
