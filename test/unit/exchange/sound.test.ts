import { Import, type JobDraft } from '../../../src/exchange/draft.ts';
import { leaveOutUnsound } from '../../../src/exchange/sound.ts';
import { tomlOf } from '../../../src/exchange/toml-text.ts';
import { problemsOf } from '../../../src/exchange/written.ts';

/** Two jobs with these keys, of which what a config would refuse was left out. */
function sound(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>> = {},
): { readonly kept: readonly unknown[]; readonly told: readonly string[] } {
  const into = new Import();
  for (const [name, keys] of Object.entries({ a, b })) {
    const draft: JobDraft = into.draft(name, { file: '/x', line: 1 }).set('job_command', 'x');
    for (const [key, value] of Object.entries(keys)) draft.set(key, value as never);
  }
  leaveOutUnsound(into, (drafts) => problemsOf(tomlOf(drafts), { home: '/home/ann' }));
  return {
    kept: into.drafts.map(({ name, keys }) => [name, ...keys.keys()].join(' ')),
    told: into.remarks.map(({ message }) => message),
  };
}

test('a key that a config would refuse is left out, and told without the number of its job', () => {
  const { kept, told } = sound({ nice: 5 }, { nice: 99, umask: '022' });
  expect(kept).toEqual(['a job_command nice', 'b job_command umask']);
  expect(told).toEqual([expect.stringMatching(/^nice is left out: nice must be /)]);
});

test('a job that would be another one without the key is left out whole', () => {
  const { kept, told } = sound({ schedule: '61 * * * *', nice: 5 });
  expect(kept).toEqual(['b job_command']);
  expect(told).toEqual([expect.stringMatching(/^a is left out: schedule /)]);
});

test('what is no number is left out wherever it stands', () => {
  const { kept, told } = sound(
    { nice: Number.NaN, backoff: { min: Infinity } },
    { success_codes: [0, Number.NaN] },
  );
  expect(kept).toEqual(['a job_command', 'b job_command']);
  expect(told).toEqual([
    'nice is left out: what stands for it is no number',
    'backoff is left out: what stands for it is no number',
    'success_codes is left out: what stands for it is no number',
  ]);
});

test('what is sound stays as it is', () => {
  expect(sound({ nice: 5, backoff: { min: 1 }, enabled: false }, { env: { A: 'b' } })).toEqual({
    kept: ['a job_command nice backoff enabled', 'b job_command env'],
    told: [],
  });
});
