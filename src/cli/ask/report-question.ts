import type { Report, Request } from '../../wire/messages.ts';
import type { Question, Rendered } from './ask.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportJson } from '../words/change-words.ts';
import { loginWords } from '../words/login-words.ts';
import { firstSteps } from '../first-steps.ts';
import { printable } from '../../text/printable.ts';
import { fallen, renderReport } from '../render/report.ts';
import { problemCount, renderNextSteps, renderProblems } from '../render/problems.ts';

type ReportName = 'apply' | 'plan' | 'start' | 'stop' | 'restart';

/** A question whose answer is a report, with all that is common to those. */
export function reportQuestion<Name extends ReportName>(
  cli: Cli,
  question: Pick<Question<Name>, 'request' | 'mayLaunch' | 'verb'>,
): Pick<Question<Name>, 'request' | 'mayLaunch' | 'verb' | 'jsonOfFailure'> & {
  readonly render: (report: Report) => Rendered;
} {
  const { name }: Request = question.request;
  return {
    ...question,
    render: (report) => renderAnswer(cli, report, name as ReportName),
    jsonOfFailure: noReport,
  };
}

/** The JSON in place of a report when there is none. */
export function noReport(code: string, message: string): unknown {
  return { ok: false, changes: [], problems: [], error: { code, message } };
}

function renderAnswer(cli: Cli, report: Report, name: ReportName): Rendered {
  const { notes = [] } = report;
  const json = reportJson(report);
  const login = loginWords(report);
  const noted = [...notes, ...(login === null ? [] : [login])]
    .map((note) => `overseer: ${printable(note)}\n`)
    .join('');
  if (report.problems.length > 0) {
    const err =
      `${noted}${renderProblems(report.problems)}overseer: the config has ` +
      `${problemCount(report.problems)}; nothing was changed\n`;
    return { out: '', err, json, code: EXIT.config };
  }
  const code = codeOf(cli, report, name);
  const isByHand = (name === 'start' || name === 'restart') && cli.args.words('jobs').length > 0;
  const out = renderReport(report, name === 'plan', cli.outContext, { isByHand });
  if (report.changes.length === 0 && (name === 'apply' || name === 'plan'))
    return { out, err: noted + firstSteps(cli), json, code };
  return {
    out,
    err: noted + (code === EXIT.failed ? renderNextSteps(fallen(report.changes)) : ''),
    json,
    code,
  };
}

function codeOf(cli: Cli, { ok, changes }: Report, name: ReportName): ExitCode {
  if (name === 'plan')
    return cli.args.flag('exit-code') && changes.some(({ action }) => action !== 'none')
      ? EXIT.changesPending
      : EXIT.done;
  const isDown = name !== 'stop' && fallen(changes).length > 0;
  return ok && !isDown ? EXIT.done : EXIT.failed;
}
