import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../support/sources.ts';
import { awaited, Home } from './support/home.ts';

const FOLDER = join(ROOT, 'docs/examples');

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/**
 * Starts an example as it stands, in a home of its own. `change` makes a fixed path or time one of this test.
 */
async function tried(example: string, change: (toml: string) => string = (toml) => toml): Promise<void> {
  home.write('jobs.toml', change(readFileSync(join(FOLDER, example), 'utf8')));
  expect(await home.overseer('check')).toMatchObject({ code: 0 });
  expect(await home.overseer()).toMatchObject({ code: 0, stderr: '' });
}

const states = async (): Promise<string> =>
  (await home.status()).jobs.map(({ name, state }) => `${name} ${state}`).join(', ');

/** A file in the home that the example takes for the user's. */
function written(path: string, text: string): string {
  const file = home.path(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('each example in docs/examples is tried here', () => {
  const tomls = readdirSync(FOLDER).filter((name) => name.endsWith('.toml'));
  const text = readFileSync(join(ROOT, 'test/e2e/examples.test.ts'), 'utf8');
  expect(tomls.length).toBeGreaterThanOrEqual(4);
  expect(tomls.filter((name) => !text.includes(`'${name}'`))).toEqual([]);
});

test('docs/examples/web-worker-db.toml starts the database, then the server, then two workers', async () => {
  await tried('web-worker-db.toml');
  expect(await states()).toBe('db running, web running, worker@1 running, worker@2 running');
  const started = (await home.status()).jobs.map(({ startedAt }) => Date.parse(startedAt ?? ''));
  expect(started.slice(0, 2)).toEqual(started.slice(0, 2).toSorted((a, b) => a - b));
  expect(started[1]).toBeLessThan(Math.min(...started.slice(2)));
});

test('docs/examples/scheduled-backup.toml copies the notes at its time, and waits for the next', async () => {
  written('notes/today.txt', 'milk\n');
  await tried('scheduled-backup.toml', (toml) => toml.replace('30 3 * * *', 'every 1s'));
  await awaited(async () => readText(home.path('backup/today.txt')), 'a backup');
  expect(readText(home.path('backup/today.txt'))).toBe('milk\n');
  home.write('jobs.toml', readFileSync(join(FOLDER, 'scheduled-backup.toml'), 'utf8'));
  expect(await home.overseer()).toMatchObject({ code: 0 });
  await home.until('backup', ({ state }) => state === 'waiting');
});

test('docs/examples/test-command.toml runs the job while its file exists', async () => {
  const file = home.path('example');
  await tried('test-command.toml', (toml) => toml.replaceAll('/tmp/overseer-example', file));
  expect(await states()).toBe('sync held');
  writeFileSync(file, '');
  await home.overseer();
  await home.until('sync', ({ state }) => state === 'running');
  rmSync(file);
  await home.overseer();
  await home.until('sync', ({ state }) => state === 'held');
});

test('docs/examples/watch.toml restarts the server when a source changes, but not for its tests', async () => {
  const source = written('project/src/server.js', '1');
  const tests = written('project/src/server.test.js', '1');
  await tried('watch.toml');
  const { pid } = await home.until('dev', ({ state }) => state === 'running');
  writeFileSync(tests, '2');
  writeFileSync(source, '2');
  await home.until('dev', (job) => job.state === 'running' && job.pid !== pid);
  const why = await home.overseer('why', 'dev');
  expect(why.stdout).toContain('server.js');
  expect(why.stdout).not.toContain('server.test.js');
});

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
