import type { Problem } from '../../config/config.ts';
import { formatProblem } from '../../config/toml/format-problem.ts';
import type { ReportedChange } from '../../plan/change.ts';
import { printable } from '../../text/printable.ts';

const SHOWN = 5;

/** Each problem with its place, and the line of the file below it where there is one. */
export function renderProblems(problems: readonly Problem[]): string {
  const shown = problems.map(({ file, message, ...place }) =>
    formatProblem({ ...place, file: printable(file), message: printable(message) }),
  );
  return shown.map((text) => `${text}\n`).join('');
}

export const problemCount = ({ length }: readonly Problem[]): string =>
  length === 1 ? 'a problem' : `${length} problems`;

/** Suggests what to do about jobs that did not come up. */
export function renderNextSteps(jobs: readonly ReportedChange[]): string {
  const shown = jobs
    .slice(0, SHOWN)
    .map(
      ({ job }) =>
        `${printable(job)} did not come up: \`overseer why ${printable(job)}\` says why, ` +
        `\`overseer logs ${printable(job)}\` what it printed\n`,
    );
  return (
    shown.join('') +
    (jobs.length > SHOWN ? `and ${jobs.length - SHOWN} more: \`overseer status\` lists them\n` : '')
  );
}
