import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, kill, OVERSEER, root } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { commandLine, gone } from './support/host-state.ts';
import { hasTmux, type Tmux } from './support/tmux.ts';
import { closeTop, job, openTerminal, SMALL, top } from './support/top-screen.ts';

afterEach(closeTop);

describe('what it shows', () => {
  (hasTmux ? test : test.skip)(
    'T-741 top shows every job, trouble first, and each change as it happens',
    async () => {
      home.write(
        'jobs.toml',
        job('web', 'description = "日本語の店"') +
          job('broken', 'max_restarts = 1\nbackoff = { min = 0.1 }', "sh -c 'exit 3'").replace('0.1', '60') +
          job('gate', 'test_command = "false"'),
      );
      await home.overseer();
      const screen = await top();
      await screen.until(/broken +failed \(exit 3\).*\n.*gate +held.*\n.*web +running .*日本語の店\n/);
      // What each job uses is measured while one looks.
      await screen.until(/web +running +\d+s +\d+\.\d% +[\d.]+[KM]/);
      // The chosen job is explained in words.
      await screen.until(/── broken ─+\n Its last run exited with 3/);
      const { pid } = await home.job('web');
      kill(pid ?? 0, 'SIGKILL');
      await screen.until(/web +running +\d+s .* 1 +/);
    },
  );

  (hasTmux ? test : test.skip)(
    'T-742 top is as large as the terminal, whatever its size becomes',
    async () => {
      home.write('jobs.toml', job('web', 'tags = ["prod"]'));
      await home.overseer();
      const screen = await top();
      expect(screen.shown()).not.toMatch(/TAGS/);
      screen.resize(200, 60);
      await screen.until(/PID +UP +CPU +MEM +RESTARTS +TAGS +REASON/);
      await screen.until(/^(?:[^\n]*\n){59}[^\n]*q quit/);
      screen.resize(40, 10);
      await screen.until(/^ overseer {2}1 job/);
      const small = await screen.until(/^(?:[^\n]*\n){9}[^\n]*q quit/);
      expect(small).toMatch(/web +running/);
      screen.resize(80, 24);
      await screen.until(/NAME +STATE.* REASON\n/);
    },
  );

  (hasTmux ? test : test.skip)(
    'T-743 with NO_COLOR nothing is coloured; without it the states are',
    async () => {
      home.write('jobs.toml', job('web') + job('api'));
      await home.overseer();
      const plain = await top('', SMALL, { NO_COLOR: '1' });
      await plain.until(/web +running/);
      // oxlint-disable-next-line no-control-regex -- finding them is the point
      expect(plain.shown('-e')).not.toMatch(/\u001b\[/);
      expect(plain.shown()).toMatch(/^›● api /m);
      plain.close();
      const coloured = await top();
      await coloured.until(/web +running/);
      // oxlint-disable-next-line no-control-regex -- finding them is the point
      expect(coloured.shown('-e')).toMatch(/●(?:\u001b\[\d+m)* web +\u001b\[32mrunning/);
    },
  );

  (hasTmux ? test : test.skip)(
    'T-744 when the daemon ends top says so, and goes on with the next one',
    async () => {
      home.write('jobs.toml', job('web'));
      await home.overseer();
      const screen = await top();
      await home.overseer('die');
      await screen.until(/No daemon: .*Looking for the next one/);
      await home.overseer();
      await screen.until(/^ overseer {2}1 job {2}1 running[^\n]*\n +NAME/);
      screen.press('q');
      await screen.until(/code 0/);
    },
  );
});

describe('where it cannot draw', () => {
  test('T-755 top is refused where there is no terminal, and status is named instead', async () => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    for (const words of [['top'], ['top', '--json']])
      expect(await home.overseer(...words)).toMatchObject({
        code: 64,
        stderr: expect.stringContaining('overseer status'),
      });
  });

  (hasTmux ? test : test.skip)(
    'T-756 without a daemon top says so as every command does, and leaves the screen alone',
    async () => {
      home.write('jobs.toml', job('web'));
      const terminal = openTerminal(SMALL);
      terminal.type(`${process.execPath} ${OVERSEER} top; echo code $?`);
      terminal.press('Enter');
      await terminal.until(/no daemon is running[^]*code 3/);
      expect(terminal.modes()).toBe('0 1 1');
    },
  );
});

describe('what its keys do', () => {
  (hasTmux ? test : test.skip)(
    'T-745 s, x and r start, stop and restart; a stop and a restart ask first',
    async () => {
      home.write('jobs.toml', job('web') + job('api'));
      await home.overseer();
      const screen = await top();
      screen.press('Down', 'x');
      await screen.until(/ stop web\? {2}y \/ n/);
      screen.press('n');
      await screen.until(/Nothing was done/);
      expect((await home.job('web')).state).toBe('running');
      screen.press('x', 'y');
      await home.until('web', ({ state, stoppedByHand }) => state === 'stopped' && stoppedByHand);
      await screen.until(/web +stopped/);
      await screen.until(/stop web: 1 stopped/);
      screen.press('s');
      const { pid } = await home.until('web', ({ state }) => state === 'running');
      await screen.until(/web +running/);
      screen.press('r');
      await screen.until(/ restart web\? {2}y \/ n/);
      screen.press('y');
      await home.until('web', (now) => now.state === 'running' && now.pid !== pid);
      await screen.until(/restart web: 1 restarted/);
      // Marked jobs are all meant.
      screen.press('Home', 'Space', 'Space', 'x');
      await screen.until(/2 marked[^]* stop (?:api|web) and 1 more\? {2}y \/ n/);
      screen.press('y');
      await screen.until(/2 stopped/);
      expect((await home.status()).jobs.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    },
  );

  (hasTmux ? test : test.skip)('T-746 p in top shows the plan, and only y carries it out', async () => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    const screen = await top();
    screen.press('p');
    await screen.until(/── plan ─[^]*nothing to do: 1 job running/);
    screen.press('q');
    home.write('jobs.toml', job('web') + job('api'));
    screen.press('p');
    await screen.until(/── plan ─[^]*\+ api +start +new[^]* Do this\? {2}y \/ n/);
    screen.press('n');
    await screen.until(/Nothing was done/);
    expect((await home.status()).jobs).toHaveLength(1);
    screen.press('p');
    await screen.until(/ Do this\?/);
    // A plan that is not the one that was shown is not carried out.
    home.write('jobs.toml', job('web') + job('other'));
    screen.press('y');
    await screen.until(/The plan has changed since you saw it/);
    screen.press('p');
    await screen.until(/\+ other +start +new[^]* Do this\?/);
    screen.press('y');
    await screen.until(/apply: 1 started, 1 unchanged/);
    await screen.until(/other +running/);
  });

  (hasTmux ? test : test.skip)(
    'T-747 Enter says why, l follows the log, and each leads to the other',
    async () => {
      const prints = "sh -c 'echo first; while [ ! -e go ]; do sleep 0.1; done; echo second; sleep 1000'";
      home.write('jobs.toml', job('web', `cwd = "${home.dir}"`, prints));
      await home.overseer();
      const screen = await top();
      screen.press('Enter');
      await screen.until(/── why web ─[^]*It is running\.[^]*command +sh -c[^]*history[^]*first/);
      screen.press('l');
      await screen.until(/── logs web ─+ following ──\nfirst\n/);
      writeFileSync(home.path('go'), '');
      await screen.until(/\nfirst\nsecond\n/);
      screen.press('w');
      await screen.until(/── why web ─/);
      await home.overseer('stop', 'web');
      await screen.until(/It was stopped by hand/);
      screen.press('q');
      await screen.until(/NAME +STATE/);
    },
  );

  (hasTmux ? test : test.skip)(
    'T-748 /, f and t leave rows out, o changes their order, ? lists the keys',
    async () => {
      home.write(
        'jobs.toml',
        job('web', 'tags = ["front"]') + job('api', 'description = "for the Shop"') + job('db'),
      );
      await home.overseer();
      await home.overseer('stop', 'db');
      const screen = await top();
      await screen.until(/db +stopped.*\n.*api +running.*\n.*web +running/);
      screen.type('/sho');
      await screen.until(/1 of 3 jobs[^]*›● api[^]* find: sho/);
      screen.press('Escape');
      await screen.until(/ overseer {2}3 jobs/);
      screen.press('f');
      await screen.until(/1 of 3 jobs[^]*only state stopped[^]*db +stopped/);
      screen.press('Escape');
      await screen.until(/ overseer {2}3 jobs/);
      screen.press('t');
      await screen.until(/only tag front[^]*web +running/);
      screen.press('Escape');
      await screen.until(/ overseer {2}3 jobs/);
      screen.press('o');
      await screen.until(/NAME▾[^]*api[^]*db[^]*web/);
      screen.press('?');
      await screen.until(/── keys ─[^]*x +stop, after a question/);
      screen.press('Escape');
      await screen.until(/NAME▾/);
    },
  );

  (hasTmux ? test : test.skip)('T-749 top --read-only can change nothing', async () => {
    home.write('jobs.toml', job('web'));
    await home.overseer();
    const screen = await top('--read-only');
    expect(screen.shown()).toMatch(/ overseer, read-only/);
    expect(screen.shown()).not.toMatch(/s start/);
    home.write('jobs.toml', job('web') + job('api'));
    screen.press('x', 'y', 'r', 'y', 's', 'p');
    await screen.until(/── plan ─[^]*\+ api/);
    expect(screen.shown()).not.toMatch(/Do this/);
    screen.press('y', 'q', 'q');
    await screen.until(/code 0/);
    expect((await home.status()).jobs).toMatchObject([{ name: 'web', state: 'running', restarts: 0 }]);
  });
});

describe('the terminal afterwards', () => {
  beforeEach(async () => {
    if (!hasTmux) return;
    home.write('jobs.toml', job('web'));
    await home.overseer();
  });

  /** The shell's screen, a cursor, lines that break, and the settings from before. */
  async function isRestored(screen: Tmux): Promise<void> {
    await screen.until(/code \d+/);
    expect(screen.modes()).toBe('0 1 1');
    screen.type('stty -a');
    screen.press('Enter');
    await screen.until(/[^-]icanon/);
    expect(screen.shown()).toMatch(/[^-]isig [^]*[^-]echo /);
    expect(screen.shown()).not.toMatch(/NAME +STATE/);
  }

  const pidOfTop = (): number => {
    const found = home.processes().find((pid) => commandLine(pid).includes('top'));
    if (found === undefined) throw new Error('top does not run');
    return found;
  };

  (hasTmux ? test : test.skip).each([
    ['q', 0],
    ['C-c', 0],
  ] as const)('T-750 the terminal is as before when %s ends top', async (key, code) => {
    const screen = await top();
    expect(screen.modes()).toBe('1 0 0');
    screen.press(key);
    await isRestored(screen);
    expect(screen.shown()).toMatch(new RegExp(`code ${code}`));
  });

  (hasTmux ? test : test.skip).each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    'T-751 the terminal is as before when %s ends top',
    async (signal) => {
      const screen = await top();
      const pid = pidOfTop();
      kill(pid, signal);
      await isRestored(screen);
      expect(isAlive(pid)).toBe(false);
    },
  );

  (hasTmux ? test : test.skip)('T-752 Ctrl-Z in top gives the terminal back until fg', async () => {
    const screen = await top();
    screen.press('C-z');
    await screen.until(/Stopped/);
    expect(screen.modes()).toBe('0 1 1');
    screen.type('fg');
    screen.press('Enter');
    await screen.until(/NAME +STATE[^]*web +running/);
    expect(screen.modes()).toBe('1 0 0');
    screen.press('q');
    await isRestored(screen);
  });

  (hasTmux ? test : test.skip)(
    'T-753 the terminal is as before after an exception in top, whose words can be read',
    async () => {
      const script = home.path('throws.mjs');
      writeFileSync(
        script,
        `import { existsSync } from 'node:fs';
      import { createRequire } from 'node:module';
      const { showTop } = createRequire(import.meta.url)('${join(root, 'dist', 'show-top.cjs')}');
      process.on('uncaughtException', (error) => { console.error('planted: ' + error.message); process.exit(70); });
      const clock = { wall: Date.now, monotonic: () => performance.now(), after: (ms, then) => setTimeout(then, ms) };
      const homes = { data: '${home.data}', config: '${home.config}', home: '${home.dir}' };
      const ports = { clock, prepareData: () => null, hasConfig: () => true, readSocketFile: () => ({ kind: 'missing' }) };
      setInterval(() => { if (existsSync('${home.path('go')}')) throw new Error('a bug'); }, 20);
      await showTop({ homes, ports, mayLaunch: false }, { isReadOnly: true, color: false });
      `,
      );
      const terminal = openTerminal(SMALL);
      terminal.type(`${process.execPath} ${script}; echo code $?`);
      terminal.press('Enter');
      await terminal.until(/No daemon/);
      writeFileSync(home.path('go'), '');
      await terminal.until(/planted: a bug\ncode 70/);
      await isRestored(terminal);
    },
  );

  (hasTmux ? test : test.skip)(
    'T-754 a terminal that takes nothing any more does not keep top from ending',
    async () => {
      const prints = "sh -c 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done'";
      home.write('jobs.toml', job('web', '', prints));
      await home.overseer();
      const command = `stty rows 60 cols 200; exec ${process.execPath} ${OVERSEER} top`;
      const child = spawn('/usr/bin/script', ['-qefc', command, '/dev/null'], {
        env: { ...home.env, TERM: 'xterm' },
        cwd: home.dir,
      });
      child.stdin.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        let seen = '';
        child.stdout.on('data', (chunk: Buffer) => {
          seen += chunk.toString();
          if (/running/.test(seen)) child.stdin.write('l');
          if (/following/.test(seen)) resolve();
        });
      });
      // From now on nobody reads: the log fills the terminal, until it takes no key any more.
      child.stdout.pause();
      const isTaken = (): Promise<boolean> =>
        Promise.race([
          new Promise<boolean>((resolve) => child.stdin.write('j'.repeat(4_000), () => resolve(true))),
          new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 3_000)),
        ]);
      while (await isTaken());
      const pid = pidOfTop();
      kill(pid, 'SIGTERM');
      await gone(pid, 'the end of top');
      child.kill('SIGKILL');
    },
    // As long as a busy machine needs to fill a terminal.
    120_000,
  );
});
