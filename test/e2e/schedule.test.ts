import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { home } from './support/fresh-home.ts';
import { OVERSEERD, awaited, fixture } from './support/home.ts';
import { isTrue } from './support/is-true.ts';
import { wholeLines } from './support/whole-lines.ts';

/** A job that runs a line of shell. */
function job(name: string, script: string, keys = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\n${keys}\n`;
}

const lines = (name: string): readonly string[] => wholeLines(home.path(name));

const why = async (name: string): Promise<string> =>
  (await home.overseer('why', name)).stdout.replaceAll(/\s+/g, ' ');

test('T-99 a job runs each time, says when it runs next, and is never run twice at once', async () => {
  const script = 'mkdir running || echo twice >> trouble; echo run >> runs; sleep 1.2; rmdir running';
  home.write('jobs.toml', job('tick', script, 'schedule = "every 1s"'));
  expect((await home.apply()).changes).toMatchObject([
    {
      action: 'start',
      state: 'waiting',
      pid: null,
      detail: expect.stringMatching(/^next run 2/),
    },
  ]);
  const { nextStartAt } = await home.job('tick');
  expect(Date.parse(nextStartAt ?? '') - Date.now()).toBeLessThan(1_000);
  await isTrue(() => lines('runs').length >= 2, 'two runs');
  expect(lines('trouble')).toEqual([]);
  // Its next run may have begun by the time that one asks.
  const told = /Its schedule is "every 1s"; its next run is at \d\d:\d\d:\d\d/;
  await awaited(async () => told.test(await why('tick')) || null, 'its next time');
});

test('T-100 a changed schedule holds at once; an unchanged one waits on through triggers and crashes', async () => {
  const at = (schedule: string): string => job('tick', 'echo run >> runs', `schedule = "${schedule}"`);
  home.write('jobs.toml', at('every 10h'));
  await home.apply();
  const { nextStartAt } = await home.job('tick');
  await home.apply();
  await home.killDaemon();
  await home.apply();
  expect(await home.job('tick')).toMatchObject({ state: 'waiting', nextStartAt });
  home.write('jobs.toml', at('0 0 1 1 *'));
  await home.apply();
  expect((await home.job('tick')).nextStartAt).toBe(
    new Date(new Date().getFullYear() + 1, 0, 1).toISOString(),
  );
  home.write('jobs.toml', at('every 1s'));
  expect((await home.apply()).changes).toMatchObject([{ action: 'update', state: 'waiting' }]);
  await isTrue(() => lines('runs').length >= 2, 'runs by the new schedule');
});

test.each([
  ['crashed', () => home.killDaemon()],
  ['was asked to die', () => home.endDaemon()],
])('T-101 times that passed while no daemon ran, since it %s, are made up for by one run', async (_, end) => {
  const hours = (count: number): number => count * 3_600_000;
  const shift = home.path('shift');
  /** A daemon that begins as if so many hours had passed. */
  const serve = async (passed: number): Promise<void> => {
    writeFileSync(shift, `${hours(passed)}`);
    rmSync(join(home.data, 'socket'), { force: true });
    const env = { ...home.env, CLOCK_SHIFT: shift };
    home.spawn('--require', [fixture('shifted-clock.cjs'), OVERSEERD], env);
    await home.serving();
  };
  home.write(
    'jobs.toml',
    job('tick', 'echo run >> runs', 'schedule = "every 2h"') + job('rare', 'true', 'schedule = "every 10h"'),
  );
  await serve(0);
  await home.apply();
  await end();
  expect(lines('runs')).toEqual([]);
  const back = Date.now() + hours(7);
  await serve(7);
  await home.apply();
  await isTrue(() => lines('runs').length === 1, 'the run');
  const { nextStartAt } = await home.until('tick', ({ state }) => state === 'waiting');
  // The next one is of the hours to come: no other time is made up for.
  expect(Date.parse(nextStartAt ?? '')).toBeGreaterThan(back);
  expect(Date.parse(nextStartAt ?? '')).toBeLessThanOrEqual(Date.now() + hours(7 + 2));
  expect(lines('runs')).toEqual(['run']);
  expect(await home.job('rare')).toMatchObject({ state: 'waiting' });
});

test('`start` runs a scheduled job now; a failed run is retried, then the schedule goes on', async () => {
  const script = 'echo run >> runs; test $(wc -l < runs) -ge 3';
  home.write(
    'jobs.toml',
    job('tick', script, 'schedule = "every 10h"\nrestart = "on-failure"\nbackoff = { min = 0.05 }'),
  );
  await home.apply();
  await home.overseer('start', '--no-wait', 'tick');
  await isTrue(() => lines('runs').length === 3, 'two more tries');
  const waiting = await home.until('tick', ({ state }) => state === 'waiting');
  expect(waiting.lastExit).toMatchObject({ code: 0 });
  expect(lines('runs').length).toBe(3);
});

test('`start` says how a run went that is over already, and when the next one is', async () => {
  home.write('jobs.toml', job('tick', 'exit 0', 'schedule = "every 10h"').replace('start_seconds = 0\n', ''));
  await home.apply();
  const { stdout } = await home.overseer('start', 'tick');
  expect(stdout).toMatch(
    /^\+ tick {2}started {2}exited with 0; next run (?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d {2}waiting\n/,
  );
});

test('a run that is given up or cannot start waits for the next time, and says what was wrong', async () => {
  const once = 'schedule = "every 1s"\nrestart = "on-failure"\nmax_restarts = 1';
  const missing = `[[jobs]]\nname = "lost"\njob_command = "./no-such-program"\nschedule = "every 1s"\n`;
  home.write(
    'jobs.toml',
    job('tick', 'echo run >> runs; exit 3', once).replace('start_seconds = 0\n', '') + missing,
  );
  expect((await home.apply()).ok).toBe(true);
  await isTrue(() => lines('runs').length >= 3, 'a third night');
  await home.until('tick', ({ state }) => state === 'waiting');
  expect(await why('tick')).toContain('exited with 3');
  await home.until('lost', ({ state }) => state === 'waiting');
  expect(await why('lost')).toContain('It could not be started: command not found');
  expect(await home.job('lost')).toMatchObject({ state: 'waiting', nextStartAt: expect.any(String) });
});

test('a job that was stopped by hand has no next time', async () => {
  home.write('jobs.toml', job('tick', 'echo run >> runs', 'schedule = "every 1s"'));
  await home.apply();
  await home.overseer('stop', 'tick');
  expect(await home.job('tick')).toMatchObject({ state: 'stopped', nextStartAt: null });
});
