import { problemsIn, readText } from '../../support/config-text.ts';

const job = (name: string, ...more: readonly string[]): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more.map((line) => `${line}\n`).join('')}`;

test.each([
  ['tags = "web"', '4:8: jobs[0] "a": tags must be an array of at most 100 names, got "web": write ["web"]'],
  [
    'tags = ["a b"]',
    '4:9: jobs[0] "a": tags[0] must be 1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _, got "a b"',
  ],
  [
    'tags = ["ok", ""]',
    '4:15: jobs[0] "a": tags[1] must be 1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _, got ""',
  ],
  [
    'tags = [1]',
    '4:9: jobs[0] "a": tags[0] must be 1 to 64 letters, digits or _ . @ : - beginning with a letter, a digit or _, got 1: write "1"',
  ],
  ['tag = ["web"]', '4:1: jobs[0] "a": unknown key "tag": did you mean "tags"?'],
  ['groups = ["web"]', '4:1: jobs[0] "a": unknown key "groups": did you mean "tags"?'],
])('a wrong tag is refused with its place: %s', (line, problem) => {
  expect(problemsIn(job('a', line))).toEqual([problem]);
});

test('more tags than a job may have are refused', () => {
  const tags = Array.from({ length: 101 }, (_, at) => `"t${at}"`).join(', ');
  expect(problemsIn(job('a', `tags = [${tags}]`))).toEqual([
    '4:8: jobs[0] "a": tags must be an array of at most 100 names, got an array',
  ]);
});

describe('a tag in after', () => {
  test('a tag in after is known where a job has it, by itself or from [defaults]', () => {
    expect(problemsIn(job('a', 'after = ["tag:db"]') + job('b', 'tags = ["db"]'))).toEqual([]);
    expect(
      problemsIn(`[defaults]\ntags = ["db"]\n${job('a', 'after = ["tag:db"]', 'tags = []')}${job('b')}`),
    ).toEqual([]);
  });

  test('a tag in after that no job has is refused, with the tag that is near', () => {
    expect(problemsIn(job('a', 'after = ["tag:bd"]') + job('b', 'tags = ["db"]'))).toEqual([
      '4:10: jobs[0] "a": after names "tag:bd", which is no tag of any job: did you mean "tag:db"?',
    ]);
  });

  test('a tag in after may say which state its jobs must be in', () => {
    const reading = readText(
      job('a', 'after = [{ job = "tag:db", is = "finished" }]') + job('b', 'tags = ["db"]'),
    );
    expect(reading.ok && reading.config.jobs[0]?.afterIs).toEqual({ 'tag:db': 'finished' });
  });

  test('a tag in after that leads back to the job is a circle that shows the tag', () => {
    expect(problemsIn(job('a', 'after = ["tag:db"]') + job('b', 'tags = ["db"]', 'after = ["a"]'))).toEqual([
      '4:10: jobs[0] "a": after is circular: a → tag:db → b → a',
    ]);
    expect(problemsIn(job('a', 'tags = ["db"]', 'after = ["tag:db"]'))).toEqual([
      '5:10: jobs[0] "a": after is circular: a → tag:db → a',
    ]);
  });

  test('a tag in the after of [defaults] is meant for the jobs without that tag', () => {
    const reading = readText(
      `[defaults]\nafter = ["tag:db"]\n${job('a')}${job('b', 'tags = ["db"]')}${job('c', 'tags = ["db"]')}`,
    );
    expect(reading.ok && reading.config.jobs.map(({ after }) => after)).toEqual([['tag:db'], [], []]);
  });

  test('a tag and a job of the same name in after are both meant', () => {
    expect(
      problemsIn(job('a', 'after = ["tag:db"]') + job('tag:db', 'after = ["a"]') + job('b', 'tags = ["db"]')),
    ).toEqual(['4:10: jobs[0] "a": after is circular: a → tag:db → a']);
  });
});
