import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, fixture } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { lateJob as job } from './support/sleeps.ts';

describe('completion', () => {
  /** What a shell offers after each line. */
  async function complete(shell: string, lines: readonly string[]): Promise<readonly string[]> {
    const { code, stdout, stderr } = await home.shell(
      `${shell} ${[fixture(`completes.${shell}`), ...lines].map((word) => `'${word}'`).join(' ')}`,
    );
    expect([code, stderr]).toEqual([0, '']);
    return stdout.split('\n').slice(0, -1);
  }

  const isThere = (shell: string): boolean =>
    (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, shell)));

  const testIn = (shell: string): typeof test => (isThere(shell) ? test : test.skip);

  test('T-83 bash completes commands, options, their values and job names, also those with a colon', async () => {
    home.write('jobs.toml', job('web', 'instances = 2') + job('worker') + job('a:b'));
    await home.overseer();
    const lines = [
      'overseer st',
      'overseer stop w',
      'overseer --json stop web@',
      'overseer start a:',
      'overseer wait --for s',
      'overseer wait --for=ru',
    ];
    const more = [
      'overseer logs -n ',
      'overseer signal H',
      'overseer signal HUP wo',
      'overseer start --',
      'overseer completion ',
      'overseer machines --format s',
    ];
    expect(await complete('bash', [...lines, ...more])).toEqual([
      'overseer st => status start stop',
      'overseer stop w => web web@1 web@2 worker',
      'overseer --json stop web@ => 1 2',
      'overseer start a: => b',
      'overseer wait --for s => starting stopping stopped',
      'overseer wait --for=ru => running',
      'overseer logs -n  => ',
      'overseer signal H => HUP',
      'overseer signal HUP wo => worker',
      'overseer start -- => --all --no-wait --json --no-color --config --data --project --help --version',
      'overseer completion  => bash zsh fish',
      'overseer machines --format s => svg',
    ]);
  });

  test('without a daemon completion offers the jobs of the config and of the logs, and starts none', async () => {
    home.write('jobs.toml', job('web') + job('api'));
    mkdirSync(home.path('other/logs'), { recursive: true });
    writeFileSync(home.path('other/logs/old.log'), '');
    const lines = ['overseer start ', `overseer --data ${home.path('other')} start o`];
    expect(await complete('bash', lines)).toEqual(['overseer start  => api web', `${lines[1]} => old`]);
    expect([home.daemons(), existsSync(home.data)]).toEqual([[], false]);
    home.write('bad.toml', '[[jobs]]');
    expect(await complete('bash', ['overseer st', 'overseer start '])).toEqual([
      'overseer st => status start stop',
      'overseer start  => ',
    ]);
  });

  testIn('zsh')('zsh offers the same as bash', async () => {
    home.write('jobs.toml', job('web') + job('worker'));
    expect(
      await complete('zsh', [
        'overseer start ',
        'overseer signal HUP ',
        'overseer completion ',
        'overseer die -',
      ]),
    ).toEqual([
      'overseer start  => web worker',
      'overseer signal HUP  => web worker',
      'overseer completion  => bash zsh fish',
      'overseer die - => --keep-jobs --json --no-color --config --data --project --help -h --version -V',
    ]);
  });

  testIn('fish')('fish offers the same as bash', async () => {
    home.write('jobs.toml', job('web') + job('worker'));
    expect(
      await complete('fish', [
        'overseer start w',
        'overseer signal HUP wo',
        'overseer completion ',
        'overseer die --k',
      ]),
    ).toEqual([
      'overseer start w => web worker',
      'overseer signal HUP wo => worker',
      'overseer completion  => bash fish zsh',
      'overseer die --k => --keep-jobs',
    ]);
  });

  test('bash completes the command after help, and each of several states', async () => {
    expect(
      await complete('bash', ['overseer he', 'overseer help st', 'overseer wait --for running,st']),
    ).toEqual([
      'overseer he => help',
      'overseer help st => status start stop',
      'overseer wait --for running,st => running,starting running,stopping running,stopped',
    ]);
  });

  testIn('zsh')('zsh completes the command after help, and each of several states', async () => {
    const [help, states] = await complete('zsh', ['overseer help ', 'overseer wait --for running,']);
    expect(help).toMatch(/ => apply plan status .* start stop /);
    expect(states).toMatch(/^overseer wait --for running, => waiting .* stopped$/);
  });

  testIn('fish')(
    'fish completes the command after help, each of several states, and a folder after =',
    async () => {
      mkdirSync(home.path('shop/inner'), { recursive: true });
      const project = `overseer --project=${home.path('shop/in')}`;
      expect(
        await complete('fish', [
          'overseer help st',
          'overseer wait --for running,sta',
          'overseer wait --for=running,sta',
          project,
          'overseer --project stat',
        ]),
      ).toEqual([
        'overseer help st => start status stop',
        'overseer wait --for running,sta => running,starting',
        'overseer wait --for=running,sta => --for=running,starting',
        `${project} => --project=${home.path('shop/inner')}/`,
        'overseer --project stat => status',
      ]);
    },
  );

  test('T-84 completion is for the shell of the environment unless another is named', async () => {
    const begin = async (shell: string): Promise<string> =>
      (await ended(home.begin({ SHELL: shell }, 'completion'))).stdout.split('\n')[0] ?? '';
    expect([await begin('/bin/zsh'), await begin('/usr/local/bin/fish')]).toEqual([
      '#compdef overseer',
      expect.stringContaining('# fish'),
    ]);
    expect(await home.overseer('completion')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('which shell?'),
    });
    expect(await home.overseer('completion', 'bsh')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean "bash"?'),
    });
  });
});
