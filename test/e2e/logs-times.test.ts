import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { going } from './support/going.ts';
import { lateJob as job } from './support/sleeps.ts';

describe('logs with times', () => {
  interface Line {
    readonly at: string;
    readonly line: string;
  }

  /** A job that says in each line what time it is, in seconds. */
  const clock = (name: string, more = '', every = 0.2): string =>
    `[[jobs]]\nname = "${name}"\njob_command = { exe = "sh", args = ["-c", "while :; do date +%s.%N; sleep ${every}; done"] }\n${more}\n`;

  const linesOf = (stdout: string): readonly Line[] =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line);

  /** Half a second, and as much more as this very process has been kept waiting by a busy machine. */
  let lateSeconds: () => number;
  let ticks: NodeJS.Timeout;
  beforeEach(() => {
    let last = performance.now();
    let longest = 0;
    ticks = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 50);
      last = performance.now();
    }, 50);
    lateSeconds = () => 3 + (4 * longest) / 1000;
  });
  afterEach(() => clearInterval(ticks));

  /**
   * How far what is said of each line is from what it says itself, in seconds: it may be told later, not
   * earlier.
   */
  const expectExact = (lines: readonly Line[]): void => {
    for (const { at, line } of lines) {
      const late = Date.parse(at) / 1000 - Number(line);
      expect([line, late > -0.05 && late < lateSeconds()]).toEqual([line, true]);
    }
  };

  test('T-88 logs -t tells when each line was written, to half a second, across restarts', async () => {
    home.write('jobs.toml', clock('clock'));
    await home.overseer('--no-wait');
    await awaited(async () => home.log('clock').split('\n').length > 12 || null, 'a dozen lines');
    await home.overseer('restart', 'clock');
    await awaited(async () => home.log('clock').split('\n').length > 20 || null, 'more lines');
    await home.overseer('die');
    const lines = linesOf((await home.overseer('logs', '-t', '-n', '1000', '--json', 'clock')).stdout);
    expect(lines.length).toBeGreaterThan(15);
    expectExact(lines);
    const { stdout } = await home.overseer('logs', '-t', '-n', '2', 'clock');
    expect(stdout).toMatch(/^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \d+\.\d+\n){2}$/);
    home.write('more.toml', job('other', '', 'echo hello'));
    await home.overseer('--no-wait');
    await awaited(async () => home.log('other') !== '' || null, 'its output');
    // In the order of their times, whichever is first.
    const both = (await home.overseer('logs', '-t', '-n', '1', '--all')).stdout;
    expect(both.split('\n').toSorted().join('\n')).toMatch(
      /^\nclock \| \d{4}\S+ \S+ \d+\.\d+\nother \| \d{4}\S+ \S+ hello$/,
    );
  });

  test('T-89 the times stay with their lines when the log is rotated', async () => {
    home.write('jobs.toml', clock('clock', 'log = { max_size = 600, keep = 3 }', 0.05));
    await home.overseer('--no-wait');
    await awaited(async () => existsSync(join(home.data, 'logs', 'clock.log.2')) || null, 'two rotations');
    await home.overseer('stop', 'clock');
    const lines = linesOf((await home.overseer('logs', '-t', '-n', '100000', '--json', 'clock')).stdout);
    expect(lines.length).toBeGreaterThan(30);
    expectExact(lines);
    const files = readdirSync(join(home.data, 'logs')).filter(
      (name) => name.startsWith('clock.log.') && name !== 'clock.log.idx',
    );
    const rotated = files.filter((name) => !name.endsWith('.idx'));
    expect(files.filter((name) => name.endsWith('.idx')).toSorted()).toEqual(
      rotated.map((name) => `${name}.idx`).toSorted(),
    );
  });

  test('logs -f -t tells the time of each line as it comes', async () => {
    home.write('jobs.toml', clock('clock'));
    await home.overseer('--no-wait');
    const following = going('logs', '-f', '-t', '-n', '0', '--json', 'clock');
    await awaited(async () => linesOf(following.out).length > 5 || null, 'lines');
    following.child.kill('SIGINT');
    expectExact(linesOf((await within(following.end, 'the end')).stdout));
  });

  test('T-90 logs --since shows all that was written since then, and -n limits the number of lines', async () => {
    home.write('jobs.toml', clock('clock'));
    await home.overseer('--no-wait');
    await awaited(async () => home.log('clock').split('\n').length > 25 || null, 'lines of five seconds');
    const before = Date.now() / 1000;
    const recent = linesOf((await home.overseer('logs', '--since', '2s', '--json', 'clock')).stdout);
    const after = Date.now() / 1000;
    const oldest = Math.min(...recent.map(({ line }) => Number(line)));
    // The two seconds count from when the command began to look, which is some time between.
    expect([oldest > before - 2 - lateSeconds(), oldest < after - 1]).toEqual([true, true]);
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const whole = home.log('clock').split('\n').length - 1;
    for (const since of ['1h', day, `${day}T10:00`, `${day} 10:00:00Z`])
      expect([
        since,
        linesOf((await home.overseer('logs', '--since', since, '--json', 'clock')).stdout).length >= whole,
      ]).toEqual([since, true]);
    await home.overseer('stop', 'clock');
    expect(
      linesOf((await home.overseer('logs', '--since', '1h', '-n', '3', '--json', 'clock')).stdout),
    ).toHaveLength(3);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await home.overseer('logs', '--since', '1s', 'clock')).stdout).toBe('');
    expect((await home.overseer('logs', '--since', 'soon')).code).toBe(64);
  });
});
