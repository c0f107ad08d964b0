import { execFileSync } from 'node:child_process';
import { exportOf } from '../../../support/exchange/export-of.ts';

test('a line limits the number of processes in each shell, whatever letter that has for it', () => {
  const soft = execFileSync('bash', ['-c', 'ulimit -Hu'], { encoding: 'utf8' }).trim();
  const limit = soft === 'unlimited' ? 4321 : Number(soft);
  const { files } = exportOf('procfile', { web: { limits: { nproc: limit } } });
  const line = (files[0]?.text ?? '').replace(/^web: .*?&& /, '').replace(/exec x\s*$/, '');
  // What bash calls `p` is something else.
  const shows = 'ulimit -Su 2>/dev/null || ulimit -Sp';
  for (const shell of ['sh', 'bash'])
    expect(execFileSync(shell, ['-c', `${line}${shows}`], { encoding: 'utf8' }).trim()).toBe(String(limit));
});
