import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JobStatus } from '../../src/wire/messages.ts';
import { Home, awaited } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

function job(name: string, keys: string): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = "sleep 1000"\n${keys}\n`;
}

const watching = (globs: readonly string[], cwd = home.dir, name = 'web'): string =>
  job(name, `cwd = ${JSON.stringify(cwd)}\nwatch = ${JSON.stringify(globs)}`);

function put(path: string, text = `${Math.random()}`): void {
  mkdirSync(dirname(home.path(path)), { recursive: true });
  writeFileSync(home.path(path), text);
}

const daemonLog = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');
const logs = (text: string): Promise<true> =>
  awaited(async () => daemonLog().includes(text) || null, `the log has ${text}`);
const why = async (name: string): Promise<string> =>
  (await home.overseer('why', name)).stdout.replaceAll(/\s+/g, ' ');

/** The job runs, and its start is so long ago that a change is nobody's but ours. */
const isSettled = ({ state, startedAt }: JobStatus): boolean =>
  state === 'running' && startedAt !== null && Date.now() - Date.parse(startedAt) > 1_200;

async function restartsAfter(change: () => void, name = 'web'): Promise<void> {
  const { pid } = await home.until(name, isSettled);
  change();
  await home.until(name, (now) => now.state === 'running' && now.pid !== pid);
}

test('events, why and the log of the daemon name the file that a restart was for', async () => {
  put('src/a.js');
  home.write('jobs.toml', watching(['src/**/*.js']));
  await home.apply();
  await restartsAfter(() => put('src/a.js'));
  const file = home.path('src/a.js');
  const events = (await home.overseer('events', 'web', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { state: string; cause: string; file: string | null });
  expect(events.filter(({ cause }) => cause === 'watch')).toMatchObject([
    { event: 'Restart', state: 'stopping', file },
    { state: 'starting', file },
    { state: 'running', file },
  ]);
  expect((await home.overseer('events', 'web')).stdout).toContain('src/a.js');
  expect(await why('web')).toContain(`It was restarted because ${file} changed.`);
  expect(daemonLog()).toContain(`job web watch: ${file} changed`);
  await home.overseer('restart', 'web');
  expect(await why('web')).not.toContain('It was restarted because');
});

test('a glob that matches nothing is reported by why, and once by the log', async () => {
  put('src/a.js');
  home.write('jobs.toml', watching(['src/*.js', 'none/*.js', 'later.txt']));
  await home.apply();
  await logs('job web watch: "none/*.js" matches nothing so far');
  expect(await why('web')).toContain('Its watch: "later.txt" matches nothing so far.');
  await restartsAfter(() => put('later.txt'));
  expect(await why('web')).not.toContain('later.txt" matches');
  expect(await why('web')).toContain('"none/*.js" matches nothing so far');
  expect(daemonLog().split('"none/*.js" matches nothing').length).toBe(2);
});

test('~ and $HOME at the beginning of a glob mean the home folder, after a ! as well', async () => {
  const [tilde, out] = ['~/watched/*.js', '!$HOME/watched/gen.js'];
  home.write('jobs.toml', watching([tilde, out], '/') + watching(['${HOME}/watched/*.js'], '/', 'other'));
  await home.apply();
  put('watched/gen.js');
  await restartsAfter(() => put('watched/a.js'));
  await restartsAfter(() => put('watched/gen.js'), 'other');
  expect(daemonLog()).not.toContain('job web watch: '.concat(home.path('watched/gen.js')));
});

test('globs that mean / or cannot be used end no daemon, and the other globs are watched', async () => {
  const globs = [
    '/',
    '//',
    '..',
    '!..',
    '!/nowhere',
    '../../../..',
    '{a,b}'.repeat(20),
    `${'*a'.repeat(30)}b`,
  ];
  home.write('jobs.toml', watching(['src/*', ...globs.filter((glob) => glob !== '/')]) + job('calm', ''));
  put(`src/${'a'.repeat(200)}`);
  await home.apply();
  await logs('braces stand for too many alternatives');
  const calm = await home.job('calm');
  const pid = home.daemonPid();
  home.write('jobs.toml', watching(globs, '/') + job('calm', ''));
  await home.apply();
  await home.overseer('restart', 'web');
  expect(await home.job('calm')).toEqual(calm);
  expect(home.daemonPid()).toBe(pid);
});

test('a data folder below what is watched does not restart a job for ever', async () => {
  mkdirSync(home.data, { recursive: true });
  // The trace of these tests, which the daemon writes all the time, is no file of the data folder.
  symlinkSync(home.data, home.path('link-to-data'));
  home.write('jobs.toml', watching(['**/*', 'link-to-data/**', '!trace']));
  await home.apply();
  await restartsAfter(() => put('a.js'));
  await home.until('web', isSettled);
  const { pid } = await home.job('web');
  for (let count = 0; count < 10; count += 1) await home.overseer('status');
  expect((await home.job('web')).pid).toBe(pid);
});

test('a cwd that is turned to another folder, removed or made anew is watched on', async () => {
  put('r/1/app.js');
  put('r/2/app.js');
  symlinkSync('r/1', home.path('current'));
  home.write('jobs.toml', watching(['app.js'], home.path('current')));
  await home.apply();
  await restartsAfter(() => put('r/1/app.js'));
  await restartsAfter(() => {
    symlinkSync('r/2', home.path('new'));
    renameSync(home.path('new'), home.path('current'));
  });
  await restartsAfter(() => put('r/2/app.js'));
  await home.until('web', isSettled);
  rmSync(home.path('r/2'), { recursive: true });
  put('r/2/app.js');
  await restartsAfter(() => put('r/2/app.js'));
});
