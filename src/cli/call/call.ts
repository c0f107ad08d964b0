import { join } from 'node:path';
import { realPorts } from '../../client/real-ports.ts';
import { resolveHomes, isUnclearPath, type Homes } from '../../homes.ts';
import { EXIT } from '../exit-codes.ts';
import { understandZone } from '../../time-zone.ts';
import { reportBug, runCommandLine, type CommandSet, type Surroundings } from './run-command-line.ts';

/** Runs one call of `overseer` in this process; resolves to its exit code. */
export async function call(argv: readonly string[], commandSet: CommandSet): Promise<number> {
  try {
    return await runCall(argv, resolveHomes(process.env), commandSet);
  } catch (error) {
    if (!isUnclearPath(error)) throw error;
    process.stderr.write(`overseer: ${error.message}\n`);
    return EXIT.usage;
  }
}

function runCall(argv: readonly string[], homes: Homes, commandSet: CommandSet): Promise<number> {
  const { env } = process;
  // A problem with the zone is reported in the daemon's log.
  understandZone(Date.now());
  const world: Surroundings = {
    env,
    homes,
    // The bundles are in dist/.
    ports: realPorts(join(import.meta.dirname, '../bin/overseerd')),
    out: commandSet.outputOf(1, () => process.stdout),
    err: commandSet.outputOf(2, () => process.stderr),
    interruption,
    endInterrupted,
  };
  // An exception in a callback does not reject the promise of the command.
  const crash = new Promise<number>((resolve) =>
    process.once('uncaughtException', (error) => resolve(reportBug(error, argv, world))),
  );
  return Promise.race([runCommandLine(argv, world, commandSet), crash]);
}

/** By the signal itself: an exit code of 130 would not end a shell's script. */
function endInterrupted(): Promise<never> {
  process.kill(process.pid, 'SIGINT');
  return new Promise(() => {});
}

function interruption(...signals: readonly NodeJS.Signals[]): AbortSignal {
  const controller = new AbortController();
  const named = signals.length === 0 ? (['SIGINT'] as const) : signals;
  const abort = (): void => {
    for (const signal of named) process.off(signal, abort);
    controller.abort();
  };
  for (const signal of named) process.on(signal, abort);
  return controller.signal;
}
