import { rmSync, writeFileSync } from 'node:fs';
import { Home } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const touch = (name: string): void => writeFileSync(home.path(name), '');

describe('a restart beside another restart', () => {
  test('a restart of several jobs succeeds though one is restarted again before the last is up', async () => {
    const stopsOnGo =
      "trap 'while ! test -e go; do sleep 0.02; done; exit 0' TERM; touch up; while :; do sleep 0.02; done";
    home.write(
      'jobs.toml',
      `[[jobs]]
name = "early"
start_seconds = 0
ready = { command = "test -e up", interval = 0.1 }
job_command = { exe = "sh", args = ["-c", ${JSON.stringify(stopsOnGo)}] }
[[jobs]]
name = "late"
ready = { command = "test -e ready", interval = 0.1 }
job_command = { exe = "sleep", args = ["1000"] }
`,
    );
    touch('go');
    touch('ready');
    expect((await home.apply()).ok).toBe(true);
    const { pid: first } = await home.job('early');
    rmSync(home.path('ready'));
    rmSync(home.path('up'));
    const both = home.overseer('restart', 'early', 'late');
    await home.until('early', ({ state, pid }) => state === 'running' && pid !== first);
    await home.until('late', ({ state }) => state === 'starting');
    rmSync(home.path('go'));
    const again = home.overseer('restart', 'early');
    await home.until('early', ({ state }) => state === 'stopping');
    touch('ready');
    const { code, stdout } = await both;
    touch('go');
    expect([code, stdout.match(/\w+ {2,}restarted/g)]).toEqual([0, ['early  restarted', 'late   restarted']]);
    expect((await again).code).toBe(0);
  });
});
