import { isShuttingDown } from '../../wire/shutting-down.ts';
import { runClient, type ClientEnd, type ClientRun, type ClientStep } from '../../client/run-client.ts';
import type { Reply } from '../../wire/messages.ts';
import { pause } from './pause.ts';

/**
 * How long to wait for a daemon that is shutting down, and how often to check its socket file. A job may take
 * long to stop.
 */
const END = { allMs: 120_000, pollMs: 40 } as const;

export interface NextOptions {
  readonly onStep: (step: ClientStep) => void;
  /** Called each time a daemon is found shutting down. */
  readonly onWait: () => void;
}

/**
 * Runs the client chart for one request. If the daemon is shutting down, a command that may start a daemon
 * waits for that and runs the chart again, so that the next daemon answers.
 */
export async function askUntilServed(run: ClientRun, { onStep, onWait }: NextOptions): Promise<ClientEnd> {
  const { clock } = run.ports;
  const deadline = clock.monotonic() + END.allMs;
  for (;;) {
    let isLeaving = false;
    const print = (reply: Reply): Promise<boolean> => {
      isLeaving = run.mayLaunch && isShuttingDown(reply) && clock.monotonic() < deadline;
      return isLeaving ? Promise.resolve(true) : run.screen.print(reply);
    };
    const end = await runClient({ ...run, screen: { ...run.screen, print } }, onStep);
    if (!isLeaving) return end;
    onWait();
    await leaves(run, deadline);
    if (run.interrupted?.aborted === true)
      return {
        ...end,
        reply: null,
        result: { ok: false, error: 'SocketReadError', detail: 'it was broken off' },
      };
  }
}

/** Waits until the socket file is gone, belongs to another daemon, or the time is over. */
async function leaves(
  { ports, homes, interrupted = new AbortController().signal }: ClientRun,
  deadline: number,
): Promise<void> {
  const text = (): string | null => {
    const found = ports.readSocketFile(homes);
    return found.kind === 'text' ? found.text : null;
  };
  const left = text();
  while (left !== null && text() === left && !interrupted.aborted && ports.clock.monotonic() < deadline)
    await pause(ports.clock, interrupted, END.pollMs);
}
