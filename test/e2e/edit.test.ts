import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { Home, OVERSEER, awaited } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** An editor that puts the next of these texts into the file. */
function editorThatWrites(...texts: readonly string[]): string {
  texts.forEach((text, at) => writeFileSync(home.path(`text-${at + 1}`), text));
  const path = home.path('editor');
  const lines = [
    '#!/bin/sh',
    `for n in ${texts.map((_, at) => at + 1).join(' ')}; do`,
    `  text="${home.path('text-')}$n"`,
    '  [ -e "$text" ] && { mv "$text" "$1"; exit 0; }',
    'done',
  ];
  writeFileSync(path, `${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** `overseer edit` at a terminal, whose questions are answered. */
class Edit {
  readonly #terminal: ChildProcessWithoutNullStreams;
  #shown = '';

  constructor(env: Readonly<Record<string, string>>) {
    this.#terminal = spawn('script', ['-qec', `"${process.execPath}" "${OVERSEER}" edit`, '/dev/null'], {
      env: { ...home.env, ...env },
      cwd: home.dir,
    });
    this.#terminal.stdout.on('data', (data) => (this.#shown += String(data)));
  }

  async answer(question: string, answer: string): Promise<void> {
    await awaited(async () => this.#shown.includes(question) || null, question);
    this.#shown = this.#shown.slice(this.#shown.indexOf(question) + question.length);
    this.#terminal.stdin.write(`${answer}\r`);
  }

  async end(): Promise<{ readonly code: number | null; readonly shown: string }> {
    const code = await new Promise<number | null>((resolve) => this.#terminal.once('close', resolve));
    return { code, shown: this.#shown };
  }
}

const SLEEPER = '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n';

test('T-401 edit shows the plan of what was edited, and runs the trigger after a yes', async () => {
  const file = home.write('overseer.toml', '');
  const edit = new Edit({ VISUAL: editorThatWrites(SLEEPER), EDITOR: 'false' });
  await edit.answer('Do this now? [y/N]', 'y');
  expect(await edit.end()).toMatchObject({ code: 0, shown: expect.stringContaining('1 started') });
  expect(readFileSync(file, 'utf8')).toBe(SLEEPER);
  expect((await home.job('web')).state).toBe('running');
});

test('edit starts nothing without a yes, and the config stays saved', async () => {
  home.write('overseer.toml', '');
  const edit = new Edit({ EDITOR: editorThatWrites(SLEEPER) });
  await edit.answer('Do this now? [y/N]', '');
  expect(await edit.end()).toMatchObject({ code: 0, shown: expect.stringContaining('The config is saved') });
  expect((await home.overseer('status')).code).toBe(3);
});

test('edit says what is wrong and opens the editor again, as often as one likes', async () => {
  home.write('overseer.toml', '');
  const edit = new Edit({ EDITOR: editorThatWrites('[[jobs]]\nname = "web"\n', SLEEPER) });
  await edit.answer('Edit again? [Y/n]', '');
  await edit.answer('Do this now? [y/N]', 'n');
  expect((await edit.end()).code).toBe(0);
});

test('edit of a config that stays wrong exits with 78 and changes nothing', async () => {
  home.write('overseer.toml', SLEEPER);
  await home.apply();
  const edit = new Edit({ EDITOR: editorThatWrites('nonsense') });
  await edit.answer('Edit again? [Y/n]', 'n');
  expect((await edit.end()).code).toBe(78);
  expect((await home.job('web')).state).toBe('running');
});

test('T-402 edit writes a first config where there is none, and runs an editor with its options', async () => {
  const edit = new Edit({ EDITOR: 'cp /dev/stdin --help >/dev/null; grep -c clock' });
  await edit.answer('Do this now? [y/N]', 'n');
  expect((await edit.end()).code).toBe(0);
  expect(readFileSync(`${home.config}/overseer.toml`, 'utf8')).toContain('[[jobs]]');
});

test('an editor that fails, or is missing, is reported, and nothing is planned', async () => {
  home.write('overseer.toml', SLEEPER);
  const failing = await new Edit({ EDITOR: 'false' }).end();
  expect(failing).toMatchObject({
    code: 1,
    shown: expect.stringContaining('the editor false exited with 1'),
  });
  const missing = await new Edit({ EDITOR: '/nowhere/editor' }).end();
  expect(missing).toMatchObject({ code: 1, shown: expect.stringContaining('exited with 127') });
});

test('edit that changes nothing asks nothing', async () => {
  home.write('overseer.toml', SLEEPER);
  await home.apply();
  const edit = await new Edit({ EDITOR: 'true' }).end();
  expect(edit).toMatchObject({ code: 0, shown: expect.stringContaining('nothing') });
});

test('edit without a terminal is refused', async () => {
  expect(await home.overseer('edit')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('edit needs a terminal'),
  });
});
