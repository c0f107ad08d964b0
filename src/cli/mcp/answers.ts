import type { CallToolResult } from '@modelcontextprotocol/server';
import { OverseerError } from '../../library/errors.ts';

/** An answer is read by a program that pays for each letter. */
const ANSWER_LETTERS = 24_000;

/** A tool's answer, with what may be done next. The middle of a long one is left out. */
export function answer(text: string, next?: string): CallToolResult {
  return {
    content: [
      { type: 'text', text: `${bounded(text.trimEnd())}${next === undefined ? '' : `\n\nNext: ${next}`}` },
    ],
  };
}

/** Runs a tool; what goes wrong is an answer too, since the assistant has to react to it. */
export async function answered(run: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof OverseerError)) throw error;
    return { ...answer(`${error.code}: ${error.message}`, NEXT[error.code]), isError: true };
  }
}

/** What to do about an error. */
const NEXT: Readonly<Record<string, string>> = {
  'no-daemon': '`plan` shows what would be started, `apply` starts the daemon and does it.',
  'no-such-job': '`status` lists the jobs.',
  stuck: '`why` says what is in the way.',
  timeout: '`why` says what it waits for; `wait` again goes on waiting.',
  read: '`status` says how things are.',
};

function bounded(text: string): string {
  if (text.length <= ANSWER_LETTERS) return text;
  const half = ANSWER_LETTERS / 2;
  const left = text.length - ANSWER_LETTERS;
  return (
    `${text.slice(0, half)}\n… ${left} characters left out; ask for fewer jobs or lines ` +
    `…\n${text.slice(-half)}`
  );
}
