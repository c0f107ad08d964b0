import { writeFileSync } from 'node:fs';
import { Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

interface Shown {
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: readonly {
    readonly name: string;
    readonly origin: string;
    readonly value: string | null;
  }[];
  readonly nextRuns: readonly string[];
}

test('T-453 show tells each key with its default, and the origin of each variable', async () => {
  writeFileSync(home.path('.env'), 'SECRET=hush\nPORT=1\n');
  home.write(
    'jobs.toml',
    '[defaults]\nstop_timeout = 3\n[[jobs]]\nname = "web"\ninstances = 2\njob_command = "sleep 1000"\nenv_file = "~/.env"\nenv = { PORT = "41${OVERSEER_INSTANCE}" }\n',
  );
  const hidden = await home.overseer('show', 'web@2');
  expect(hidden.code).toBe(0);
  expect(hidden.stdout).toMatch(/^ {2}stop_timeout +3$/m);
  expect(hidden.stdout).toMatch(/^ {2}restart +"always"$/m);
  expect(hidden.stdout).toMatch(/^ {2}SECRET +env_file$/m);
  expect(hidden.stdout).not.toContain('hush');
  expect((await home.json<Shown>('show', 'web@2')).environment.every(({ value }) => value === null)).toBe(
    true,
  );
  const { config, environment } = await home.json<Shown>('show', 'web@2', '--values');
  expect(config).toMatchObject({
    stop_timeout: 3,
    backoff: { min: 0.1, max: 30, factor: 2 },
    job_command: 'sleep 1000',
  });
  expect(environment).toEqual(
    expect.arrayContaining([
      { name: 'PORT', origin: 'env', value: '412' },
      { name: 'SECRET', origin: 'env_file', value: 'hush' },
      { name: 'HOME', origin: 'base', value: home.dir },
      { name: 'OVERSEER_JOB', origin: 'overseer', value: 'web' },
    ]),
  );
});

test('T-454 show tells the next five times of a schedule, and refuses a job that is not in the config', async () => {
  home.write('jobs.toml', '[[jobs]]\nname = "tick"\njob_command = "true"\nschedule = "*/15 * * * *"\n');
  const { nextRuns } = await home.json<Shown>('show', 'tick');
  expect(nextRuns.map((at) => Date.parse(at) % 900_000)).toEqual([0, 0, 0, 0, 0]);
  expect(nextRuns.toSorted()).toEqual(nextRuns);
  expect(await home.overseer('show', 'tikc')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('"tick"'),
  });
  expect((await home.overseer('show')).code).toBe(64);
});
