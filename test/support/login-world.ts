import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ToolRun } from '../../src/cli/autostart/tools.ts';
import type { World } from '../../src/cli/autostart/world.ts';
import { newFolder } from './new-folder.ts';

const done = (stdout = ''): ToolRun => ({ code: 0, stdout, stderr: '', isMissing: false });
const refused = (stderr: string, code = 1): ToolRun => ({ code, stdout: '', stderr, isMissing: false });
const MISSING: ToolRun = { code: null, stdout: '', stderr: 'ENOENT', isMissing: true };

/**
 * A home with an overseer, whose service manager only remembers: what it was told is in `deeds`, and a daemon
 * that it starts has the pid 77.
 */
export class LoginWorld implements World {
  readonly home = realpathSync(newFolder());
  readonly homes = {
    config: join(this.home, '.config/overseer'),
    data: join(this.home, '.local/share/overseer'),
    home: this.home,
  };
  readonly version = '0.1.0';
  readonly env: Record<string, string>;
  readonly platform: NodeJS.Platform;
  running: { readonly program: string; readonly node: string };
  readonly deeds: string[] = [];
  /** Tools that are not there. */
  readonly missing = new Set<string>();
  /** What the service manager refuses, by a word of the call, and what it says then. */
  readonly refusals = new Map<string, string>();
  /** What `systemctl show` says besides. */
  readonly shown = new Map<string, string>();
  lingers = true;
  isAtScreen = true;
  isSwitchedOff = false;
  /** The daemon of the data folder, and the one of the service manager. */
  daemon: number | null = null;
  served: number | null = null;
  /** The file that the service manager has taken up. */
  loaded: string | null = null;
  handOvers = 0;

  constructor(platform: 'linux' | 'darwin' | 'aix' = 'linux') {
    this.platform = platform;
    this.env = { HOME: this.home, PATH: `${join(this.home, 'bin')}:/usr/bin` };
    this.running = {
      program: this.program('bin/overseerd', 'echo 0.1.0'),
      node: this.program('bin/node', 'echo node'),
    };
  }

  /** Writes a program into the home. */
  program(path: string, script: string): string {
    const file = join(this.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  get unit(): string {
    return join(this.home, '.config/systemd/user/overseer.service');
  }

  get agent(): string {
    return join(this.home, 'Library/LaunchAgents/local.overseer.plist');
  }

  readonly daemonPid = (): number | null => this.daemon;

  readonly handOver = (): Promise<void> => {
    this.handOvers += 1;
    this.daemon = null;
    this.served = null;
    return Promise.resolve();
  };

  readonly run = (program: string, words: readonly string[]): ToolRun => {
    if (this.missing.has(program)) return MISSING;
    const refusal = [...this.refusals].find(([word]) => words.includes(word));
    if (refusal !== undefined) return refused(refusal[1]);
    if (program === 'systemctl') return this.#systemctl(words.slice(1));
    if (program === 'launchctl') return this.#launchctl(words);
    if (program === 'loginctl') return done(this.lingers ? 'yes\n' : 'no\n');
    if (words.includes('--version')) return done('0.1.0\n');
    return done(`${program}\n`);
  };

  #systemctl([verb = '', name = '']: readonly string[]): ToolRun {
    if (verb === 'show' && name === '--property=Version') return done('Version=255\n');
    if (verb === 'show') {
      const facts = {
        LoadState: this.loaded === null ? 'not-found' : 'loaded',
        UnitFileState: 'enabled',
        MainPID: String(this.served ?? 0),
        FragmentPath: this.loaded ?? '',
        ...Object.fromEntries(this.shown),
      };
      return done(
        Object.entries(facts)
          .map((fact) => fact.join('='))
          .join('\n'),
      );
    }
    this.deeds.push([verb, name].filter(Boolean).join(' '));
    if (verb === 'enable') this.loaded = this.unit;
    if (verb === 'disable') this.loaded = null;
    if (verb === 'start') this.#serve();
    return done();
  }

  #launchctl([verb = '', domain = '', file = '']: readonly string[]): ToolRun {
    if (verb === 'version') return done('7');
    if (verb === 'print-disabled')
      return done(`\t\t"local.overseer" => ${this.isSwitchedOff ? 'disabled' : 'enabled'}\n`);
    if (verb === 'print' && !domain.includes('local.'))
      return this.isAtScreen ? done() : refused('Could not find domain', 113);
    if (verb === 'print') {
      if (this.loaded === null) return refused('Could not find service', 113);
      return done(`\tpath = ${this.loaded}\n${this.served === null ? '' : `\tpid = ${this.served}\n`}`);
    }
    this.deeds.push(verb);
    if (verb === 'bootout') this.loaded = null;
    if (verb === 'bootstrap') {
      this.loaded = file;
      this.#serve();
    }
    return done();
  }

  #serve(): void {
    this.served = 77;
    this.daemon = 77;
  }
}
