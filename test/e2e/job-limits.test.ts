import { spawnSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { Home, awaited } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const logged = (name: string): Promise<string> =>
  awaited(async () => (home.log(name).endsWith('end\n') ? home.log(name) : null), `the log of ${name}`);

/**
 * Each limit with the words by which a shell prints it; dash and busybox say `-p` for the number of
 * processes.
 */
const PRINTED = {
  nofile: [300, 'ulimit -Sn'],
  nproc: [5000, 'ulimit -Su 2> /dev/null || ulimit -Sp'],
  core: [0, 'ulimit -Sc'],
  stack: [4096, 'ulimit -Ss'],
  fsize: [20_000, 'ulimit -Sf'],
  cpu: [3600, 'ulimit -St'],
  memlock: [32, 'ulimit -Sl'],
  data: [900_000, 'ulimit -Sd'],
  as: [4_000_000, 'ulimit -Sv'],
} as const;

describe.each(['always', 'never'])('a job with restart = "%s"', (restart) => {
  test(`T-704 the job itself prints each of its limits, and those of its test are inherited (${restart})`, async () => {
    const script = Object.values(PRINTED).map(([, command]) => command);
    const limits = Object.entries(PRINTED).map(([name, [limit]]) => `${name} = ${limit}`);
    const test = '{ exe = "sh", args = ["-c", "ulimit -Sn > of-test"] }';
    home.write(
      'jobs.toml',
      shellJob(
        'web',
        `${script.join('; ')}; echo end; exec sleep 1000`,
        `restart = "${restart}"\nlimits = { ${limits.join(', ')} }\ntest_command = ${test}`,
      ),
    );
    const inherited = spawnSync('sh', ['-c', 'ulimit -Sn'], { encoding: 'utf8' }).stdout;
    expect((await home.shell('overseer --no-wait')).code).toBe(0);
    expect((await logged('web')).split('\n').slice(0, -2)).toEqual(
      Object.values(PRINTED).map(([limit]) => String(limit)),
    );
    expect((await home.shell('cat of-test')).stdout).not.toBe('300\n');
    expect(inherited).not.toBe('300\n');
  });
});

test('T-705 a limit above the hard limit is refused by check and by the trigger, with line and column', async () => {
  home.write('jobs.toml', `${sleeper('web')}limits = { nofile = 501, stack = "unlimited" }\n`);
  const check = await home.shell('ulimit -n 500; overseer check');
  expect([check.code, check.stderr]).toEqual([
    78,
    expect.stringMatching(
      /jobs\.toml:6:21: .*limits\.nofile must be at most 500, the hard limit of overseer/,
    ),
  ]);
  const apply = await home.shell('ulimit -n 500; overseer');
  expect([apply.code, apply.stderr]).toEqual([78, expect.stringContaining('at most 500')]);
  expect((await home.shell('ulimit -n 501; overseer check')).code).toBe(0);
});

test('T-706 nice sets the priority of the job, and one that the system refuses is why the job failed', async () => {
  home.write(
    'jobs.toml',
    shellJob('web', 'nice; echo end; exec sleep 1000', 'nice = 7') +
      shellJob('once', 'nice; echo end', 'nice = 8\nrestart = "never"') +
      shellJob('plain', 'nice; echo end; exec sleep 1000'),
  );
  await home.apply();
  expect([await logged('web'), await logged('once'), await logged('plain')]).toEqual([
    '7\nend\n',
    '8\nend\n',
    `${getPriority()}\nend\n`,
  ]);
  if (process.getuid?.() !== 0) {
    home.write('jobs.toml', sleeper('web', 'nice = -5'));
    expect((await home.apply()).changes[0]).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('the system does not let it have nice = -5 (EACCES)'),
    });
  }
});
