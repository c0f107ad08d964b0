import { KEYS } from '../../../../src/config/schema/keys.ts';

test('only what the child process itself sees restarts it', () => {
  expect(KEYS.filter(({ restarts }) => restarts).map(({ name }) => name)).toEqual([
    'job_command',
    'cwd',
    'env',
    'env_file',
    'umask',
    'limits',
    'nice',
    'stdin',
  ]);
});
