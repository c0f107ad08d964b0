import type { ExitCode } from './exit-codes.ts';
import type { Output } from './terminal/output.ts';
import { printable, printableJson } from '../text/printable.ts';

/** A failure: a message for people and a stable code for programs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exit: ExitCode;
  /** Replaces the usual JSON object of a failure. */
  readonly json?: unknown;
  /** Lines below the message, for people only. */
  readonly hint?: string;
}

export interface FailureStreams {
  readonly out: Output;
  readonly err: Output;
  /** JSON indentation: none for a command that prints one object per line. Null without `--json`. */
  readonly jsonIndent: number | null;
}

/** Prints a failure to stderr, and with `--json` also to stdout. */
export async function fail(
  { out, err, jsonIndent }: FailureStreams,
  { code, message, exit, json, hint = '' }: Failure,
): Promise<ExitCode> {
  const object = json ?? { ok: false, error: { code, message } };
  if (jsonIndent !== null) await out.write(`${printableJson(object, jsonIndent)}\n`);
  await err.write(`overseer: ${message.split('\n').map(printable).join('\n')}\n${hint}`);
  return exit;
}
