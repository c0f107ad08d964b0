import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { awaited, ended } from './support/home.ts';
import { servedAddress } from './support/served-address.ts';
import { MacHome } from './support/mac.ts';
import { sleeper } from './support/shell-job.ts';

/** Enough jobs that one measurement for each would show. */
const MANY = 10;

let home: MacHome;
beforeEach(() => {
  home = new MacHome();
});
afterEach(() => home.dispose());

const run = (...args: readonly string[]) => ended(home.begin(home.knobs({}), ...args));
const jobs = (more: (at: number) => string): string =>
  Array.from({ length: MANY }, (_, at) => sleeper(`job${at}`, more(at))).join('');

/** Who looked at the memory of all processes, and when: in milliseconds of the life of that program. */
const looks = (): readonly { readonly pid: number; readonly at: number }[] =>
  (existsSync(home.path('calls')) ? readFileSync(home.path('calls'), 'utf8') : '')
    .split('\n')
    .filter((line) => line.includes('rss='))
    .map((line) => line.split(' ').map(Number))
    .map(([pid = 0, at = 0]) => ({ pid, at }));

/** Waits until nothing has been measured for this time. */
async function calm(ms: number): Promise<void> {
  await awaited(async () => {
    const before = looks().length;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return looks().length === before || null;
  }, 'no look at the memory of any process');
}

test('T-1064 all jobs with max_memory are measured together, once every five seconds', async () => {
  home.write(
    'jobs.toml',
    jobs((at) => (at === 0 ? '' : 'max_memory = "1GB"')),
  );
  await run();
  await awaited(async () => looks().length >= 3 || null, 'three looks');
  expect(new Set(looks().map(({ pid }) => pid))).toEqual(new Set([home.daemonPid()]));
  for (const [at, look] of looks().slice(1).entries())
    expect(look.at - (looks()[at]?.at ?? 0)).toBeGreaterThanOrEqual(4_900);
  home.write(
    'jobs.toml',
    jobs(() => ''),
  );
  expect((await run()).stdout).toContain(`${MANY - 1} updated`);
  await calm(5_500);
});

test('T-1065 status --usage measures all processes twice; status and the daemon never do', async () => {
  home.write(
    'jobs.toml',
    jobs(() => ''),
  );
  await run();
  await run('status');
  expect(looks()).toEqual([]);
  expect((await run('status', '--usage')).stdout).toMatch(/CPU +MEM/);
  expect(looks()).toHaveLength(2);
  expect(looks().filter(({ pid }) => pid === home.daemonPid())).toEqual([]);
});

test('T-1066 web measures while a page is open, and at no other time', async () => {
  home.write(
    'jobs.toml',
    jobs(() => ''),
  );
  await run();
  const web = home.begin(home.knobs({}), 'web', '--json');
  const url = await servedAddress(web);
  await calm(2_500);
  expect(looks()).toEqual([]);
  const page = get(`${url}jobs`, (response) => response.resume());
  page.on('error', () => undefined);
  await awaited(async () => looks().length >= 4 || null, 'two measurings');
  page.destroy();
  // Longer than from one measuring to the next.
  await calm(5_500);
  expect(looks().filter(({ pid }) => pid !== web.pid)).toEqual([]);
  web.kill('SIGINT');
  await ended(web);
});
