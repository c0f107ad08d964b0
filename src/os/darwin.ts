import { groupIsKnown, isAlive } from './is-alive.ts';
import { lockWithOpen } from './lock/lock-darwin.ts';
import type { LockResult, Os, ProcessInfo } from './os.ts';
import { memoPerTurn } from './memo-per-turn.ts';
import { parseCarriers, parsePs, PS_COLUMNS } from './parse-ps.ts';
import { runTool, type RunTool, type ToolResult } from './run-tool.ts';
import { CannotAsk } from './system-error.ts';

/** What macOS does for us; tests on Linux give their own. */
export interface DarwinParts {
  readonly run: RunTool;
  readonly lock: (path: string) => LockResult;
  readonly groupIsKnown: (pgid: number) => boolean;
}

const PS = '/bin/ps';
const SYSCTL = '/usr/sbin/sysctl';

/**
 * macOS, by `ps` and `sysctl`, whose exec costs about 10 to 50 ms. A `ps` that cannot be run is thrown as `CannotAsk`:
 * "unknown" must not be read as "dead". Starts have a resolution of one second.
 */
export function darwinOs(parts: DarwinParts = { run: runTool, lock: lockWithOpen, groupIsKnown }): Os {
  const { run } = parts;
  let boot: string | null = null;
  const processes = (): readonly ProcessInfo[] => parsePs(output(run(PS, ['-A', '-o', PS_COLUMNS]), 'ps'));
  // Hundreds of groups may end in the same moment.
  const processesNow = memoPerTurn(processes);
  return {
    name: 'darwin',
    // Not kern.boottime: that moves when the clock is set.
    bootId: () => (boot ??= output(run(SYSCTL, ['-n', 'kern.bootsessionuuid']), 'sysctl').trim()),
    identify: (pid) => identify(pid, run),
    // A date by the wall clock.
    startedAt: () => null,
    processes,
    groupIsKnown: parts.groupIsKnown,
    groupAlive: (pgid) =>
      parts.groupIsKnown(pgid) && processesNow().some((info) => info.pgid === pgid && isAlive(info)),
    processesWithEnv: (name) =>
      parseCarriers(run(PS, ['-A', '-E', '-ww', '-o', 'pid=,command=']).stdout, name),
    lock: parts.lock,
  };
}

function identify(pid: number, run: RunTool): ProcessInfo | null {
  if (!Number.isInteger(pid) || pid < 1) return null;
  const result = run(PS, ['-o', PS_COLUMNS, '-p', String(pid)]);
  // ps ends with 1 and says nothing when there is no such process.
  if (result.code === 1 && result.stdout.trim() === '' && result.complaint === '') return null;
  const info = parsePs(output(result, 'ps')).find((found) => found.pid === pid);
  return info !== undefined && isAlive(info) ? info : null;
}

function output(result: ToolResult, tool: string): string {
  if (result.code === 0 && result.stdout.trim() !== '') return result.stdout;
  throw new CannotAsk(
    `cannot ask the system: ${tool} ${result.complaint || `ended with code ${result.code}`}`,
  );
}
