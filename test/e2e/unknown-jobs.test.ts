import { home } from './support/fresh-home.ts';
import { job } from './support/sleeps.ts';

describe('where no job is known', () => {
  const HINT = 'no job is known yet: `overseer` reads the config and starts its jobs';

  test('where no job is known, a command about jobs says what to do first, with exit code 4', async () => {
    home.write('jobs.toml', job('web'));
    for (const line of [
      'start web',
      'start --all',
      'restart --all',
      'wait --all',
      'wait web',
      'wait w*',
      'stop web',
      'status web',
      'why web',
      'signal HUP --all',
    ])
      expect([line, await home.overseer(...line.split(' '))]).toEqual([
        line,
        { code: 4, stdout: '', stderr: `overseer: ${HINT}\n` },
      ]);
    expect(await home.overseer('status')).toEqual({ code: 0, stdout: 'no jobs\n', stderr: '' });
    expect((await home.overseer('stop', '--all')).code).toBe(0);
    await home.overseer();
    expect((await home.overseer('wait', 'x*')).stderr).toBe('overseer: no such job: x* (known are web)\n');
  });

  test('the logs of a job that never ran are empty, those of an unknown job are refused', async () => {
    home.write('jobs.toml', job('web') + job('many', 'instances = 2'));
    for (const line of ['logs web', 'logs many', 'logs many@2', 'logs w*'])
      expect([line, await home.overseer(...line.split(' '))]).toEqual([
        line,
        { code: 0, stdout: '', stderr: '' },
      ]);
    expect(await home.overseer('logs', 'wbe')).toEqual({
      code: 4,
      stdout: '',
      stderr: 'overseer: no such job and no log of one: wbe: did you mean "web"?\n',
    });
    home.write('bad.toml', 'x = 1');
    expect((await home.overseer('logs', 'web')).code).toBe(4);
  });
});
