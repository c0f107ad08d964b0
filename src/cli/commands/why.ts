import { ask } from '../ask/ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import type { Why } from '../../wire/messages.ts';
import { painted, type Look } from '../terminal/render-context.ts';
import { printable } from '../../text/printable.ts';
import { renderWhy, whyJson } from '../render/why.ts';

export const why: Command = {
  words: 'why [job]',
  about: 'Say why a job is in its state, and what comes next',
  positionals: { job: "The job, an instance of it, or a pattern such as 'web*' or tag:NAME" },
  run: (cli) => {
    const job = cli.args.text('job');
    if (job === null) return cli.wrongUsage('which job?');
    return ask<'why'>(cli, {
      request: { name: 'why', job },
      mayLaunch: false,
      tell: ({ jobs }) => ({
        out: renderAll(jobs, cli.outLook),
        json: jobs.length === 1 ? jobs.map(whyJson)[0] : jobs.map(whyJson),
        code: EXIT.done,
      }),
    });
  },
};

/** Of several each after its name. */
function renderAll(jobs: readonly Why[], look: Look): string {
  if (jobs.length === 1) return jobs.map((job) => renderWhy(job, look)).join('');
  return jobs
    .map((job) => `${painted(printable(job.status.name), 'bold', look)}\n\n${renderWhy(job, look)}`)
    .join('\n');
}
