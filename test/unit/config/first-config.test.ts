import { FIRST_CONFIG } from '../../../src/config/first-config.ts';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { LEAST_JOB } from '../../support/least-job.ts';
import { HOME, folderOf, complaints, jobsOf } from '../../support/config-files.ts';

test('the first config reads back as one job that runs anywhere', () => {
  const [job, ...others] = jobsOf(FIRST_CONFIG);
  expect(others).toEqual([]);
  expect(job).toStrictEqual({
    ...LEAST_JOB,
    name: 'clock',
    command: { exe: 'sh', args: ['-c', 'while :; do date; sleep 5; done'] },
    description: 'tells the time every five seconds',
  });
  expect(readConfig({ dir: folderOf({ 'jobs.toml': FIRST_CONFIG }), home: HOME }).ok).toBe(true);
});

test('every key stands in the first config, and every example in it is valid', () => {
  const examples = FIRST_CONFIG.split('\n').flatMap((line) => /^# ([a-z_]+ = .*)$/.exec(line)?.[1] ?? []);
  for (const example of examples) {
    const least = example.startsWith('job_command') ? '' : 'job_command = "x"\n';
    expect([example, complaints(`[[jobs]]\nname = "a"\n${least}${example}`)]).toEqual([example, []]);
  }
  const shown = new Set([...FIRST_CONFIG.matchAll(/^(?:# )?([a-z_]+) = /gm)].map(([, name]) => name));
  expect(shown).toEqual(new Set(KEYS.map(({ name }) => name)));
});
