import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Cli } from '../../../../src/cli/cli.ts';
import { Editing } from '../../../../src/cli/edit/editing.ts';
import { EXIT, type ExitCode } from '../../../../src/cli/exit-codes.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { leastCli } from '../../../support/least-cli.ts';
import { newFolder } from '../../../support/new-folder.ts';

const GOOD = '[[jobs]]\nname = "web"\njob_command = "node"\n';
const BAD = '[[jobs]]\nname = "web"\n';

const own = { stdin: process.stdin, stdout: process.stdout };
const given = (name: 'stdin' | 'stdout', value: unknown): void =>
  void Object.defineProperty(process, name, { value, configurable: true });
afterEach(() => {
  given('stdin', own.stdin);
  given('stdout', own.stdout);
});

interface Edited {
  readonly code: ExitCode;
  readonly did: readonly string[];
  readonly out: string;
  readonly err: string;
  readonly file: string;
  readonly log: string;
}

/** Edits a config; each time the editor runs it leaves the next of these texts. `typed` answers questions. */
async function edited(
  texts: readonly string[],
  { typed = '', plan = EXIT.changesPending as ExitCode, env = {} as Cli['env'], script = '' } = {},
): Promise<Edited> {
  const home = newFolder();
  const config = join(home, 'config');
  mkdirSync(config);
  const file = join(config, 'a.toml');
  const log = join(home, 'log');
  texts.forEach((text, at) => writeFileSync(join(home, `${at}.toml`), text));
  const editor = join(home, 'editor');
  const count = `n=$(cat '${home}/n' 2>/dev/null || echo 0); echo $((n + 1)) > '${home}/n'`;
  const lines = ['#!/bin/sh', `echo "$@" >> '${log}'`, count, `cp '${home}'/$n.toml '${file}'`, script];
  writeFileSync(editor, `${lines.join('\n')}\n`);
  chmodSync(editor, 0o755);
  const did: string[] = [];
  const [keys, screen] = [new PassThrough(), new PassThrough()];
  given('stdin', keys);
  given('stdout', screen);
  // Each question is answered with the next letter.
  const answers = typed.split('');
  screen.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('? [')) keys.write(`${answers.shift() ?? ''}\n`);
  });
  const { cli, out, err } = leastCli({
    env: { VISUAL: `${editor} -w`, ...env },
    homes: { ...HOMES, config },
    fail: ({ code, message, exit }) => {
      did.push(`${code}: ${message.replaceAll(editor, 'EDITOR')}`);
      return Promise.resolve(exit);
    },
  });
  const code = await new Editing(cli, [file], {
    plan: () => Promise.resolve((did.push('plan'), plan)),
    apply: () => Promise.resolve((did.push('apply'), EXIT.failed)),
  }).run();
  return { code, did, out: out.text, err: err.text, file, log };
}

test('the editor is opened with the files of the config, and may have options', async () => {
  const { log, file, code } = await edited([GOOD], { plan: EXIT.done });
  expect([readFileSync(log, 'utf8'), code]).toEqual([`-w ${file}\n`, EXIT.done]);
});

test('after a good edit the plan is shown, and the trigger runs after a yes', async () => {
  expect(await edited([GOOD], { typed: 'y' })).toMatchObject({
    code: EXIT.failed,
    did: ['plan', 'apply'],
    out: '',
  });
  expect(await edited([GOOD])).toMatchObject({
    code: EXIT.done,
    did: ['plan'],
    out: 'The config is saved; `overseer` applies it.\n',
  });
});

test('where the plan has nothing to do, or fails, nothing is asked', async () => {
  expect(await edited([GOOD], { plan: EXIT.done })).toMatchObject({
    code: EXIT.done,
    did: ['plan'],
    out: '',
  });
  expect(await edited([GOOD], { plan: EXIT.failed, typed: 'y' })).toMatchObject({
    code: EXIT.failed,
    did: ['plan'],
  });
});

test('a config with problems is shown with them and edited again, unless that is not wanted', async () => {
  const again = await edited([BAD, GOOD], { plan: EXIT.done });
  expect(again).toMatchObject({ code: EXIT.done, did: ['plan'] });
  expect(again.err).toContain('overseer: the config has problems; nothing was changed\n');
  expect(again.err).toContain('job_command');
  expect(await edited([BAD], { typed: 'n' })).toMatchObject({ code: EXIT.config, did: [] });
});

test('an editor that fails or is killed changes nothing, and the message names it', async () => {
  const how = 'nothing was changed (set VISUAL or EDITOR to use another)';
  expect(await edited([GOOD], { script: 'exit 3' })).toMatchObject({
    code: EXIT.failed,
    did: [`editor: the editor EDITOR -w exited with 3; ${how}`],
  });
  expect(await edited([GOOD], { script: 'kill -9 $$' })).toMatchObject({
    did: [expect.stringMatching(/^editor: the editor EDITOR -w (?:exited with 137|was ended by SIGKILL); /)],
  });
});

test('VISUAL comes before EDITOR, and an empty one is none', async () => {
  expect((await edited([GOOD], { env: { EDITOR: 'false' }, plan: EXIT.done })).did).toEqual(['plan']);
  expect((await edited([GOOD], { env: { VISUAL: '', EDITOR: 'exit 5;' } })).did[0]).toMatch(
    /the editor exit 5; exited with 5/,
  );
});
