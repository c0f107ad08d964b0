import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, ended } from './support/home.ts';
import { listings, MacHome } from './support/mac.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

/** Enough jobs that one call for each would show. */
const MANY = 20;

/** What `ps` costs on a busy Mac, in milliseconds. */
const PRICES = { one: 8, group: 8, all: 100, environments: 150 };

/**
 * A listing serves six times as long as it takes, so a machine that is slow for other reasons makes some
 * more.
 */
const SERVES_MS = 6 * PRICES.all;

let home: MacHome;
const names = Array.from({ length: MANY }, (_, index) => `job${index + 1}`);

beforeEach(() => {
  home = new MacHome();
  home.write('jobs.toml', names.map((name) => sleeper(name)).join(''));
});
afterEach(() => home.dispose());

const run = (...args: readonly string[]) => ended(home.begin(home.knobs({ prices: PRICES }), ...args));

async function timed(...args: readonly string[]): Promise<number> {
  const begun = performance.now();
  expect((await run(...args)).code).toBe(0);
  return performance.now() - begun;
}

const mostListings = (ms: number): number => Math.max(6, 2 + Math.ceil(ms / SERVES_MS));

/** A daemon that has been there for a while has nothing to find out any more. */
async function atRest(): Promise<void> {
  await awaited(async () => {
    home.calls();
    await new Promise((resolve) => setTimeout(resolve, 700));
    return Object.keys(home.calls()).length === 0 || null;
  }, 'a rest of the daemon');
}

test('the first trigger of many jobs lists all processes once and polls each job once at most', async () => {
  const ms = await timed();
  const calls = home.calls();
  expect(listings(calls)).toBeLessThanOrEqual(1 + Math.floor(ms / SERVES_MS));
  expect(listings(calls)).toBeGreaterThan(0);
  expect(calls['one'] ?? 0).toBeLessThanOrEqual(MANY);
  expect(calls['group'] ?? 0).toBe(0);
});

test('running jobs that this daemon started cost no call', async () => {
  await run();
  await atRest();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(home.calls()).toEqual({});
});

test('adopted jobs cost one call a second, however many they are', async () => {
  await run();
  await home.killDaemon();
  await run();
  home.calls();
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 6_000));
  const calls = Object.values(home.calls()).reduce((sum, count) => sum + count, 0);
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(Math.ceil((performance.now() - begun) / 1_000));
});

test('a stop of all jobs lists the processes a few times, however many jobs there are', async () => {
  await run();
  home.calls();
  const ms = await timed('stop', '--all');
  const { group = 0, one = 0, ...calls } = home.calls();
  expect(listings(calls)).toBeLessThanOrEqual(mostListings(ms));
  // Each listing reads the environment of the foreign processes that are new, and overseer asks for its own
  // group.
  expect(one).toBeLessThanOrEqual(listings(calls) + 1);
  expect(calls['lsof'] ?? 0).toBeLessThanOrEqual(mostListings(ms));
  expect(group).toBe(0);
});

test('T-994 no timer of the daemon waits for tools for more than 250 ms, whatever is asked of it', async () => {
  await run();
  for (const request of ['restart', 'stop', 'start']) await run(request, '--all');
  await home.killDaemon();
  await run();
  expect(home.longestWait()).toBeLessThanOrEqual(250);
  await run('stop', '--all');
  // What precedes a signal is waited for, so that this measures something.
  expect(home.longestWait()).toBeGreaterThan(0);
  expect(home.longestWait()).toBeLessThanOrEqual(250);
});

test('a rotation looks twice at the job’s own group, and at nobody else', async () => {
  const script = `until test -e ${home.path('go')}; do sleep 0.1; done; yes | head -c 9000; exec sleep 1000`;
  home.write('jobs.toml', shellJob('talks', script, 'log = { max_size = "4kB", keep = 2 }'));
  await run();
  await atRest();
  writeFileSync(home.path('go'), '');
  await awaited(async () => existsSync(join(home.data, 'logs', 'talks.log.1')) || null, 'the rotated log');
  const { one = 0, ...calls } = home.calls();
  expect(calls).toEqual({ group: 2 });
  // Before its first signal overseer asks once which group is its own.
  expect(one).toBeLessThanOrEqual(1);
});
