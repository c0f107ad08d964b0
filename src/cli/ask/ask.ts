import { failureOf } from '../../client/client-failure.ts';
import type { ClientEnd } from '../../client/run-client.ts';
import type {
  Answers,
  Inspection,
  Progress,
  Refusal,
  Reply,
  Request,
  Transition,
} from '../../wire/messages.ts';
import { askUntilServed } from './ask-until-served.ts';
import { noDaemonWords, withProject } from './no-daemon.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { withReason } from './unknown-jobs.ts';
import { ProgressLine } from '../render/progress-line.ts';
import { printableJson } from '../../text/printable.ts';

/** The output for an answer, and the exit code. */
export interface Rendered {
  readonly out: string;
  readonly err?: string;
  /** Printed as JSON; a string is printed unchanged. */
  readonly json: unknown;
  readonly code: ExitCode;
}

export interface Question<Name extends Request['name']> {
  readonly request: Request & { readonly name: Name };
  readonly mayLaunch: boolean;
  /** Shown with the progress, such as `waiting for`. */
  readonly verb?: string;
  readonly render: (answer: Answers[Name]) => Rendered | Promise<Rendered>;
  /** The JSON for stdout when there is no answer. */
  readonly jsonOfFailure?: (code: string, message: string) => unknown;
  readonly onProgress?: (progress: Progress) => void;
  /** Each transition, for a request that follows them. */
  readonly onEvent?: (event: Transition) => Promise<unknown> | void;
  /** Each step, for a request that inspects the charts. */
  readonly onInspection?: (inspection: Inspection) => void;
  /** Answers where no daemon runs and one would be launched for nothing; null where it is to be launched. */
  readonly beforeLaunch?: () => Promise<Reply | null>;
  /** Answers where no daemon runs. */
  readonly withoutDaemon?: () => Promise<Reply>;
  /** Rendered instead of a failure where the daemon goes away before it answers. */
  readonly whenLost?: () => Rendered;
  /** Aborts the request, and renders what is printed then. */
  readonly breakOff?: { readonly signal: AbortSignal; readonly render: () => Rendered | Promise<Rendered> };
  /** Called where the daemon is just ending, so that its end is waited for. */
  readonly onWait?: () => void;
}

const REFUSALS: { readonly [Code in Refusal['code']]: ExitCode } = {
  'no-such-job': EXIT.noSuchJob,
  'not-running': EXIT.failed,
  'no-stdin': EXIT.failed,
  'bad-request': EXIT.usage,
  busy: EXIT.failed,
  'shutting-down': EXIT.failed,
  degraded: EXIT.failed,
  'other-config': EXIT.config,
  internal: EXIT.failed,
};

/** What the daemon goes on with although nobody waits for its answer any more. */
const LASTING: ReadonlySet<Request['name']> = new Set(['apply', 'start', 'stop', 'restart', 'DIE']);
const GOES_ON = 'overseer: the daemon goes on with it; `overseer status` shows how far it is\n';

/** Sends one request to the daemon, prints the answer, and returns the exit code. */
export async function ask<Name extends Request['name']>(
  cli: Cli,
  question: Question<Name>,
): Promise<ExitCode> {
  const { homes, ports, onStep } = cli;
  const { request, mayLaunch, beforeLaunch, onEvent, onInspection, breakOff } = question;
  const progress = new ProgressLine(cli.err, cli.errContext, question.verb ?? 'waiting for');
  let code: ExitCode = EXIT.done;
  const printRendered = async (rendered: Rendered): Promise<boolean> => {
    code = rendered.code;
    const isRead = cli.args.flag('json')
      ? await cli.out.write(jsonText(rendered.json))
      : await cli.report.write(rendered.out);
    return (await cli.err.write(rendered.err ?? '')) && isRead;
  };
  const print = async (reply: Reply): Promise<boolean> => {
    await progress.erase();
    if (reply.kind === 'refusal') {
      const refusal = await withProject(cli, await withReason(homes, request, reply.refusal));
      code = await printFailure(cli, question, {
        ...refusal,
        exit: REFUSALS[reply.refusal.code] ?? EXIT.failed,
      });
      return true;
    }
    return reply.kind !== 'answer' || printRendered(await question.render(reply.answer as Answers[Name]));
  };
  let isUnderWay = false;
  const showProgress = (shown: Progress): void => {
    isUnderWay = true;
    question.onProgress?.(shown);
    progress.show(shown);
  };
  const onWait = (): void => {
    question.onWait?.();
    progress.say('waiting for the daemon to end');
  };
  const showSlow = (): void => progress.say('waiting for the daemon, which is slow to answer');
  const early =
    beforeLaunch !== undefined && ports.readSocketFile(homes).kind === 'missing'
      ? await beforeLaunch()
      : null;
  if (early !== null) {
    await print(early);
    return code;
  }
  const screen = {
    print,
    showProgress,
    showSlow,
    ...(onEvent && { showEvent: onEvent }),
    ...(onInspection && { showInspection: onInspection }),
  };
  const interrupted = breakOff?.signal ?? (LASTING.has(request.name) ? cli.interruption() : undefined);
  const run = { request, mayLaunch, homes, ports, screen, ...(interrupted && { interrupted }) };
  const end = await askUntilServed(run, { onStep, onWait });
  if (end.result.ok) return code;
  await progress.erase();
  if (breakOff === undefined && interrupted?.aborted === true) {
    if (isUnderWay) await cli.err.write(GOES_ON);
    return cli.endInterrupted();
  }
  if (breakOff?.signal.aborted === true && end.result.error === 'SocketReadError') {
    await printRendered(await breakOff.render());
    return code;
  }
  const failure = failureToReport(end);
  if (failure.code === 'read' && question.whenLost !== undefined) {
    await printRendered(question.whenLost());
    return code;
  }
  const isAlone = failure.code === 'no-daemon';
  const reply = isAlone ? await question.withoutDaemon?.() : undefined;
  if (reply !== undefined) {
    await print(reply);
    return code;
  }
  const message = isAlone ? await noDaemonWords(cli, request) : failure.message;
  return printFailure(cli, question, { ...failure, message });
}

const jsonText = (json: unknown): string => (typeof json === 'string' ? json : `${printableJson(json)}\n`);

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exit: ExitCode;
}

function failureToReport(end: ClientEnd): Failure {
  const failure = failureOf(end);
  return { ...failure, exit: failure.code === 'no-daemon' ? EXIT.noDaemon : EXIT.failed };
}

async function printFailure(
  cli: Cli,
  { jsonOfFailure }: Pick<Question<Request['name']>, 'jsonOfFailure'>,
  { code, message, exit }: Failure,
): Promise<ExitCode> {
  const json = cli.args.flag('json') ? await jsonOfFailure?.(code, message) : undefined;
  return cli.fail({ code, message, exit, ...(json !== undefined && { json }) });
}
