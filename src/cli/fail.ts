import type { ExitCode } from './exit-codes.ts';
import type { Output } from './terminal/output.ts';
import { printable, printableJson } from '../text/printable.ts';

/** What went wrong: for people a message, for programs a code that stays the same. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exit: ExitCode;
  /** With `--json`, in place of the object that every command prints. */
  readonly json?: unknown;
  /** Lines below the message, for people only. */
  readonly hint?: string;
}

export interface FailureStreams {
  readonly out: Output;
  readonly err: Output;
  /** How far JSON is indented: not at all where a command prints an object a line. Null without `--json`. */
  readonly jsonIndent: number | null;
}

/** Says what went wrong, on stderr and with `--json` on stdout as well. */
export async function fail(
  { out, err, jsonIndent }: FailureStreams,
  { code, message, exit, json, hint = '' }: Failure,
): Promise<ExitCode> {
  const object = json ?? { ok: false, error: { code, message } };
  if (jsonIndent !== null) await out.write(`${printableJson(object, jsonIndent)}\n`);
  await err.write(`overseer: ${message.split('\n').map(printable).join('\n')}\n${hint}`);
  return exit;
}
