import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

test('import reads a pipe that is already open', () => {
  const overseer = join(ROOT, 'bin/overseer');
  const line = `echo 'web: run' | ${overseer} import --from procfile /dev/stdin`;
  const { stdout } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  expect(stdout).toContain('job_command = "run"');
});
