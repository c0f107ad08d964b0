import { EventEmitter } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Target } from '../../src/library/request.ts';
import { runTop, type TopOptions } from '../../src/cli/top/run-top.tsx';
import { newFolder } from './new-folder.ts';
import { until } from './until.ts';

const own = { stdin: process.stdin, stdout: process.stdout };
const given = (name: 'stdin' | 'stdout', value: unknown): void =>
  void Object.defineProperty(process, name, { value, configurable: true });

// oxlint-disable-next-line no-control-regex -- finding them is the point
const ROW = /\u001b\[(\d+);1H\u001b\[2K(.*?)\u001b\[0m(?=\u001b\[\d+;1H|\u001b\[\?2026l)/gs;
// oxlint-disable-next-line no-control-regex -- finding them is the point
const COLORS = /\u001b\[[0-9;]*m/g;

/** A terminal in this process, on which `overseer top` is shown. */
export class TopTerminal {
  readonly stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => void this.modes.push(isRaw),
    ref: () => undefined,
    unref: () => undefined,
  });
  readonly stdout: EventEmitter & { readonly fd: number; columns: number; rows: number };
  readonly modes: boolean[] = [];
  readonly #path = join(newFolder(), 'terminal');
  /** Resolves when `top` has ended. */
  ended: Promise<void> = Promise.resolve();

  constructor() {
    const fd = openSync(this.#path, 'a');
    this.stdout = Object.assign(new EventEmitter(), { fd, columns: 100, rows: 24 });
  }

  show(target: Target, options: Partial<TopOptions> = {}): void {
    given('stdin', this.stdin);
    given('stdout', this.stdout);
    this.ended = runTop(target, { isReadOnly: false, color: false, ...options });
    this.ended.catch(() => undefined);
  }

  /** Everything that was written to it. */
  get written(): string {
    return readFileSync(this.#path, 'utf8');
  }

  /** The rows as they are seen now. */
  get rows(): readonly string[] {
    const rows: string[] = [];
    for (const [, row, text = ''] of this.written.matchAll(ROW))
      rows[Number(row) - 1] = text.replaceAll(COLORS, '').trimEnd();
    return Array.from(rows, (row) => row ?? '');
  }

  async sees(wanted: RegExp): Promise<void> {
    await until(() => wanted.test(this.rows.join('\n')));
  }

  press(keys: string): void {
    this.stdin.write(keys);
  }

  async close(): Promise<void> {
    this.press('\u0003');
    await this.ended.catch(() => undefined);
    given('stdin', own.stdin);
    given('stdout', own.stdout);
    closeSync(this.stdout.fd);
  }
}
