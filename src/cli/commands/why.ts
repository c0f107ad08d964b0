import { ask } from '../ask/ask.ts';
import type { Command } from '../cli.ts';
import { EXIT } from '../exit-codes.ts';
import type { Why } from '../../wire/messages.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
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
      render: ({ jobs }) => ({
        out: renderAll(jobs, cli.outContext),
        json: jobs.length === 1 ? jobs.map(whyJson)[0] : jobs.map(whyJson),
        code: EXIT.done,
      }),
    });
  },
};

/** Of several each after its name. */
function renderAll(jobs: readonly Why[], context: RenderContext): string {
  if (jobs.length === 1) return jobs.map((job) => renderWhy(job, context)).join('');
  return jobs
    .map((job) => `${styled(printable(job.status.name), 'bold', context)}\n\n${renderWhy(job, context)}`)
    .join('\n');
}
