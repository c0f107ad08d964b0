import { ANOTHER_DAEMON } from '../another-daemon.ts';
import { dataFolder } from '../data-folder.ts';
import inspector from 'node:inspector';
import { parseArgs } from 'node:util';
import {
  environmentFor,
  isMissing,
  makeDataHome,
  namedConfig,
  resolveHomes,
  isUnclearPath,
  namedFolder,
  projectIn,
  type Homes,
} from '../homes.ts';
import { projectAt } from '../project.ts';
import type { DaemonLog } from '../job/ports.ts';
import { isRefusal } from '../os/system-error.ts';
import { thisOs } from '../os/this-os.ts';
import { givenEnvironment, understandZone } from '../time-zone.ts';
import { currentNet, stackOf } from '../host/net.ts';
import { printable } from '../text/printable.ts';
import { VERSION } from '../version.ts';
import { Daemon } from './daemon.ts';
import { openDaemonLog } from './daemon-log.ts';
import { logProblems } from './log-problems.ts';
import { ForegroundEcho } from './foreground-echo.ts';
import { offlinePlan } from './offline-plan.ts';
import { launcherWaits } from './started-by/launcher.ts';
import type { PublishedSocket } from './serving/published-socket.ts';
import { realPorts } from './real-ports.ts';
import { takeOver } from './started-by/take-over.ts';
import { EXIT, HELP } from './usage.ts';

/** `bin/overseerd` puts a shell there that waits for them. */
const AS_PID_1 =
  'Node is the first process of this container and does not wait for orphans, so each stays as a ' +
  'zombie: run `overseerd` itself, not `node`, or an init such as that of `docker run --init`';

/** Runs the daemon until it is done; resolves with its exit code. Jobs inherit `umask`. */
export async function main(argv: readonly string[], umask: number): Promise<number> {
  try {
    return await run(argv, umask);
  } catch (error) {
    const isUnclear = isUnclearPath(error);
    process.stderr.write(`overseerd: ${isUnclear ? error.message : `a bug of ours: ${stackOf(error)}`}\n`);
    return isUnclear ? EXIT.usage : EXIT.bug;
  }
}

async function run(argv: readonly string[], umask: number): Promise<number> {
  // A debugger would let every user of the machine run code as this user.
  if (inspector.url() !== undefined) inspector.close();
  const options = readArguments(argv);
  if (typeof options === 'number') return options;
  const homes = homesNamed(process.env);
  const zoneTrouble = understandZone(Date.now());
  if (options.plan) {
    const reply = await offlinePlan({
      homes,
      environment: environmentFor(homes, givenEnvironment()),
      umask,
      request: {
        configDir: homes.config,
        allowEmpty: options['allow-empty'],
        replace: options.replace,
        jobs: options.job,
      },
    });
    process.stdout.write(`${JSON.stringify(reply)}\n`);
    return EXIT.ok;
  }
  // A service manager would only start it again, which would not help.
  const hopeless = (code: number): number => (options.autostart ? EXIT.ok : code);
  const applies = options.apply || options.autostart;
  const named = projectIn(process.env) === null ? namedConfig(process.env) : 'OVERSEER_PROJECT';
  if (applies && named !== null && isMissing(homes.config)) {
    process.stderr.write(`overseerd: there is no ${homes.config}, which ${named} names\n`);
    return hopeless(EXIT.config);
  }
  const trouble =
    (homes.around === undefined ? null : makeDataHome(homes.around)) ?? makeDataHome(homes.data);
  if (trouble !== null) {
    process.stderr.write(`overseerd: ${trouble}\n`);
    return EXIT.failed;
  }
  if (options.autostart) await takeOver(homes, thisOs());
  const isForeground = !options.launched && !options.attached;
  const echo = new ForegroundEcho((line) => isForeground && process.stderr.write(line));
  const log = openedLog(homes, echo);
  if (typeof log === 'string') {
    process.stderr.write(`overseerd: ${log}\n`);
    return EXIT.failed;
  }
  if (zoneTrouble !== null) log.line(zoneTrouble);
  if (process.pid === 1) log.line(AS_PID_1);
  const ports = realPorts(homes, log, options.launched ? launcherWaits : () => Promise.resolve(true));
  const daemon = new Daemon({
    ports: { ...ports, publishSocket: (file) => served(ports.publishSocket(file), echo) },
    homes,
    environment: environmentFor(homes, givenEnvironment()),
    umask,
  });
  listenToSignals(daemon);
  if (options.attached) endWithStdin(daemon);
  catchTheRest(daemon);
  const done = daemon.run();
  if (applies)
    daemon.ask(
      { name: 'apply', configDir: homes.config, wait: true, allowEmpty: false },
      'overseerd --apply',
      (reply) => logProblems(reply, log),
    );
  const result = await done;
  if (result.ok) return EXIT.ok;
  if (daemon.isBusy && !isForeground) return ANOTHER_DAEMON;
  process.stderr.write(`overseerd: ${result.detail}\n`);
  return daemon.isBusy ? hopeless(EXIT.failed) : EXIT.failed;
}

/** A project is named by a variable only, as the two folders are. */
function homesNamed(env: Readonly<Record<string, string | undefined>>): Homes {
  const usual = resolveHomes(env);
  const project = projectIn(env);
  return project === null ? usual : projectAt(namedFolder(project, usual.home), usual).homes;
}

/** Or why the log cannot be opened, such as a FIFO in its place. */
function openedLog(homes: Homes, echo: ForegroundEcho): DaemonLog | string {
  try {
    return openDaemonLog(dataFolder(homes.data).daemonLog, echo.line);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return `cannot open its log: ${error.message}`;
  }
}

function served(socket: PublishedSocket, echo: ForegroundEcho): PublishedSocket {
  echo.begin();
  return socket;
}

interface Arguments {
  /** Started by a client, which waits at the other end of stdin. */
  readonly launched: boolean;
  /** Started in the foreground by a process whose end also ends the daemon and its jobs. */
  readonly attached: boolean;
  readonly apply: boolean;
  /**
   * Started by a service manager at login: replaces a running daemon, and does not ask to be restarted where
   * that would not help.
   */
  readonly autostart: boolean;
  /** Only answer what a trigger would do, as JSON; for `overseer plan` without a daemon. */
  readonly plan: boolean;
  readonly 'allow-empty': boolean;
  readonly replace: boolean;
  readonly job: readonly string[];
}

/** The parsed options, or the exit code when there is nothing more to do. */
function readArguments(argv: readonly string[]): Arguments | number {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        launched: flag,
        attached: flag,
        apply: flag,
        autostart: flag,
        plan: flag,
        'allow-empty': flag,
        replace: flag,
        job: { type: 'string', multiple: true, default: [] },
        version: flag,
        help: flag,
      },
    });
    if (!values.help && !values.version) return values;
    process.stdout.write(values.help ? HELP : `${VERSION}\n`);
    return EXIT.ok;
  } catch (error) {
    process.stderr.write(`overseerd: ${printable((error as Error).message)}\nSee \`overseerd --help\`.\n`);
    return EXIT.usage;
  }
}

/**
 * Nothing ends the daemon: an uncaught exception is a fault of the job in whose net it was thrown, or a bug
 * of the daemon.
 */
function catchTheRest(daemon: Daemon): void {
  const caught = (error: unknown): void => {
    const net = currentNet();
    if (net === undefined) daemon.bug(error);
    else net.fault(error);
  };
  // A closed terminal is no bug, and reporting one would fail again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('uncaughtException', caught);
  process.on('unhandledRejection', caught);
}

/** The process that runs this daemon has ended, and its jobs must end too. */
function endWithStdin(daemon: Daemon): void {
  const end = (): void => daemon.ask({ name: 'DIE', keepJobs: false }, 'the end of its client');
  process.stdin.once('end', end).once('error', end).resume();
}

/**
 * A closed terminal is nothing to us, and SIGUSR1 must not open Node's debugger to everybody; the signals
 * that ask for an end are a `DIE`, however often they come.
 */
function listenToSignals(daemon: Daemon): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => daemon.ask({ name: 'DIE', keepJobs: false }, signal));
  process.on('SIGQUIT', () => daemon.hurry());
  for (const signal of ['SIGHUP', 'SIGPIPE', 'SIGUSR1', 'SIGUSR2'] as const)
    process.on(signal, () => undefined);
}
