import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/plan/change.ts';
import type { ReportJson as Report } from '../../src/cli/words/change-words.ts';
import { VERSION } from '../../src/version.ts';
import { Home, OVERSEERD, awaited, ended, fixture, within } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const inShort = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ job, action, reason, state }) => `${job} ${action} ${reason} ${state}`);

/** It is `starting` for as long as the test lasts. */
const slow = (name: string): string => sleeper(name).replace('start_seconds = 0', 'start_seconds = 1000');

describe('machines', () => {
  const print = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await home.overseer('machines', ...args);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };

  test.each([
    ['daemon', 'ProcessRequest'],
    ['client', 'DeleteSocketFile'],
    ['job', 'Backoff'],
  ])('T-5 prints the chart of %s in each format, without a daemon', async (chart, state) => {
    const text = await print(chart);
    expect(text).toMatch(new RegExp(`^${chart}\n.*\\b${state}\\b`, 's'));
    expect(await print(chart, '--format', 'text')).toBe(text);
    expect(JSON.parse(await print(chart, '--format', 'json'))).toMatchObject({ id: chart });
    expect(await print(chart, '--json')).toBe(await print(chart, '--format', 'json'));
    const pictures = { mermaid: /^stateDiagram-v2\n/, dot: /^digraph /, svg: /^<svg [^]*<\/svg>\n$/ };
    for (const [format, form] of Object.entries(pictures)) {
      const whole = await print(chart, '--format', format);
      expect(whole).toMatch(form);
      expect(whole).toContain(state);
      const simple = await print(chart, '--format', format, '--simple');
      expect([form.test(simple), simple.includes(state), simple.length < whole.length]).toEqual([
        true,
        true,
        true,
      ]);
    }
    expect(existsSync(home.data)).toBe(false);
  });

  test('T-6 prints all three as text or as one object, and says which words it knows', async () => {
    expect(await print()).toBe([await print('daemon'), await print('client'), await print('job')].join('\n'));
    expect(Object.keys(JSON.parse(await print('--json')) as object)).toEqual(['daemon', 'client', 'job']);
    for (const [words, said] of [
      ['jbo', 'did you mean "job"?'],
      ['job --format pdf', 'there are text, json, mermaid, dot, svg'],
      ['job --simple', '--simple is for'],
    ] as const) {
      const { code, stdout, stderr } = await home.overseer('machines', ...words.split(' '));
      expect([words, code, stdout, stderr.includes(said)]).toEqual([words, 64, '', true]);
    }
  });
});

describe('options of commands that change something', () => {
  test('T-7 --no-wait of start and restart returns while the job is still starting', async () => {
    home.write('jobs.toml', slow('web'));
    await home.apply('--no-wait');
    const { pid } = await home.job('web');
    await home.overseer('stop', 'web');
    expect(inShort((await home.json<Report>('start', 'web', '--no-wait')).changes)).toEqual([
      'web start by-hand starting',
    ]);
    expect(inShort((await home.json<Report>('restart', 'web', '--no-wait')).changes)).toEqual([
      'web restart by-hand starting',
    ]);
    expect(await home.job('web')).not.toMatchObject({ pid });
  });

  test('T-8 --all of restart means every job', async () => {
    home.write('jobs.toml', sleeper('web') + sleeper('api'));
    await home.apply();
    expect(inShort((await home.json<Report>('restart', '--all')).changes)).toEqual([
      'api restart by-hand running',
      'web restart by-hand running',
    ]);
  });

  test('T-9 --allow-empty of plan shows what the trigger with it would do, and without it the plan is refused as the trigger is', async () => {
    const file = home.write('jobs.toml', sleeper('web'));
    await home.apply();
    rmSync(file);
    expect((await home.overseer('plan')).code).toBe(78);
    expect((await home.overseer('plan', '--allow-empty')).stdout).toMatch(/^- web {2}remove /);
    await home.overseer('die', '--keep-jobs');
    expect(inShort((await home.json<Report>('plan', '--allow-empty')).changes)).toEqual([
      'web remove removed running',
    ]);
    expect((await home.overseer('plan')).code).toBe(78);
  });
});

describe('output that goes on', () => {
  test('T-10 logs -f of several jobs has the name before each line, of jobs that come later too', async () => {
    const says = (name: string): string => shellJob(name, `echo ${name} is up; exec sleep 1000`);
    home.write('jobs.toml', says('web') + says('api'));
    await home.apply();
    const follower = home.begin({}, 'logs', '-f');
    let out = '';
    follower.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const gone = ended(follower);
    const lines = (): readonly string[] => out.replaceAll(/ +\|/g, ' |').trim().split('\n').toSorted();
    await awaited(async () => lines().length === 2 || null, 'the lines of both');
    home.write('more.toml', says('later'));
    await home.apply();
    await awaited(async () => lines().length === 3 || null, 'a line of the third');
    follower.kill('SIGINT');
    expect(await within(gone, 'the end')).toMatchObject({ code: 0, stderr: '' });
    expect(lines()).toEqual(['api | api is up', 'later | later is up', 'web | web is up']);
  });

  test('T-11 run --json has an object for each line and each step, and ends by itself', async () => {
    mkdirSync(home.path('project'));
    writeFileSync(home.path('project/overseer.toml'), shellJob('once', 'echo done', 'restart = "never"'));
    const { code, stdout, stderr } = await within(home.overseer('run', 'project', '--json'), 'the end');
    const said = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, string>>);
    expect([code, stderr]).toEqual([0, '']);
    expect(said.filter(({ line }) => line !== undefined)).toEqual([{ job: 'once', line: 'done' }]);
    expect(said.filter(({ id }) => id === 'once').at(-1)).toMatchObject({
      machine: 'job',
      to: expect.stringContaining('Finished'),
    });
  });
});

describe('overseerd', () => {
  const overseerd = (...args: readonly string[]): ReturnType<typeof ended> =>
    ended(home.spawn(OVERSEERD, args));

  test('T-12 has --help and --version, and refuses what it does not know with exit code 64', async () => {
    expect(await overseerd('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect(await overseerd('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--apply'),
      stderr: '',
    });
    expect(await overseerd('--aply')).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('--aply'),
    });
    expect(existsSync(home.data)).toBe(false);
  });

  test('T-13 reads the config by itself only with --apply', async () => {
    home.write('jobs.toml', sleeper('web'));
    const plain = overseerd();
    await home.serving();
    expect((await home.status()).jobs).toEqual([]);
    await home.overseer('die');
    expect((await within(plain, 'its end')).code).toBe(0);
    const applying = overseerd('--apply');
    await home.serving();
    await home.until('web', ({ state }) => state === 'running');
    await home.overseer('die');
    expect((await within(applying, 'its end')).code).toBe(0);
  });

  test('T-14 says in its log what is wrong with the config that --apply could not take', async () => {
    const file = home.write('jobs.toml', '[[jobs]]\nname = "web"\nrestrat = "never"\n');
    const applying = overseerd('--apply');
    await home.serving();
    const log = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');
    await awaited(async () => log().includes('refused') || null, 'a word in the log');
    expect(log()).toContain(
      `config refused: ${file}:3:1: jobs[0] "web": unknown key "restrat": did you mean "restart"?\n`,
    );
    expect(log()).toContain(`config refused: ${file}:1:1: jobs[0] "web": job_command is missing`);
    await home.overseer('die');
    expect(await within(applying, 'its end')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('config refused: '),
    });
  });
});

test('T-15 a bug of overseer’s own is exit code 70, and OVERSEER_DEBUG shows where it is', async () => {
  const NODE_OPTIONS = `--require ${fixture('throws-later.cjs')}`;
  const { code, stderr } = await ended(home.begin({ NODE_OPTIONS }, 'check'));
  const said =
    'overseer: a bug of ours: planted\nPlease report it; OVERSEER_DEBUG=1 shows where it happened.\n';
  expect([code, stderr]).toEqual([70, said]);
  expect((await ended(home.begin({ NODE_OPTIONS, OVERSEER_DEBUG: '1' }, 'check'))).stderr).toContain(
    'throws-later.cjs',
  );
});
