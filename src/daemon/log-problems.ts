import type { DaemonLog } from '../job/ports.ts';
import type { Reply } from '../wire/messages.ts';

/** Logs why the config was refused, for a daemon that read it without a client. */
export function logProblems(reply: Reply, log: DaemonLog): void {
  if (reply.kind === 'refusal') log.line(`config not applied: ${reply.refusal.message}`);
  if (reply.kind !== 'answer' || !('problems' in reply.answer)) return;
  for (const { file, line, column, message } of reply.answer.problems)
    log.line(`config refused: ${file}:${line}:${column}: ${message}`);
}
