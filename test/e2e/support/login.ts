import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, fixture, Home, isAlive, type Ran, root } from './home.ts';

/** A user whose service manager is one of test/fixtures/service-managers. */
export class Login {
  readonly home = new Home();
  readonly state = this.home.path('manager');
  readonly env: Readonly<Record<string, string>>;
  readonly #preload: readonly string[];

  constructor({ platform }: { readonly platform: 'linux' | 'darwin' }) {
    mkdirSync(this.state);
    const path = `${fixture('service-managers')}:${this.home.env['PATH']}`;
    this.env = { ...this.home.env, PATH: path, MANAGER: this.state };
    this.#preload = platform === 'darwin' ? ['--require', fixture('as-darwin.cjs')] : [];
  }

  /** Runs one command to its end, as the shell of this user would. */
  overseer(...args: readonly string[]): Promise<Ran> {
    return this.run(process.execPath, join(root, 'bin/overseer'), args);
  }

  /** The same by another node, or of another overseer. */
  run(
    node: string,
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = this.env,
  ): Promise<Ran> {
    return ended(spawn(node, [...this.#preload, program, ...args], { env, cwd: this.home.dir }));
  }

  /** Sets what the service manager is to be like. */
  set(name: string, value = ''): void {
    writeFileSync(join(this.state, name), value);
  }

  has(name: string): boolean {
    return existsSync(join(this.state, name));
  }

  /** What the service manager was asked, but for the questions. */
  deeds(): readonly string[] {
    const calls = existsSync(join(this.state, 'calls'))
      ? readFileSync(join(this.state, 'calls'), 'utf8')
      : '';
    return calls
      .split('\n')
      .filter((line) => line !== '' && !/^(show|print|print-disabled|version)\b/.test(line));
  }

  /** The daemon that the service manager runs. */
  service(): number {
    const file = join(this.state, 'pid');
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (pid === 0 || !isAlive(pid)) throw new Error('the service manager runs no daemon');
    return pid;
  }

  /** An overseer and a node of this user's own, which a test can move. */
  install(name: string): { readonly program: string; readonly bin: string } {
    const to = this.home.path(name);
    for (const part of ['bin', 'dist', 'docs']) cpSync(join(root, part), join(to, part), { recursive: true });
    const bin = join(to, 'node/bin');
    mkdirSync(bin, { recursive: true });
    return { program: join(to, 'bin/overseer'), bin };
  }

  /** A folder with a `node` in it that is a file of its own. */
  nodeIn(bin: string): string {
    const node = join(bin, 'node');
    copyFileSync(process.execPath, node);
    return node;
  }

  dispose(): Promise<void> {
    return this.home.dispose();
  }
}
