import type { Status } from '../../src/wire/messages.ts';
import { awaited } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { lateJob as job } from './support/sleeps.ts';

describe('patterns', () => {
  const five =
    job('web', 'instances = 2') + job('web-admin') + job('api') + job('off', 'test_command = "false"');

  const names = (status: Status): string => status.jobs.map(({ name }) => name).join(' ');

  test('`*` and `?` mean every job that they match, in each command that takes jobs', async () => {
    home.write('jobs.toml', five);
    await home.overseer();
    expect(names(await home.json<Status>('status', 'web*'))).toBe('web-admin web@1 web@2');
    expect(names(await home.json<Status>('status', 'we?'))).toBe('web@1 web@2');
    expect(names(await home.json<Status>('status', '*@2', 'a?i'))).toBe('web@2 api');
    expect((await home.overseer('status', 'web*')).code).toBe(0);
    expect(await home.json('signal', 'CONT', 'web@*')).toEqual({ signalled: ['web@1', 'web@2'] });
    expect((await home.overseer('stop', 'web?*')).stdout).toContain('3 stopped');
    expect((await home.overseer('start', 'web@*')).stdout).toContain('2 started');
    expect((await home.overseer('restart', '*@1')).stdout).toContain('1 restarted');
    expect((await home.overseer('wait', 'web@*')).stdout).toBe('2 jobs are running\n');
  });

  test('T-79 --all means every job; with a pattern, a signal reaches only running jobs', async () => {
    home.write('jobs.toml', five);
    await home.overseer();
    expect(await home.json('signal', 'CONT', '--all')).toEqual({
      signalled: ['api', 'web-admin', 'web@1', 'web@2'],
    });
    expect(names(await home.json<Status>('status', '--all'))).toBe('api off web-admin web@1 web@2');
    expect((await home.overseer('wait', '--all', '--timeout', '0.2')).stderr).toContain('off is held');
    for (const words of [
      'status web --all',
      'signal HUP web --all',
      'logs web --all',
      'wait web --all',
      'stop web --all',
    ]) {
      expect([words, (await home.overseer(...words.split(' '))).code]).toEqual([words, 64]);
    }
  });

  test('a pattern that matches nothing is no such job', async () => {
    home.write('jobs.toml', five);
    await home.overseer();
    for (const words of [
      'start x*',
      'stop x*',
      'restart x*',
      'signal HUP x*',
      'status x*',
      'logs x*',
      'wait x*',
      'events x*',
      'status api x*',
    ])
      expect([words, (await home.overseer(...words.split(' '))).code]).toEqual([words, 4]);
    expect((await home.status()).jobs.every(({ restarts }) => restarts === 0)).toBe(true);
  });

  test('T-80 logs match the names of the logs, without a daemon too', async () => {
    home.write('jobs.toml', job('web', '', 'echo hello') + job('api', '', 'echo hi') + job('silent'));
    await home.overseer('--no-wait');
    await awaited(async () => (home.log('web') !== '' && home.log('api') !== '') || null, 'their output');
    await home.overseer('die');
    expect((await home.overseer('logs', '[aw]*')).code).toBe(4);
    expect((await home.overseer('logs', '-n', '1', 'w*')).stdout).toBe('web | hello\n');
    const sorted = async (...words: readonly string[]): Promise<readonly string[]> =>
      (await home.overseer('logs', '-n', '1', ...words)).stdout.trim().split('\n').toSorted();
    expect(await sorted('?pi', 'web')).toEqual(['api | hi', 'web | hello']);
    expect(await sorted('--all')).toEqual(['api    | hi', 'web    | hello']);
  });
});
