import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, OVERSEER, OVERSEERD, type Ran, ended, root } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

const hasNamespaces = spawnSync('unshare', ['-pf', '--mount-proc', 'true']).status === 0;

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** A shell line whose last command, by `exec`, becomes the first process of a container. */
const inContainer = (line: string): Promise<Ran> =>
  ended(
    spawn('unshare', ['-pf', '--kill-child', '--mount-proc', '/bin/sh', '-c', line], {
      env: home.env,
      cwd: home.dir,
    }),
  );

const until = (condition: string): string => `until ${condition}; do sleep 0.1; done`;

(hasNamespaces ? describe : describe.skip)('overseerd in a container', () => {
  test('T-72 overseerd as a container’s first process leaves no zombie and stops on SIGTERM', async () => {
    home.write(
      'jobs.toml',
      sleeper('web') +
        shellJob(
          'orphans',
          '(sleep 0.1 &); (sleep 0.1 &); sleep 0.2; exit 1',
          'backoff = { min = 0.05, max = 0.05 }',
        ),
    );
    const client = `"${process.execPath}" "${OVERSEER}"`;
    const meanwhile = [
      until(`${client} status web >/dev/null 2>&1`),
      until(`[ "$(${client} status --json orphans | sed -n 's/.*"restarts": \\([0-9]*\\).*/\\1/p')" -gt 9 ]`),
      `${client} status web`,
      // Those that have just ended are waited for in a moment.
      'zombies=$(grep -l "State:.Z" /proc/[0-9]*/status 2>/dev/null)',
      until('! grep -q "State:.Z" $zombies /dev/null 2>/dev/null'),
      'kill -TERM 1',
    ].join('; ');
    const { code, stdout } = await inContainer(`(${meanwhile}) & exec "${OVERSEERD}" --apply`);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/web +running/)]);
    const log = readFileSync(join(home.data, 'overseerd.log'), 'utf8');
    expect(log).toMatch(
      /Z SIGTERM asks: end[^]*Z web stopping: the daemon is shutting down\n[^]*Z web stopped: the daemon is shutting down\n[^]*Z the daemon has ended\n$/,
    );
  });

  test.each(['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])(
    'the first process of a container may be begun with closed descriptors: %s',
    async (closed) => {
      const script = `echo begun > began; exit 41`;
      const line = `exec /bin/sh "${join(root, 'bin/pid-1.sh')}" /bin/sh -c '${script}' ${closed}`;
      expect((await inContainer(line)).code).toBe(41);
      expect(readFileSync(home.path('began'), 'utf8')).toBe('begun\n');
    },
  );

  test('a program that becomes the first process keeps its input, output and exit code', async () => {
    const { code, stdout } = await inContainer(
      `echo heard | exec /bin/sh "${join(root, 'bin/pid-1.sh')}" /bin/sh -c 'cat; exit 41'`,
    );
    expect([code, stdout]).toEqual([41, 'heard\n']);
    expect((await inContainer(`exec "${OVERSEERD}" --nonsense`)).code).toBe(64);
  });

  test.each(['HUP', 'INT', 'QUIT', 'TERM', 'USR1', 'USR2'])(
    'SIG%s reaches the program that the first process runs',
    async (signal) => {
      const program = `process.once('SIG${signal}', () => process.exit(43)); require('fs').writeFileSync('ready', ''); setInterval(() => {}, 1000)`;
      const meanwhile = `${until('[ -e ready ]')}; kill -s ${signal} 1`;
      const first = `exec /bin/sh "${join(root, 'bin/pid-1.sh')}" "${process.execPath}" -e "${program}"`;
      expect((await inContainer(`(${meanwhile}) & ${first}`)).code).toBe(43);
    },
  );

  test('Node itself as the first process is reached, and its log says that it leaves zombies', async () => {
    home.write('jobs.toml', sleeper('web'));
    const client = `"${process.execPath}" "${OVERSEER}"`;
    const meanwhile = `${until(`${client} status web >/dev/null 2>&1`)}; ${client} die >&2`;
    const { code } = await inContainer(`(${meanwhile}) & exec "${process.execPath}" "${OVERSEERD}" --apply`);
    expect(code).toBe(0);
    expect(readFileSync(join(home.data, 'overseerd.log'), 'utf8')).toMatch(/does not wait for orphans/);
  });
});
