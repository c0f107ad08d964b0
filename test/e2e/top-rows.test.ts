import { home } from './support/fresh-home.ts';
import { hasTmux } from './support/tmux.ts';
import { closeTop, job, top } from './support/top-screen.ts';

afterEach(closeTop);

(hasTmux ? test : test.skip)(
  'T-962 / finds a text in the log of top, and n goes on to the one above',
  async () => {
    home.write('jobs.toml', job('web', '', "sh -c 'seq 1 300; sleep 1000'"));
    await home.overseer();
    const screen = await top();
    screen.press('l');
    await screen.until(/── logs web ─+ following ──[^]*\n300\n/);
    screen.type('/77');
    await screen.until(/"77" 3 of 3[^]*\n277\n[^]*find: 77/);
    screen.press('Enter');
    screen.press('n');
    await screen.until(/"77" 2 of 3[^]*\n177\n/);
    screen.press('Escape');
    await screen.until(/── logs web ─+ \d+–\d+ of 300 ──/);
    screen.press('End');
    await screen.until(/── logs web ─+ following ──/);
  },
);

(hasTmux ? test : test.skip)(
  'T-963 copies of a job are one row of top, which Enter unfolds and r restarts as a whole',
  async () => {
    home.write('jobs.toml', job('api', 'instances = 3') + job('web'));
    await home.overseer();
    const screen = await top();
    await screen.until(/ overseer {2}4 jobs[^]*›● api ×3 +3 running/);
    screen.press('Enter');
    await screen.until(/api ×3[^]*api@1 +running[^]*api@2 +running[^]*api@3 +running[^]*web +running/);
    screen.press('Left');
    await screen.until(/›● api ×3 +3 running.*\n.*web +running/);
    const { pid } = await home.until('api@2', ({ state }) => state === 'running');
    screen.press('r');
    await screen.until(/restart api\?/);
    screen.press('y');
    await home.until('api@2', (now) => now.state === 'running' && now.pid !== pid);
  },
);
