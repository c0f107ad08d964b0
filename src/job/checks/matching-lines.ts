import { createContext, Script } from 'node:vm';
import type { Probes } from '../ports.ts';

/** How long one regular expression may block the daemon. */
const MATCH_LIMIT_MS = 50;

const looking = new Script(
  '((expression) => lines.some((line) => expression.test(line)))(new RegExp(pattern))',
);

/**
 * Looks for a line that a regular expression matches. Some expressions take practically for ever on a line
 * that almost matches, so matching is stopped after so many milliseconds. On a busy machine these may pass
 * while this process waits for a processor: that says nothing about the expression. Others fail only when
 * they are used ("too large", "stack overflow"), with errors of the other context.
 */
export function matchingLines(
  limitMs = MATCH_LIMIT_MS,
  processorMs: () => number = ownProcessorMs,
): Probes['match'] {
  return (pattern, lines) => {
    const before = processorMs();
    try {
      return looking.runInContext(createContext({ pattern, lines }), { timeout: limitMs }) as boolean;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'unusable';
      return processorMs() - before < limitMs / 2 ? 'too-busy' : 'too-slow';
    }
  };
}

/** The processor time of this process, all of its threads, in milliseconds. */
function ownProcessorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
