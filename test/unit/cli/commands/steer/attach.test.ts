import { answering, run } from '../../../../support/fake-cli.ts';
import { answer } from '../../../../support/sample-replies.ts';

test('an attached terminal wants one job, and a number of lines', async () => {
  const said = async (words: string, jobs: readonly string[] = []): Promise<string> => {
    const inputs = jobs.map((job) => ({ job, path: '/x' }));
    const { code, err } = await run(`attach ${words}`, answering(answer({ inputs })));
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([await said(''), await said('web -n some'), await said('web', ['web@1', 'web@2'])]).toEqual([
    '64 overseer: attach to which job? As in `overseer attach repl`',
    '64 overseer: -n wants a number of lines, not some',
    '64 overseer: web means 2 jobs: name one, as in `overseer attach web@1`',
  ]);
});
