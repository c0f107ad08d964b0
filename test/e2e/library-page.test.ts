import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, root } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
  mkdirSync(home.path('node_modules'));
  symlinkSync(root, home.path('node_modules/overseer'));
});
afterEach(() => home.dispose());

const TIME_LIMIT_MS = 120_000;

/** The programs on the page, and what each prints of a job `web` that prints `ready`. */
const PRINTED: Readonly<Record<string, RegExp>> = {
  Look: /^web running \d+\n.*\bruns\b|^web running \d+\n.*running/s,
  Change: /^web: none\n(\d+ of \d+\n)*the jobs match the config\n$/,
  Send: /^sent to web\n$/,
  Wait: /^web is running\n$/,
  Follow: /^web .*Running\n(.*Z ready\n)+$/s,
};

test('each program on the page of the library runs as it stands there', async () => {
  const page = readFileSync(join(root, 'docs/library.md'), 'utf8');
  const programs = [...page.matchAll(/^## (\w+)\n\n(?:[^#`][^\n]*\n\n)?```js\n(.*?)^```$/gms)].map(
    ([, name, text]) => ({
      name,
      text,
    }),
  );
  expect(programs.map(({ name }) => name)).toEqual(Object.keys(PRINTED));
  home.write(
    'a.toml',
    '[[jobs]]\nname = "web"\njob_command = { exe = "sh", args = ["-c", "echo ready; exec cat"] }\nstdin = true\nstart_seconds = 0.1\n',
  );
  await home.apply();
  for (const { name = '', text = '' } of programs) {
    const file = home.path(`${name}.mjs`);
    writeFileSync(file, text);
    const printed = await output(file);
    expect({ name, printed }).toEqual({ name, printed: expect.stringMatching(PRINTED[name] ?? /never/) });
  }
});

/**
 * What a program prints. Meanwhile the job is restarted again and again, so that one that follows it sees a
 * start.
 */
async function output(file: string): Promise<string> {
  let isOver = false;
  const printed = new Promise<string>((resolve, reject) => {
    const options = { cwd: home.dir, env: home.env, timeout: TIME_LIMIT_MS };
    execFile(process.execPath, [file], options, (error, stdout) => {
      isOver = true;
      if (error === null) resolve(stdout);
      else reject(error);
    });
  });
  while (file.endsWith('Follow.mjs') && !isOver) await home.overseer('restart', 'web');
  return printed;
}
