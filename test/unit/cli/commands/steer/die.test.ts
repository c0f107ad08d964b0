import { answering, run } from '../../../../support/fake-cli.ts';
import { answer } from '../../../../support/sample-replies.ts';

test('the end of a daemon says what it stopped, or kept', async () => {
  const died = (stopped: string[], kept: string[]) => run('die', answering(answer({ stopped, kept })));
  expect((await died(['web'], [])).out).toBe('the daemon has ended, 1 job stopped\n');
  expect((await died([], ['web', 'db'])).out).toMatch(/^the daemon has ended, .*2 jobs/);
  expect(JSON.parse((await run('die --json', answering(answer({ stopped: ['a'], kept: [] })))).out)).toEqual({
    stopped: ['a'],
    kept: [],
  });
  expect((await run('reload web', answering(null))).err).toMatch(
    /^overseer: there is no `reload`: `overseer` applies the config, `overseer restart JOB` restarts a job, /,
  );
});
