import { writeFileSync } from 'node:fs';
import { home } from './support/fresh-home.ts';

/** The README's nightly backup, which here runs each second. */
function backup(script: string): void {
  home.write(
    'jobs.toml',
    `[[jobs]]\nname = "backup"\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(`echo run >> runs; ${script}`)}] }
schedule = "every 1s"\nrestart = "on-failure"\nmax_restarts = 3\nbackoff = { min = 0.05, max = 0.1 }\n`,
  );
}

const runs = async (): Promise<number> => (await home.shell('cat runs')).stdout.split('\n').length - 1;
const events = async (): Promise<readonly string[]> =>
  (await home.overseer('events', 'backup')).stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^\S+ +backup +/, '').replaceAll(/ +/g, ' '));

test('a nightly backup that fails is run max_restarts times per due time, and status tells', async () => {
  backup('exit 2');
  await home.apply();
  const { lastExit } = await home.until(
    'backup',
    ({ restarts, state }) => restarts >= 4 && state === 'waiting',
  );
  await home.overseer('stop', 'backup');
  const all = (await events()).join('\n');
  const nights = all.split('its time has come').slice(1, -1);
  expect(nights.length).toBeGreaterThan(0);
  for (const night of nights) {
    expect(night.match(/starting again/g)?.length).toBe(2);
    expect(night).toMatch(/waiting exited with 2, waits for its time/);
  }
  expect(lastExit).toMatchObject({ code: 2 });
});

test('a nightly backup that succeeds on its third try is done for that night', async () => {
  backup('[ $(wc -l < runs) -ge 3 ]');
  await home.apply();
  await home.until('backup', ({ lastExit, state }) => lastExit?.code === 0 && state === 'waiting');
  await home.overseer('stop', 'backup');
  const [first = ''] = (await events()).join('\n').split('its time has come').slice(1);
  expect(first.match(/starting again: exited with 1/g)?.length).toBe(2);
  expect(first).toMatch(/waiting exited with 0, waits for its time/);
  expect(await runs()).toBeGreaterThanOrEqual(3);
});

test('a nightly backup that hangs is not started twice, and the next one comes after it', async () => {
  writeFileSync(home.path('hang'), '');
  backup('while [ -e hang ]; do sleep 0.05; done');
  await home.apply();
  const { pid, startedAt } = await home.until('backup', ({ state }) => state === 'running');
  // Its next times have come meanwhile.
  await home.until('backup', () => Date.now() - Date.parse(startedAt ?? '') > 3_000);
  expect([await home.job('backup'), await runs()]).toMatchObject([{ state: 'running', pid }, 1]);
  await home.shell('rm hang');
  await home.until('backup', ({ lastExit }) => lastExit?.code === 0);
  await home.until('backup', ({ startedAt: next }) => next !== null && next !== startedAt);
  expect(await runs()).toBeGreaterThan(1);
});
