import { realpathSync } from 'node:fs';
import { answerOf } from '../at-once.ts';
import { groupIsKnown, isAlive, pidIsKnown } from '../is-alive.ts';
import { lockWithOpen } from '../lock/lock-darwin.ts';
import type { OsAnswer, Carrier, LockResult, Os, ProcessInfo } from '../os.ts';
import { LSOF_FIELDS, parseWriters } from './parse-lsof.ts';
import { carriersIn, parseCarriers, parseCommands, parsePs, PS_COLUMNS } from './parse-ps.ts';
import { runTool, runToolLater, type RunTool, type RunToolLater, type ToolResult } from '../run-tool.ts';
import { SeenProcesses } from './seen-processes.ts';
import { CannotAsk, isRefusal } from '../system-error.ts';
import { Together } from './together.ts';

/** The system calls and tools of macOS; tests on Linux pass their own. */
export interface DarwinParts {
  readonly run: RunTool;
  readonly runLater: RunToolLater;
  readonly lock: (path: string) => LockResult;
  readonly groupIsKnown: (pgid: number) => boolean;
  readonly pidIsKnown: (pid: number) => boolean;
  readonly now: () => number;
}

const PS = '/bin/ps';
const SYSCTL = '/usr/sbin/sysctl';
const LSOF = '/usr/sbin/lsof';

const ALL = ['-A', '-o', PS_COLUMNS];
const ALL_WITH_ENVIRONMENTS = ['-A', '-E', '-ww', '-o', `${PS_COLUMNS},command=`];
/** Without -x ps looks up the terminal of every process that it is not asked for. */
const ONE = ['-x', '-o', PS_COLUMNS, '-p'];
const ENVIRONMENTS = ['-E', '-ww', '-o', 'pid=,command='];

/** A pid above this is none, and ps complains of it. */
const PID_MAX = 99_999;

/** For more pids than this it is cheaper to list all processes. */
const FEW = 200;

/** How long the commands of the first listing may be read from. */
const FRESH_MS = 1_000;

const THIS_MACHINE: DarwinParts = {
  run: runTool,
  runLater: runToolLater,
  lock: lockWithOpen,
  groupIsKnown,
  pidIsKnown,
  now: () => performance.now(),
};

/**
 * macOS, by `ps`, `sysctl` and `lsof`. On a busy Mac `ps` takes 8 ms for one process or group and 100 ms for
 * all, so an answer serves every caller for a while, and a caller that can wait gets it later. If `ps` cannot
 * be run, that is `CannotAsk`: "unknown" must not be read as "dead". Start times have a resolution of one
 * second; no pid is reused within one.
 */
export function darwinOs(parts: Partial<DarwinParts> = {}): Os {
  const { run, runLater, lock, groupIsKnown, pidIsKnown, now } = { ...THIS_MACHINE, ...parts };
  const seen = new SeenProcesses(now);
  let boot: string | null = null;
  let first: { readonly at: number; readonly commands: ReadonlyMap<number, string> } | null = null;
  let isFirst = true;

  /**
   * The arguments of `ps` for a listing, and how its output is read. The caller of the first listing asks for
   * environments next, so one `ps` prints both.
   */
  const listingBy = () => {
    const begun = now();
    const withEnvironments = isFirst;
    isFirst = false;
    return {
      words: withEnvironments ? ALL_WITH_ENVIRONMENTS : ALL,
      read: (result: ToolResult): readonly ProcessInfo[] => {
        const text = output(result, 'ps');
        if (withEnvironments) first = { at: begun, commands: parseCommands(text) };
        return seen.all(parsePs(text), begun);
      },
    };
  };
  const looking = (pids: readonly number[]) => {
    const begun = now();
    return (result: ToolResult): readonly ProcessInfo[] =>
      seen.some(pids, isNobody(result) ? [] : parsePs(output(result, 'ps')), begun).filter(isAlive);
  };
  const members = (result: ToolResult): readonly ProcessInfo[] =>
    isNobody(result) ? [] : parsePs(output(result, 'ps'));
  const processes = (): readonly ProcessInfo[] => {
    const { words, read } = listingBy();
    return read(run(PS, words));
  };
  const group = (pgid: number): readonly ProcessInfo[] => members(run(PS, groupWords(pgid)));
  const identifyTogether = new Together<readonly ProcessInfo[]>((pids, done) => {
    const read = looking(pids);
    runLater(PS, [...ONE, pids.join(',')], (result) => done(answerOf(() => read(result))));
  });
  const carriers = (name: string, among: readonly number[]): readonly Carrier[] | null => {
    if (first === null || now() - first.at > FRESH_MS) first = null;
    const commands = first?.commands;
    if (commands === undefined || !among.every((pid) => commands.has(pid))) return null;
    return among.flatMap((pid) => carriersIn(pid, commands.get(pid) ?? '', name));
  };
  return {
    name: 'darwin',
    isQuick: false,
    // Not kern.boottime: that moves when the clock is set.
    bootId: () => (boot ??= output(run(SYSCTL, ['-n', 'kern.bootsessionuuid']), 'sysctl').trim()),
    pidIsKnown,
    identify: (pid) => {
      if (!isPid(pid) || !pidIsKnown(pid)) return null;
      const known = seen.recently(pid);
      if (known !== undefined) return known;
      return looking([pid])(run(PS, [...ONE, String(pid)])).find((info) => info.pid === pid) ?? null;
    },
    // A date by the wall clock.
    startedAt: () => null,
    processes,
    listing: () => ({ found: processes(), isWhole: true }),
    group,
    groupIsKnown,
    groupAlive: (pgid) => groupIsKnown(pgid) && group(pgid).some(isAlive),
    processesWithEnv: (name, among) =>
      (among === undefined ? null : carriers(name, among)) ??
      parseCarriers(printed(run(PS, environmentWords(among))), name),
    lock,
    later: {
      identify: (pids, done) => {
        const asked = pids.filter((pid) => isPid(pid) && pidIsKnown(pid));
        if (asked.length === 0) return done([]);
        identifyTogether.ask(asked, done);
      },
      listing: (_known, done) => {
        const { words, read } = listingBy();
        runLater(PS, words, (result) => done(answerOf(() => ({ found: read(result), isWhole: true }))));
      },
      group: (pgid, done) =>
        runLater(PS, groupWords(pgid), (result) => done(answerOf(() => members(result)))),
      processesWithEnv: (name, among, done) => {
        const known = carriers(name, among);
        if (known !== null) return done(known);
        runLater(PS, environmentWords(among), (result) =>
          done(answerOf(() => parseCarriers(printed(result), name))),
        );
      },
      writers: (files, done) => writersOf(runLater, files, done),
    },
  };
}

const groupWords = (pgid: number): string[] => ['-o', PS_COLUMNS, '-g', String(pgid)];

const environmentWords = (among: readonly number[] | undefined): string[] =>
  among === undefined || among.length > FEW
    ? ['-A', ...ENVIRONMENTS]
    : ['-x', ...ENVIRONMENTS, '-p', among.join(',')];

/** `lsof` names files by their real paths, and ends with 1 as soon as nobody holds one of them. */
function writersOf(
  runLater: RunToolLater,
  files: readonly string[],
  done: OsAnswer<ReadonlyMap<string, readonly number[]>>,
): void {
  const realPaths = new Map(files.flatMap((file) => realPathOf(file)));
  if (realPaths.size === 0) return done(new Map());
  runLater(LSOF, ['-w', '-n', '-P', '-F', LSOF_FIELDS, '--', ...realPaths.values()], (result) => {
    if (result.code === null) return done(new CannotAsk(`cannot ask the system: lsof ${result.complaint}`));
    const writers = parseWriters(result.stdout);
    done(new Map([...realPaths].map(([file, path]) => [file, writers.get(path) ?? []])));
  });
}

function realPathOf(file: string): readonly (readonly [string, string])[] {
  try {
    return [[file, realpathSync.native(file)]];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // Who holds no file writes to none.
    return [];
  }
}

function isPid(pid: number): boolean {
  return Number.isInteger(pid) && pid >= 1 && pid <= PID_MAX;
}

/** ps ends with 1 and says nothing when there is no such process. */
function isNobody({ code, stdout, complaint }: ToolResult): boolean {
  return code === 1 && stdout.trim() === '' && complaint === '';
}

function printed(result: ToolResult): string {
  if (result.code === null) throw new CannotAsk(`cannot ask the system: ps ${result.complaint}`);
  return result.stdout;
}

function output(result: ToolResult, tool: string): string {
  if (result.code === 0 && result.stdout.trim() !== '') return result.stdout;
  throw new CannotAsk(
    `cannot ask the system: ${tool} ${result.complaint || `ended with code ${result.code}`}`,
  );
}
