import { runClient, type ClientEnd } from '../client/run-client.ts';
import type { Answers, Inspection, Progress, Refusal, Reply, Request, Transition } from '../wire/messages.ts';
import type { Cli } from './cli.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { withReason } from './no-instances.ts';
import { ProgressLine } from './progress-line.ts';
import { printable, printableJson } from './render/printable.ts';

/** What is printed of an answer, and the exit code that it means. */
export interface Told {
  readonly out: string;
  readonly err?: string;
  /** Printed as one value; a text is printed as it is. */
  readonly json: unknown;
  readonly code: ExitCode;
}

export interface Question<Name extends Request['name']> {
  readonly request: Request & { readonly name: Name };
  readonly mayLaunch: boolean;
  /** What is under way while one waits. */
  readonly verb?: string;
  readonly tell: (answer: Answers[Name]) => Told;
  /** With `--json`, what stdout gets where there is no answer. */
  readonly jsonOfTrouble?: (code: string, message: string) => unknown;
  readonly onProgress?: (progress: Progress) => void;
  /** Each transition, for a request that follows them. */
  readonly onEvent?: (event: Transition) => void;
  /** Each step, for a request that inspects the charts. */
  readonly onInspection?: (inspection: Inspection) => void;
  /** Answers where no daemon runs and one would be launched for nothing; null where it is to be launched. */
  readonly beforeLaunch?: () => Promise<Reply | null>;
  /** Answers where no daemon runs. */
  readonly withoutDaemon?: () => Promise<Reply>;
  /** Breaks the request off from this side, and what is told then. */
  readonly breakOff?: { readonly signal: AbortSignal; readonly tell: () => Told };
}

const REFUSALS: { readonly [Code in Refusal['code']]: ExitCode } = {
  'no-such-job': EXIT.noSuchJob,
  'bad-request': EXIT.usage,
  'bad-config': EXIT.config,
  'no-config': EXIT.config,
  busy: EXIT.failed,
  degraded: EXIT.failed,
  internal: EXIT.failed,
};

/** Puts one request to the daemon, prints what it says, and returns the exit code. */
export async function ask<Name extends Request['name']>(cli: Cli, question: Question<Name>): Promise<ExitCode> {
  const { homes, ports, onStep } = cli;
  const { request, mayLaunch, beforeLaunch, onEvent, onInspection, breakOff } = question;
  const progress = new ProgressLine(cli.err, cli.errLook, question.verb ?? 'waiting for');
  let code: ExitCode = EXIT.done;
  const tell = async (told: Told): Promise<boolean> => {
    code = told.code;
    const isRead = await cli.out.write(cli.args.flag('json') ? jsonText(told.json) : told.out);
    return (await cli.err.write(told.err ?? '')) && isRead;
  };
  const print = async (reply: Reply): Promise<boolean> => {
    await progress.erase();
    if (reply.kind === 'refusal') {
      code = REFUSALS[reply.refusal.code] ?? EXIT.failed;
      return complain(cli, question, await withReason(homes, request, reply.refusal));
    }
    return reply.kind !== 'answer' || tell(question.tell(reply.answer as Answers[Name]));
  };
  const showProgress = (shown: Progress): void => {
    question.onProgress?.(shown);
    progress.show(shown);
  };
  const early = beforeLaunch !== undefined && ports.readSocketFile(homes).kind === 'missing' ? await beforeLaunch() : null;
  if (early !== null) {
    await print(early);
    return code;
  }
  const screen = { print, showProgress, ...(onEvent && { showEvent: onEvent }), ...(onInspection && { showInspection: onInspection }) };
  const end = await runClient({ request, mayLaunch, homes, ports, screen, ...(breakOff && { interrupted: breakOff.signal }) }, onStep);
  if (end.result.ok) return code;
  await progress.erase();
  if (breakOff?.signal.aborted === true && end.result.error === 'SocketReadError') {
    await tell(breakOff.tell());
    return code;
  }
  const trouble = troubleOf(end);
  const reply = trouble.code === 'no-daemon' ? await question.withoutDaemon?.() : undefined;
  if (reply !== undefined) {
    await print(reply);
    return code;
  }
  await complain(cli, question, trouble);
  return trouble.exit;
}

const jsonText = (json: unknown): string => (typeof json === 'string' ? json : `${printableJson(json)}\n`);

interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly exit: ExitCode;
}

/** A daemon that is there and cannot be talked to is something else than none. */
function troubleOf({ result, deadEnd }: ClientEnd): Trouble {
  if (result.ok) throw new Error('an end without a trouble');
  const { error, detail } = result;
  switch (error) {
    case 'NoDaemonError':
      if (deadEnd?.code === 'version' || deadEnd?.code === 'timeout') return { code: 'unreachable', message: detail, exit: EXIT.failed };
      return { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one', exit: EXIT.noDaemon };
    case 'InitHomesError':
      return { code: 'homes', message: detail, exit: EXIT.failed };
    case 'DaemonLaunchError':
      return { code: 'launch', message: `cannot reach or start the daemon: ${detail}`, exit: EXIT.failed };
    case 'SocketSendError':
      return { code: 'send', message: `the request could not be sent: ${detail}`, exit: EXIT.failed };
    case 'SocketReadError':
      return { code: 'read', message: `no answer: ${detail}; \`overseer status\` says how things are`, exit: EXIT.failed };
    default:
      return error satisfies never;
  }
}

async function complain(
  cli: Cli,
  { jsonOfTrouble }: Pick<Question<Request['name']>, 'jsonOfTrouble'>,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<boolean> {
  const json = jsonOfTrouble?.(code, message) ?? { ok: false, error: { code, message } };
  if (cli.args.flag('json')) await cli.out.write(`${printableJson(json)}\n`);
  return cli.err.write(`overseer: ${message.split('\n').map(printable).join('\n')}\n`);
}
