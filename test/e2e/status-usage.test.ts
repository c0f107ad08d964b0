import { Home, awaited } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

interface Measured {
  readonly jobs: readonly {
    readonly name: string;
    readonly cpuPercent: number | null;
    readonly memoryBytes: number | null;
  }[];
}

const MIB = 1024 * 1024;

test('T-490 status --usage measures the whole process tree of each job that runs', async () => {
  const grown = 'const held = Buffer.alloc(60 * 1024 * 1024, 1); for (;;) held[0] = 1 - held[0];';
  home.write(
    'a.toml',
    [
      '[[jobs]]',
      'name = "busy"',
      `job_command = { exe = "sh", args = ["-c", "'${process.execPath}' -e '${grown}'; true"] }`,
      'start_seconds = 0',
      '[[jobs]]',
      'name = "idle"',
      'job_command = "sleep 1000"',
      'start_seconds = 0',
      '[[jobs]]',
      'name = "once"',
      'job_command = "true"',
      'restart = "never"',
      '',
    ].join('\n'),
  );
  await home.apply();
  const plain = await home.json<Measured>('status');
  expect(plain.jobs.map(({ cpuPercent, memoryBytes }) => [cpuPercent, memoryBytes])).toEqual([
    [null, null],
    [null, null],
    [null, null],
  ]);
  // It has its memory, and a share of a processor that may be busy with other things, once it has begun.
  const [busy, idle, once] = await awaited(async () => {
    const { jobs } = await home.json<Measured>('status', '--usage');
    return (jobs[0]?.memoryBytes ?? 0) > 60 * MIB && (jobs[0]?.cpuPercent ?? 0) > 1 ? jobs : null;
  }, 'the use of a busy job');
  expect(busy?.cpuPercent).toBeLessThan(400);
  expect(idle?.memoryBytes).toBeLessThan(20 * MIB);
  expect(idle?.cpuPercent).toBe(0);
  expect(once).toMatchObject({ cpuPercent: null, memoryBytes: null });
  expect((await home.overseer('status', '--usage')).stdout).toMatch(/^NAME +STATE +PID +UP +CPU +MEM/);
});
