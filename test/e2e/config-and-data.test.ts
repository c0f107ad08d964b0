import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import type { Status } from '../../src/wire/messages.ts';
import { OVERSEERD, awaited, ended } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { lateJob as job } from './support/sleeps.ts';

describe("folders of one's own", () => {
  const names = (report: {
    readonly changes: readonly { readonly job: string; readonly action: string }[];
  }): readonly string[] => report.changes.map(({ job: name, action }) => `${action} ${name}`);

  /** Its own: before that, a process has that of the shell at its gate. */
  const environment = (pid: number | null): Promise<readonly string[]> =>
    awaited(async () => {
      const names = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').toSorted();
      return names.some((line) => line.startsWith('OVERSEER_JOB=')) ? names : null;
    }, 'the environment of a job');

  beforeEach(() => {
    mkdirSync(home.path('ops'));
    writeFileSync(home.path('ops/jobs.toml'), job('web') + job('only-here'));
  });

  test('T-81 --config and --data name another daemon with its own jobs, for every command', async () => {
    home.write('jobs.toml', job('web'));
    const usual = await home.apply();
    const other = await home.apply('--config', 'ops', '--data', 'ops/state');
    expect([names(usual), names(other)]).toEqual([['start web'], ['start only-here', 'start web']]);
    const mine = await home.json<Status>('status', '--data', 'ops/state');
    expect(mine.jobs.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'only-here running',
      'web running',
    ]);
    expect(mine.daemon.pid).not.toBe(home.daemonPid());
    // Whose it is cannot be taken for the other's by its environment, so nothing of the one is ended with the
    // other.
    await home.overseer('restart', 'web', '--data', 'ops/state');
    await home.overseer('stop', 'web', '--data', 'ops/state');
    expect(await home.job('web')).toMatchObject({
      state: 'running',
      pid: usual.changes[0]?.pid,
      restarts: 0,
    });
    expect((await home.overseer('check', '--config', 'ops')).stdout).toBe('ok: 2 jobs in 1 file\n');
    expect((await home.overseer('die', '--data', 'ops/state')).stdout).toBe(
      'the daemon has ended, 1 job stopped\n',
    );
    expect((await home.overseer('status', '--data', 'ops/state')).code).toBe(3);
    expect(existsSync(home.path('ops/state/logs/only-here.log'))).toBe(true);
  });

  test('OVERSEER_CONFIG and OVERSEER_DATA name another daemon; options go before them', async () => {
    const env = { OVERSEER_CONFIG: home.path('ops'), OVERSEER_DATA: home.path('state') };
    const { stdout } = await ended(home.begin(env, '--json'));
    const report = JSON.parse(stdout) as Report;
    expect(names(report)).toEqual(['start only-here', 'start web']);
    const base = [
      `HOME=${home.dir}`,
      'LANG=C.UTF-8',
      `PATH=${home.env['PATH']}`,
      'USER=tester',
      `XDG_CONFIG_HOME=${home.path('config')}`,
      `XDG_DATA_HOME=${home.path('data')}`,
    ];
    const own = (await environment(report.changes[0]?.pid ?? null)).filter(
      (line) => line !== '' && !/^(PWD|OVERSEER_ID)=/.test(line),
    );
    expect(own).toEqual(
      [
        ...base,
        'OVERSEER_JOB=only-here',
        `OVERSEER_CONFIG=${env.OVERSEER_CONFIG}`,
        `OVERSEER_DATA=${env.OVERSEER_DATA}`,
      ].toSorted(),
    );
    home.write('jobs.toml', job('usual'));
    const usual = await ended(
      home.begin(env, 'apply', '--json', '--config', home.config, '--data', home.data),
    );
    const seen = await environment((JSON.parse(usual.stdout) as Report).changes[0]?.pid ?? null);
    expect(seen.filter((line) => /^OVERSEER_(?!ID)/.test(line))).toEqual(['OVERSEER_JOB=usual']);
  });

  test('a config that is named by hand and is not there is an error, unless having none is meant', async () => {
    home.write('jobs.toml', job('web'));
    await home.apply();
    const gone = home.path('gone');
    for (const line of [['apply'], ['plan'], ['check']]) {
      const { code, stderr } = await home.overseer(...line, '--config', 'gone');
      expect([line, code, stderr]).toEqual([
        line,
        78,
        `overseer: there is no ${gone}, which --config names\n`,
      ]);
    }
    const error = { code: 'no-config', message: `there is no ${gone}, which OVERSEER_CONFIG names` };
    const refused = await ended(home.begin({ OVERSEER_CONFIG: gone }, '--json'));
    expect([refused.code, JSON.parse(refused.stdout)]).toEqual([
      78,
      { ok: false, changes: [], problems: [], error },
    ]);
    const { code, stderr } = await ended(
      home.spawn(OVERSEERD, ['--apply'], {
        ...home.env,
        OVERSEER_CONFIG: gone,
        OVERSEER_DATA: home.path('d'),
      }),
    );
    expect([code, stderr]).toEqual([78, `overseerd: there is no ${gone}, which OVERSEER_CONFIG names\n`]);
    expect((await home.job('web')).state).toBe('running');
    expect((await home.overseer('status', '--config', 'gone')).code).toBe(0);
    expect(
      (await home.apply('--config', 'gone', '--allow-empty')).changes.map(({ action }) => action),
    ).toEqual(['remove']);
    expect((await home.overseer('init', '--config', 'gone')).code).toBe(0);
  });

  test('T-82 a data folder that holds something else, or has no name, is refused and left', async () => {
    writeFileSync(home.path('ops/notes'), 'mine');
    chmodSync(home.path('ops'), 0o755);
    const refused = await home.overseer('--data', 'ops');
    expect([refused.code, refused.stderr]).toEqual([
      1,
      `overseer: the data folder ${home.path('ops')} holds something else than overseer's; name a folder of its own\n`,
    ]);
    expect([statSync(home.path('ops')).mode & 0o777, readdirSync(home.path('ops'))]).toEqual([
      0o755,
      ['jobs.toml', 'notes'],
    ]);
    for (const words of [
      ['--data', ''],
      ['status', '--config', ''],
      ['status', '--data'],
    ])
      expect([words, (await home.overseer(...words)).code]).toEqual([words, 64]);
  });
});
