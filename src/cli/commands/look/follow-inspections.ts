import type { Inspection, Reply } from '../../../wire/messages.ts';
import { ask } from '../../ask/ask.ts';
import { pause } from '../../ask/pause.ts';
import type { Cli } from '../../cli.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import type { InspectorServer } from '../../inspector.ts';
import { printableJson } from '../../../text/printable.ts';

/** How often to look for a daemon while none runs. */
const LOOK_MS = 400;

/** Shows the charts of one daemon after the other, until Ctrl-C. */
export async function followInspections(cli: Cli, server: InspectorServer, page: string): Promise<ExitCode> {
  const url = `${server.url}${page}`;
  const interrupted = cli.interruption();
  let isSaid = false;
  let isLost = false;
  const onInspection = (inspection: Inspection): void => {
    server.take(inspection);
    // Print the address only when there is something to see.
    if (!isSaid)
      void cli.out.write(
        cli.args.flag('json') ? `${printableJson({ url })}\n` : whereToLook(url, page !== ''),
      );
    else if (isLost) void cli.err.write('the next daemon is there\n');
    isSaid = true;
    isLost = false;
  };
  for (;;) {
    const code = await followOne(cli, { interrupted, onInspection, isFirst: !isSaid });
    if (code !== null) return code;
    server.lose('The daemon has ended. The page goes on with the next one; overseer starts it.');
    if (!isLost) await cli.err.write('the daemon has ended; waiting for the next one\n');
    isLost = true;
    await pause(cli.ports.clock, interrupted, LOOK_MS);
    if (interrupted.aborted) return EXIT.done;
  }
}

interface OneDaemon {
  readonly interrupted: AbortSignal;
  readonly onInspection: (inspection: Inspection) => void;
  /** Without a daemon the first time it is a failure; later the next one is waited for. */
  readonly isFirst: boolean;
}

const NOTHING = { out: '', json: '', code: EXIT.done };

/** Null when this daemon has ended, or there is none; otherwise the exit code. */
async function followOne(
  cli: Cli,
  { interrupted, onInspection, isFirst }: OneDaemon,
): Promise<ExitCode | null> {
  let hasEnded = false;
  const end = (): typeof NOTHING => {
    hasEnded = true;
    return NOTHING;
  };
  const withoutDaemon = (): Promise<Reply> => Promise.resolve({ kind: 'answer', answer: { charts: 0 } });
  const code = await ask<'inspect'>(cli, {
    request: { name: 'inspect', jobs: cli.args.words('jobs') },
    mayLaunch: false,
    onInspection,
    render: end,
    whenLost: end,
    ...(!isFirst && { withoutDaemon }),
    breakOff: { signal: interrupted, render: () => NOTHING },
  });
  return hasEnded ? null : code;
}

function whereToLook(url: string, isStately: boolean): string {
  const note = isStately
    ? 'Your browser loads the Stately inspector from stately.ai and hands it the charts and their context.\n'
    : '';
  return `${url}\n${note}Ctrl-C ends it. Anyone who has the address sees the charts.\n`;
}
