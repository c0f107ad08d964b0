import { existsSync, mkdirSync, readlinkSync, writeFileSync } from 'node:fs';
import type { Transition } from '../../src/wire/messages.ts';
import { awaited, fixture, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { going } from './support/going.ts';
import { lateJob as job } from './support/sleeps.ts';

const eventsIn = (out: string): readonly Transition[] =>
  out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Transition);

describe('run', () => {
  const shell = (name: string, script: string, more = ''): string =>
    `[[jobs]]\nname = "${name}"\njob_command = { exe = "sh", args = ["-c", ${JSON.stringify(script)}] }\nstart_seconds = 0.1\n${more}\n`;

  const lines = (out: string): readonly string[] =>
    out
      .replaceAll(/pid \d+/g, 'pid N')
      .split('\n')
      .slice(0, -1);

  /** What the jobs printed, and what happened to them: the one may be read a moment later than the other. */
  const printed = (out: string): readonly string[] => lines(out).filter((line) => line.includes(' | '));
  const happened = (out: string): readonly string[] => lines(out).filter((line) => !line.includes(' | '));

  const project = (text: string): void => writeFileSync(home.path('project/overseer.toml'), text);

  beforeEach(() => mkdirSync(home.path('project/api'), { recursive: true }));

  test('T-85 run shows what a folder’s jobs print and do; Ctrl-C stops them in order, with exit code 0', async () => {
    project(
      shell('web', 'echo in $PWD; exec sleep 1000', 'after = ["api"]') +
        shell('api', 'pwd; exec sleep 1000', 'cwd = "api"\nready = { log = "." }'),
    );
    home.write('jobs.toml', job('usual'));
    const run = going('run', 'project');
    await run.until('web | in');
    expect(await home.overseer('status')).toMatchObject({ code: 3 });
    expect((await home.overseer('run', 'project/overseer.toml')).stderr).toContain('has a daemon already');
    run.child.kill('SIGINT');
    const { code, stdout, stderr } = await within(run.end, 'the end');
    expect([code, stderr]).toEqual([0, 'overseer: stopping; once more to kill what is left\n']);
    expect(printed(stdout)).toEqual([
      `api | ${home.path('project/api')}`,
      `web | in ${home.path('project')}`,
    ]);
    expect(happened(stdout)).toEqual([
      'web * waits for the jobs that it comes after',
      'api * started, pid N',
      'api * ready',
      'web * started, pid N',
      'web * stopping',
      'web * stopped',
      'api * stopping',
      'api * stopped',
    ]);
    expect(home.processes()).toEqual([]);
  });

  test('T-86 run ends when every job has ended, with 1 after a failure, and runs them all the next time', async () => {
    project(
      shell('once', 'echo done', 'restart = "never"') +
        shell('bad', 'echo oh; exit 3', 'max_restarts = 2').replace('0.1', '5'),
    );
    for (let time = 1; time <= 2; time += 1) {
      const { code, stdout, stderr } = await within(going('run', 'project').end, 'the end');
      expect([code, stderr]).toEqual([1, 'overseer: bad exited with 3\n']);
      expect(happened(stdout).filter((line) => line.startsWith('once'))).toEqual(
        ['started, pid N', 'exited with 0', 'finished'].map((words) => `once * ${words}`),
      );
      expect(happened(stdout).filter((line) => line.startsWith('bad '))).toEqual([
        'bad  * started, pid N',
        'bad  * exited with 3',
        'bad  * next start in 0.1 s',
        'bad  * started, pid N',
        'bad  * exited with 3',
        'bad  * failed, and is not started again',
      ]);
      expect(printed(stdout).toSorted()).toEqual(['bad  | oh', 'bad  | oh', 'once | done']);
    }
    project(shell('once', 'echo done', 'restart = "never"'));
    expect((await within(going('run', 'project').end, 'the end')).code).toBe(0);
  });

  test('run --json tells the events of this run alone, whatever the last one has left', async () => {
    project(shell('once', 'exit 0', 'restart = "never"') + shell('gone', 'exit 0', 'restart = "never"'));
    await within(going('run', 'project').end, 'the end');
    project(shell('once', 'exit 0', 'restart = "never"'));
    const { stdout } = await within(going('run', 'project', '--json').end, 'the end');
    const [first, ...rest] = eventsIn(stdout);
    expect([first?.id, first?.event, first?.from]).toEqual(['once', 'begin', '']);
    expect([...new Set(rest.map(({ id }) => id))]).toEqual(['once']);
  });

  test.each([
    ['exit 3', 1],
    ['kill -9 $$', 1],
    ['exit 0', 0],
  ])('a job that is run once by `%s` makes the exit code %i', async (script, code) => {
    project(shell('once', script, 'restart = "never"') + shell('fine', 'exit 0', 'restart = "never"'));
    expect((await within(going('run', 'project').end, 'the end')).code).toBe(code);
  });

  test('a second Ctrl-C during run kills what does not end', async () => {
    project(
      `[[jobs]]\nname = "deaf"\njob_command = "${fixture('ignores-term')}"\nstop_timeout = 1000\nready = { log = "ready" }\n`,
    );
    home.write('jobs.toml', job('usual'));
    const run = going('run', 'project');
    await run.until('deaf | ready');
    run.child.kill('SIGTERM');
    await run.until('stopping');
    run.child.kill('SIGINT');
    expect((await within(run.end, 'the end')).code).toBe(0);
    expect(home.processes()).toEqual([]);
  });

  test('when run is killed, or its reader leaves, its jobs and its daemon end too', async () => {
    project(shell('web', 'while :; do echo tick; sleep 0.1; done'));
    const run = going('run', 'project');
    await run.until('tick');
    run.child.kill('SIGKILL');
    await awaited(async () => home.processes().length === 0 || null, 'nothing left');
    expect(
      (await within(home.shell('overseer run project | head -n 3'), 'the end')).stdout.split('\n'),
    ).toHaveLength(4);
    await awaited(async () => home.processes().length === 0 || null, 'nothing left');
  });

  test('run with a bad config, or none, exits with 78 and runs nothing', async () => {
    project('[[jobs]]\nname = "web"\n');
    expect(await home.overseer('run', 'project')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('overseer.toml:1:1'),
    });
    expect(await home.overseer('run')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining(`there is no overseer.toml in ${home.dir} or in a folder above it`),
    });
    project('');
    expect(await home.overseer('run', 'project')).toMatchObject({
      code: 78,
      stderr: expect.stringContaining('there is no job in'),
    });
    expect(existsSync(home.data)).toBe(false);
  });

  test('T-87 run --config may name one file, in whose folder jobs and a relative cwd are', async () => {
    project(job('web') + job('api', 'cwd = "api"'));
    const report = await home.apply('--config', 'project/overseer.toml');
    expect(report.changes.map(({ pid }) => readlinkSync(`/proc/${pid}/cwd`))).toEqual([
      home.path('project/api'),
      home.path('project'),
    ]);
    expect((await home.overseer('check', '--config', 'project/overseer.toml')).stdout).toBe(
      'ok: 2 jobs in 1 file\n',
    );
  });
});
