import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, awaited, ended, within } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const shell = (name: string, script: string): string =>
  `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", "${script}"] }\n`;

const untilFile = (name: string): string => `until [ -e ${name} ]; do sleep 0.02; done`;

/** The lines of a log that its index knows the time of. */
const timed = (name: string): number => {
  try {
    return readFileSync(join(home.data, 'logs', `${name}.log.idx`), 'utf8').split('\n').length - 1;
  } catch {
    return 0;
  }
};

test('the lines of several jobs are merged by the time at which they were written', async () => {
  home.write(
    'jobs.toml',
    shell('a', `echo a1; ${untilFile('a2')}; echo a2; exec sleep 1000`) +
      shell('b', `${untilFile('b')}; echo b1; echo b2; exec sleep 1000`),
  );
  await home.apply();
  // Each is written when the time of the one before is known.
  await awaited(async () => timed('a') >= 1 || null, 'the time of a1');
  writeFileSync(home.path('b'), '');
  await awaited(async () => timed('b') >= 1 || null, 'the time of b1 and b2');
  writeFileSync(home.path('a2'), '');
  await awaited(async () => timed('a') >= 2 || null, 'the time of a2');
  expect((await home.overseer('logs')).stdout).toBe('a | a1\nb | b1\nb | b2\na | a2\n');
  expect((await home.overseer('logs', '-n', '1')).stdout).toBe('b | b2\na | a2\n');
  const child = home.begin({}, 'logs', '-f');
  const ran = ended(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await awaited(async () => said.includes('a2') || null, 'the backlog');
  expect(said).toMatch(/^a \| a1\nb \| b1\nb \| b2\na \| a2\n/);
  child.kill('SIGINT');
  expect((await within(ran, 'the end')).code).toBe(0);
});

test('T-456 logs --grep and --until choose the lines that -n counts, in JSON and with -f as well', async () => {
  home.write('jobs.toml', shell('a', 'echo one; echo two; echo three; exec sleep 1000'));
  await home.apply();
  await awaited(async () => home.log('a').includes('three') || null, 'the lines');
  expect((await home.overseer('logs', 'a', '--grep', '^t')).stdout).toBe('two\nthree\n');
  expect((await home.overseer('logs', 'a', '--grep', '^t', '-n', '1')).stdout).toBe('three\n');
  expect((await home.overseer('logs', '--grep', 'one', '--json')).stdout).toBe('{"job":"a","line":"one"}\n');
  expect((await home.overseer('logs', 'a', '--until', '1h')).stdout).toBe('');
  const until = new Date(Date.now() + 1500).toISOString();
  expect(
    (await within(home.overseer('logs', 'a', '-f', '--until', until, '--grep', 'o'), 'the end')).stdout,
  ).toBe('one\ntwo\n');
  expect(await home.overseer('logs', '--grep', '(')).toMatchObject({ code: 64 });
  expect(await home.overseer('logs', '--until', 'soon')).toMatchObject({ code: 64 });
});
