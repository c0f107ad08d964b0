import { answering, run } from '../../../../support/fake-cli.ts';
import { DAEMON, job } from '../../../../support/sample-replies.ts';
import type { JobState } from '../../../../../src/plan/job-state.ts';

test.each<[string, string, readonly JobState[], number]>([
  ['one job that runs', 'web', ['running'], 0],
  ['one job that does not', 'web', ['backoff'], 3],
  ['one job that is about to run', 'web', ['starting'], 3],
  ['one job of which all copies run', 'web', ['running', 'running'], 0],
  ['one job of which a copy does not', 'web', ['running', 'stopped'], 3],
  ['one pattern for jobs that do not all run', 'w*', ['failed', 'running'], 3],
  ['several jobs, whatever they do', 'web db', ['failed', 'stopped'], 0],
  ['all jobs, whatever they do', '', ['failed'], 0],
])('the exit code of status tells about %s', async (_, words, states, code) => {
  const jobs = states.map((state, at) => job({ name: `web@${at + 1}`, state }));
  const reply = { kind: 'answer', answer: { daemon: DAEMON, jobs } } as const;
  for (const options of ['', '--json'])
    expect((await run(`status ${words} ${options}`, answering(reply))).code).toBe(code);
});
