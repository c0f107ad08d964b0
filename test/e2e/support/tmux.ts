import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { awaited } from './home.ts';
import { home } from './fresh-home.ts';

export const hasTmux = existsSync('/usr/bin/tmux');

/** A real terminal of a given size, with a shell in it. */
export class Tmux {
  static #opened = 0;
  /** A new socket for each terminal: the server of a closed one may still answer for a moment. */
  readonly #socket = join(home.dir, `tmux-${(Tmux.#opened += 1)}`);

  constructor(
    { columns, rows }: { readonly columns: number; readonly rows: number },
    more: Readonly<Record<string, string>> = {},
  ) {
    const env = { ...home.env, SHELL: '/bin/sh', PS1: '$ ', ...more };
    this.#tmux(
      ['-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows), '/bin/sh'],
      env,
    );
  }

  /** Types keys by tmux's names, such as `Enter`, `Down` or `C-c`. */
  press(...keys: readonly string[]): void {
    this.#tmux(['send-keys', ...keys]);
  }

  /** Types a text as it is. */
  type(text: string): void {
    this.#tmux(['send-keys', '-l', text]);
  }

  resize(columns: number, rows: number): void {
    this.#tmux(['resize-window', '-x', String(columns), '-y', String(rows)]);
  }

  /** What the terminal shows; with `-e` also its colours. */
  shown(...options: readonly string[]): string {
    return this.#tmux(['capture-pane', '-p', ...options]);
  }

  /** Waits until the terminal shows this. */
  async until(what: RegExp): Promise<string> {
    let shown = '';
    try {
      return await awaited(async () => {
        shown = this.shown();
        return what.test(shown) ? shown : null;
      }, '');
    } catch {
      throw new Error(`waited in vain for ${what} on the terminal:\n${shown}`);
    }
  }

  /** Whether it shows its second screen, its cursor, and breaks lines at its edge: `0 1 1` for a shell. */
  modes(): string {
    return this.#tmux(['display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}']).trim();
  }

  close(): void {
    try {
      this.#tmux(['kill-server']);
    } catch {
      // Its shell has ended, and the server with it.
    }
  }

  #tmux(words: readonly string[], env?: Readonly<Record<string, string>>): string {
    return execFileSync('/usr/bin/tmux', ['-S', this.#socket, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      ...(env && { env }),
    });
  }
}
