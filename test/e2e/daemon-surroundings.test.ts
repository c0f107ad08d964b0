import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { Ran } from './support/home.ts';
import { OVERSEER, OVERSEERD, awaited, ended, fixture, within } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { descriptorsOf } from './support/descriptors.ts';
import { home } from './support/fresh-home.ts';
import { commandLine } from './support/host-state.ts';

const hasNamespaces = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;

if (!hasNamespaces)
  console.log('the tests in a container are skipped: no process namespace can be made here');

test('T-140 a daemon outlives the terminal that it was started from', async () => {
  home.write('jobs.toml', sleeper('job'));
  const terminal = spawn('script', ['-qec', `"${process.execPath}" "${OVERSEER}"`, '/dev/null'], {
    env: home.env,
    cwd: home.dir,
  });
  expect((await ended(terminal)).stdout).toContain('1 started');
  const { pid } = await home.job('job');
  for (const one of [home.daemonPid(), pid ?? 0]) {
    // Field 7 of its line: the terminal that controls it.
    expect(readFileSync(`/proc/${one}/stat`, 'latin1').split(') ')[1]?.split(' ')[4]).toBe('0');
    expect(descriptorsOf(one).filter((target) => /^\/dev\/(pts|tty)/.test(target))).toEqual([]);
  }
});

test('T-141 the daemon inherits no descriptor of the command: a pipe on 40 ends with the command', async () => {
  home.write('jobs.toml', sleeper('job'));
  const stdio = Array.from({ length: 41 }, (_, fd): 'ignore' | 'pipe' =>
    fd === 40 || fd === 1 || fd === 2 ? 'pipe' : 'ignore',
  );
  const command = spawn(process.execPath, [OVERSEER], { env: home.env, cwd: home.dir, stdio });
  const pipe = command.stdio[40 as 3] as NodeJS.ReadableStream;
  const end = new Promise((resolve) => pipe.once('end', resolve));
  pipe.resume();
  command.stdout?.resume();
  command.stderr?.resume();
  await within(end, 'the end of the pipe');
  await home.until('job', ({ state }) => state === 'running');
  const { pid } = await home.job('job');
  // Its shell has one more, from which it reads what to become.
  await awaited(async () => commandLine(pid ?? 0)[0] === '/bin/sleep' || null, 'the program');
  const held = descriptorsOf(pid ?? 0).map((target) =>
    target.replace(/^.*\/logs\/\.pipes\/\d+ \(deleted\)$/, 'its pipe').replace(/^.*\/logs/, 'logs'),
  );
  const outputs = process.platform === 'linux' ? 'its pipe' : 'logs/job.log';
  expect(new Set(held)).toEqual(new Set(['/dev/null', outputs]));
});

test.each([
  ['HOME is not set', { HOME: undefined }],
  ['HOME is nowhere', { HOME: '/nowhere/at/all' }],
  ['PATH is empty', { PATH: '' }],
  ['PATH is not set', { PATH: undefined }],
  ['the language is none', { LANG: 'xx_YY.nonsense', LC_ALL: 'zz' }],
  ['the time zone is none', { TZ: 'Nowhere/Atall' }],
  ['TMPDIR is nowhere', { TMPDIR: '/nowhere/at/all' }],
  [
    'the environment is large',
    Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`NAME_${index}`, 'x'.repeat(200)])),
  ],
])('T-142 a daemon works where %s', async (_, changes) => {
  home.write('jobs.toml', sleeper('job', 'cwd = "/"'));
  const env = Object.fromEntries(
    Object.entries({ ...home.env, ...changes }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const run = (...args: readonly string[]): Promise<Ran> => ended(home.spawn(OVERSEER, args, env));
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect((await run('status', 'job')).code).toBe(0);
  expect((await run('die')).code).toBe(0);
  await awaited(async () => home.processes().length === 0 || null, 'the end of all');
});

test('T-143 a clock that jumps a day back and ten days on moves no deadline', async () => {
  const shift = home.path('shift');
  writeFileSync(shift, '0');
  home.write(
    'jobs.toml',
    shellJob('bad', 'echo start; exit 1', 'start_seconds = 60\nbackoff = { min = 0.4, max = 0.4 }').replace(
      'start_seconds = 0\n',
      '',
    ) +
      shellJob(
        'stubborn',
        `exec "${fixture('ignores-term')}"`,
        'stop_timeout = 0.5\nready = { log = "ready", interval = 0.05 }',
      ) +
      sleeper('good'),
  );
  void ended(
    home.spawn('--require', [fixture('shifted-clock.cjs'), OVERSEERD], { ...home.env, CLOCK_SHIFT: shift }),
  );
  await home.serving();
  await home.overseer();
  const good = await home.job('good');
  const starts = (): number => home.log('bad').split('\n').length;
  for (const days of [-1, 10]) {
    writeFileSync(shift, String(days * 86_400_000));
    const before = starts();
    const begun = performance.now();
    await awaited(async () => starts() >= before + 2 || null, 'the next starts');
    // Nothing is made up for: none comes sooner than its backoff, less a tenth.
    expect(starts() - before).toBeLessThanOrEqual(2 + (performance.now() - begun) / 360);
    expect(await home.overseer('stop', 'stubborn')).toMatchObject({ code: 0 });
    expect((await home.job('stubborn')).lastExit).toMatchObject({ signal: 'SIGKILL' });
    await home.overseer('start', 'stubborn');
    expect(await home.job('good')).toEqual(good);
  }
});

(hasNamespaces ? test : test.skip)(
  'T-144 a container restarted with the same data folder starts its jobs and signals nobody else',
  async () => {
    home.write('jobs.toml', sleeper('job') + sleeper('other'));
    const inside = (script: string): Promise<Ran> =>
      ended(
        spawn('unshare', ['-pf', '--mount-proc', '/bin/sh', '-c', script], {
          env: home.env,
          cwd: home.dir,
        }),
      );
    const command = `"${process.execPath}" "${OVERSEER}"`;
    const first = await inside(`${command} --json`);
    await awaited(async () => home.processes().length === 0 || null, 'the end of the container');
    const pids = (JSON.parse(first.stdout) as Report).changes.map(({ pid }) => pid ?? 0);
    // Bystanders take the pids that the first one's jobs had.
    const begin = `until [ "$last" -gt ${Math.max(...pids)} ]; do setsid env -i sleep 1000 & last=$!; all="$all $last"; done`;
    const count = `for pid in $all; do grep -q 'State:.S' /proc/$pid/status && n=$((n + 1)); done; echo "$(echo $all | wc -w) $n"`;
    const second = await inside(
      `last=0; all=; n=0; ${begin}; ${command} --json; ${command} die >&2; ${count}`,
    );
    const [report, counts] = second.stdout.trimEnd().split(/\n(?=\d+ \d+$)/);
    const [begun, living] = (counts ?? '').split(' ');
    expect(JSON.parse(first.stdout)).toMatchObject({ ok: true });
    expect(JSON.parse(report ?? '')).toMatchObject({
      ok: true,
      changes: [
        { action: 'start', state: 'running' },
        { action: 'start', state: 'running' },
      ],
    });
    expect([Number(begun) > 5, living]).toEqual([true, begun]);
  },
);

test.each([
  ['Nowhere/Atall', true],
  ['X', true],
  ['GMT0BST,J60/1,300', true],
  ['Europe/Berlin', false],
  [':Europe/Berlin', false],
  ['/usr/share/zoneinfo/Asia/Tokyo', false],
  ['UTC', false],
  ['Zulu', false],
  ['', false],
])('the log of a daemon whose TZ is %j says that it is not understood: %s', async (TZ, isSaid) => {
  home.write('jobs.toml', '[[jobs]]\nname = "job"\njob_command = "true"\nschedule = "@daily"\n');
  expect(await ended(home.spawn(OVERSEER, [], { ...home.env, TZ }))).toMatchObject({ code: 0 });
  const log = readFileSync(`${home.data}/overseerd.log`, 'utf8');
  expect(log.includes(`the time zone TZ=${TZ} is not understood`)).toBe(isSaid);
});
