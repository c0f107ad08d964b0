import { answeringAtOnce } from '../../src/os/at-once.ts';
import type { Os, ProcessInfo } from '../../src/os/os.ts';

export const BOOT = 'boot';

/** A machine whose listings take a while, and are counted. */
export class ListedMachine {
  now = 1_000;
  listings = 0;
  processesRead = 0;
  environmentsRead = 0;
  readonly processes = new Map<number, ProcessInfo>();
  readonly environments = new Map<number, Readonly<Record<string, string>>>();
  readonly os: Os;
  /** Who was there at the last listing. */
  #told = new Map<number, string>();

  constructor(costMs = 40) {
    const asked: Omit<Os, 'later'> = {
      name: 'linux',
      isQuick: true,
      pidIsKnown: (pid) => this.processes.has(pid),
      group: (pgid) => [...this.processes.values()].filter((each) => each.pgid === pgid),
      bootId: () => BOOT,
      identify: (pid) => this.processes.get(pid) ?? null,
      startedAt: () => null,
      processes: () => [...this.processes.values()],
      listing: (known) => {
        this.listings += 1;
        this.now += costMs;
        const all = [...this.processes.values()];
        const found = all.filter(
          ({ pid, start }) => !(known?.isSettled(pid) && this.#told.get(pid) === start),
        );
        this.processesRead += found.length;
        this.#told = new Map(all.map(({ pid, start }) => [pid, start]));
        return { found, isWhole: known === null };
      },
      groupIsKnown: (pgid) => [...this.processes.values()].some((each) => each.pgid === pgid),
      groupAlive: (pgid) => [...this.processes.values()].some((each) => each.pgid === pgid),
      processesWithEnv: (name, among = [...this.processes.keys()]) => {
        this.environmentsRead += among.length;
        return among.flatMap((pid) => {
          const env = this.environments.get(pid) ?? {};
          if (env[name] === undefined) return [];
          const has = (wanted: string, value?: string): boolean =>
            env[wanted] !== undefined && (value === undefined || env[wanted] === value);
          return [{ pid, values: [env[name]], has }];
        });
      },
      lock: () => ({ ok: false, reason: 'error', message: 'none' }),
    };
    this.os = { ...asked, later: answeringAtOnce(asked) };
  }

  add(pid: number, more: Partial<ProcessInfo> = {}, env: Readonly<Record<string, string>> = {}): void {
    this.processes.set(pid, { pid, start: `${pid}`, ppid: 1, pgid: pid, sid: pid, state: 'S', ...more });
    this.environments.set(pid, env);
  }
}
