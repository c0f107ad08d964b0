import { askingPorts } from '../../client/asking-ports.ts';
import type { ClientPorts } from '../../client/ports.ts';
import { runClient } from '../../client/run-client.ts';
import { resolveHomes } from '../../homes.ts';
import { connect, type ConnectOptions } from '../../wire/client.ts';
import type { BriefStatus, Reply } from '../../wire/messages.ts';
import { EXIT } from '../exit-codes.ts';
import { statusCode, statusPage } from '../render/status-page.ts';
import { shownJobs } from '../render/status.ts';
import { asciiOutput, isAsciiLocale } from '../terminal/ascii-output.ts';
import type { Output } from '../terminal/output.ts';
import { contextOf } from '../terminal/render-context.ts';
import { shortOutput } from '../terminal/short-output.ts';
import { wrappingOutput } from '../terminal/wrapping-output.ts';

/** With one of these there is more to do than to ask the usual daemon. */
const UNUSUAL = ['OVERSEER_PROJECT', 'OVERSEER_DEBUG', 'OVERSEER_TRACE'];

/** The jobs that a call names, as its parsed words have them. */
export const jobsNamed = ([, ...jobs]: readonly string[]): readonly string[] => [...new Set(jobs)];

/**
 * `status` without an option, as prompts and scripts call it all the time; bin/load.js tells which calls are
 * meant. Prints what a daemon answers, and resolves to the exit code. In every other case it prints and
 * changes nothing and resolves to null: then the bundle with every command has to begin anew.
 */
export function main(words: readonly string[]): Promise<number | null> {
  // An exception in a callback does not reject the promise.
  const crash = new Promise<null>((resolve) => process.once('uncaughtException', () => resolve(null)));
  return Promise.race([answered(jobsNamed(words)).catch(() => null), crash]);
}

async function answered(jobs: readonly string[]): Promise<number | null> {
  const { env } = process;
  if (UNUSUAL.some((name) => (env[name] ?? '') !== '')) return null;
  const inLocale = (output: Output): Output => (isAsciiLocale(env) ? asciiOutput(output) : output);
  const out = shortOutput(1, () => process.stdout);
  let code: number | null = null;
  const print = (reply: Reply): Promise<boolean> => {
    if (reply.kind !== 'answer') return Promise.resolve(false);
    const status = { jobs: shownJobs(reply.answer as BriefStatus) };
    const context = contextOf(out, { env, now: Date.now(), isPlain: false });
    const page = statusPage(status, out, context);
    code = statusCode(status, jobs.length);
    return inLocale(out).write(page);
  };
  await runClient({
    request: { name: 'status', jobs, brief: true },
    mayLaunch: false,
    homes: resolveHomes(env),
    ports: PORTS,
    screen: { print, showProgress: () => undefined },
  });
  if (code === null || out.trouble === null) return code;
  const err = shortOutput(2, () => process.stderr);
  await wrappingOutput(inLocale(err)).write(`overseer: cannot write the output: ${out.trouble}\n`);
  return EXIT.failed;
}

const notHere = (): never => {
  throw new Error('a question starts no daemon');
};

/** Not for long: the bundle with every command is more patient, and says that it waits. */
const WAIT_MS = 1_000;
const HASTY: ConnectOptions = { connectTimeoutMs: WAIT_MS, handshakeTimeoutMs: WAIT_MS };

const PORTS: ClientPorts = {
  ...askingPorts,
  connect: (file) => connect(file, HASTY),
  hasConfig: notHere,
  removeSocketFile: notHere,
  planOffline: notHere,
  launchDaemon: notHere,
  attachDaemon: notHere,
};
