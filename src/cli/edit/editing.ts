import { spawn } from 'node:child_process';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { renderProblems } from '../render/problems.ts';
import { isConfirmed } from '../terminal/confirm.ts';

/** The two commands that may follow an edit: both print, and return their exit code. */
export interface AfterEdit {
  /** Its exit code is `EXIT.done` if the plan has no changes. */
  readonly plan: () => Promise<ExitCode>;
  readonly apply: () => Promise<ExitCode>;
}

/** One `overseer edit`: the editor, the check, the plan, and after a yes the trigger. */
export class Editing {
  readonly #cli: Cli;
  readonly #paths: readonly string[];
  readonly #after: AfterEdit;
  readonly #editor: string;

  constructor(cli: Cli, paths: readonly string[], after: AfterEdit) {
    this.#cli = cli;
    this.#paths = paths;
    this.#after = after;
    const { env } = cli;
    this.#editor = [env['VISUAL'], env['EDITOR']].find((named) => (named ?? '').trim() !== '') ?? 'vi';
  }

  async run(): Promise<ExitCode> {
    for (;;) {
      const trouble = await this.#open();
      if (trouble !== null) return this.#cli.fail({ code: 'editor', message: trouble, exit: EXIT.failed });
      const problems = await this.#problems();
      if (problems === '') return this.#offer();
      await this.#cli.err.write(`${problems}overseer: the config has problems; nothing was changed\n`);
      if (!(await isConfirmed('Edit again? [Y/n] ', true))) return EXIT.config;
    }
  }

  /** Null when the editor ended well, else why it did not. A shell reads its name, which may have options. */
  #open(): Promise<string | null> {
    return new Promise((resolve) => {
      const words = ['-c', `${this.#editor} "$@"`, this.#editor, ...this.#paths];
      const editor = spawn('/bin/sh', words, { stdio: 'inherit', env: this.#cli.env });
      editor.once('error', ({ message }) => resolve(`cannot run the editor ${this.#editor}: ${message}`));
      editor.once('exit', (code, signal) => {
        if (code === 0) return resolve(null);
        const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`;
        resolve(
          `the editor ${this.#editor} ${how}; nothing was changed (set VISUAL or EDITOR to use another)`,
        );
      });
    });
  }

  async #problems(): Promise<string> {
    const { checkConfig } = await import('../offline.ts');
    const reading = checkConfig(this.#cli.homes, []);
    return reading.ok ? '' : renderProblems(reading.problems);
  }

  async #offer(): Promise<ExitCode> {
    const planned = await this.#after.plan();
    if (planned !== EXIT.changesPending) return planned;
    if (await isConfirmed('Do this now? [y/N] ')) return this.#after.apply();
    await this.#cli.out.write('The config is saved; `overseer` applies it.\n');
    return EXIT.done;
  }
}
