import { jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/daemon/main.ts';

/** Events of the process that a daemon listens to. */
const LISTENED = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGPIPE',
  'SIGUSR1',
  'SIGUSR2',
  'uncaughtException',
  'unhandledRejection',
] as const;

type Listener = (...words: unknown[]) => void;

/** What a program has written, and how it ended. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A home of its own for `overseerd`, which runs in the process of the test. */
export class InProcessDaemon {
  readonly home = realpathSync(mkdtempSync(join(tmpdir(), 'overseer-main-')));
  readonly config = join(this.home, '.config', 'overseer');
  readonly data = join(this.home, '.local', 'share', 'overseer');
  readonly #environment = { ...process.env };

  constructor() {
    for (const name of Object.keys(process.env))
      if (/^(?:XDG|OVERSEER)_/.test(name)) delete process.env[name];
    process.env['HOME'] = this.home;
    mkdirSync(this.config, { recursive: true });
  }

  /** Writes a config of one file. */
  configure(text: string): void {
    writeFileSync(join(this.config, 'a.toml'), text);
  }

  /** Runs `overseerd` with these words; while it runs, `meanwhile` does. */
  async run(
    words: readonly string[],
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Ran> {
    const written = { out: '', err: '' };
    const note =
      (name: 'out' | 'err') =>
      (text: unknown): boolean => {
        written[name] += String(text);
        return true;
      };
    const spies = [
      jest.spyOn(process.stdout, 'write').mockImplementation(note('out') as never),
      jest.spyOn(process.stderr, 'write').mockImplementation(note('err') as never),
    ];
    // While it runs the events of the process are the daemon's alone.
    const before = LISTENED.map((event) => [event, process.listeners(event as never) as Listener[]] as const);
    for (const [event] of before) process.removeAllListeners(event);
    try {
      const running = main(words, 0o022);
      await meanwhile();
      return { code: await running, ...written };
    } finally {
      for (const spy of spies) spy.mockRestore();
      for (const [event, listeners] of before) {
        process.removeAllListeners(event);
        for (const each of listeners) process.on(event, each);
      }
    }
  }

  /** The lines of the daemon's log, without their times. */
  log(): readonly string[] {
    try {
      return readFileSync(join(this.data, 'overseerd.log'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.slice(line.indexOf(' ') + 1));
    } catch {
      // It has not been opened yet.
      return [];
    }
  }

  dispose(): void {
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name];
    Object.assign(process.env, this.#environment);
    rmSync(this.home, { recursive: true, force: true });
  }
}
