import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { darwinPrograms } from '../../support/darwin/programs.ts';
import { Home, root } from './home.ts';

/** What test/support/darwin/preload.cjs can be told. */
export interface Knobs {
  readonly prices?: Readonly<Record<string, number>>;
  readonly calls?: string;
  readonly waits?: string;
  readonly showsAll?: boolean;
  readonly boot?: string;
  readonly devices?: number;
  readonly isOffline?: boolean;
  readonly refuses?: readonly string[];
}

/**
 * How often each tool of the system was called, by kind of question: one, group, all, environments, lsof,
 * scutil, sysctl.
 */
export type Calls = Readonly<Record<string, number>>;

/** A home on a machine that the programs take for a Mac. */
export class MacHome extends Home {
  constructor(more: Readonly<Record<string, string>> = {}) {
    super(more, join(darwinPrograms(root), 'overseer'));
  }

  /** Clients and the daemons that they launch from now on are told this, and write down what they call. */
  knobs(knobs: Knobs): Readonly<Record<string, string>> {
    return {
      OVERSEER_DARWIN: JSON.stringify({ calls: this.path('calls'), waits: this.path('waits'), ...knobs }),
    };
  }

  /**
   * What the daemon waited for in one turn of its event loop at the most, in milliseconds of prices: each
   * timer was so late at least.
   */
  longestWait(): number {
    const path = this.path('waits');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    const own = lines.map((line) => line.split(' ').map(Number)).filter(([pid]) => pid === this.daemonPid());
    return Math.max(0, ...own.map(([, ms = 0]) => ms));
  }

  /** The tools that were called since the last question. */
  calls(): Calls {
    const path = this.path('calls');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').filter(Boolean) : [];
    writeFileSync(path, '');
    const calls: Record<string, number> = {};
    for (const kind of lines.map((line) => line.split(' ')[2] ?? '')) calls[kind] = (calls[kind] ?? 0) + 1;
    return calls;
  }
}

/** How many of the calls list all processes. */
export const listings = ({ all = 0, environments = 0 }: Calls): number => all + environments;
