import fc from 'fast-check';
import { byInstanceName, isMeant, isSelection, namedAlone } from '../../../src/plan/names.ts';

describe('a word in a command', () => {
  test('a word means a copy by its own name, all copies by their job, and what a pattern matches', () => {
    expect(isMeant({ name: 'db', job: 'db', tags: [] }, 'db')).toBe(true);
    expect(isMeant({ name: 'db@2', job: 'db', tags: [] }, 'db')).toBe(true);
    expect(isMeant({ name: 'db@2', job: 'db', tags: [] }, 'd*@2')).toBe(true);
    expect(isMeant({ name: 'db@2', job: 'db', tags: [] }, 'd?')).toBe(true);
    expect(isMeant({ name: 'db@2@1', job: 'db@2', tags: [] }, 'db@2')).toBe(true);
  });

  test('a word with tag: before it means every job of that tag, and a job that is called so', () => {
    const web = { name: 'web@1', job: 'web', tags: ['front', 'eu'] };
    const words = ['tag:front', 'tag:eu', 'tag:f*', 'tag:?u', 'tag:fron', 'tag:', 'front', 'tag:web', 'eu*'];
    expect(words.filter((word) => isMeant(web, word))).toEqual(['tag:front', 'tag:eu', 'tag:f*', 'tag:?u']);
    expect(isMeant({ name: 'tag:front', job: 'tag:front', tags: [] }, 'tag:front')).toBe(true);
  });

  test('a word does not mean a job whose name only looks like that of a copy', () => {
    for (const name of ['db@2', 'db@0', 'db@02', 'db@99999999999', 'db@2@3'])
      expect(isMeant({ name, job: name, tags: [] }, 'db')).toBe(false);
    expect(isMeant({ name: 'db@2@1', job: 'db@2', tags: [] }, 'db')).toBe(false);
  });
});

test('a pattern means what a regular expression of the same form would', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '@', '1'), maxLength: 8 });
  const pattern = fc.string({
    unit: fc.constantFrom('a', 'b', '1', '*', '*', '?'),
    minLength: 1,
    maxLength: 8,
  });
  const isMatch = (name: string, word: string): boolean => {
    const expression = new RegExp(`^${word.replaceAll('*', '.*').replaceAll('?', '.')}$`);
    return /[*?]/.test(word) ? expression.test(name) : name === word;
  };
  fc.assert(
    fc.property(text, text, pattern, (name, job, word) => {
      const meant = [
        isMeant({ name, job, tags: [] }, word),
        isMeant({ name: '-', job: '-', tags: [name, job] }, `tag:${word}`),
      ];
      const wanted = isMatch(name, word) || isMatch(job, word);
      expect([name, job, word, ...meant]).toEqual([name, job, word, wanted, wanted]);
    }),
    { numRuns: 500 },
  );
});

test('only a pattern and a tag may mean any number of jobs', () => {
  expect(['web', 'web@2', 'w*b', 'w?b', 'tag:x', '*', 'tagx'].filter(isSelection)).toEqual([
    'w*b',
    'w?b',
    'tag:x',
    '*',
  ]);
});

test('copies are listed by their numbers, other jobs by their letters', () => {
  const names = ['web@10', 'web@2', 'web', 'api@1', 'web@1', 'webx', 'db'];
  expect(names.toSorted(byInstanceName)).toEqual(['api@1', 'db', 'web', 'web@1', 'web@2', 'web@10', 'webx']);
  expect([byInstanceName('a', 'a'), byInstanceName('a', 'b'), byInstanceName('b', 'a')]).toEqual([0, -1, 1]);
});

describe('the log of a job that nobody knows any more', () => {
  const owner = (name: string, plain: readonly string[]): string =>
    namedAlone(name, (job) => !plain.includes(job)).job;

  test('the log of an unknown job is that of a copy where its name looks so', () => {
    expect(['db@2', 'a@b@10', 'db', 'db@x', '@1'].map((name) => owner(name, []))).toEqual([
      'db',
      'a@b',
      'db',
      'db@x',
      '@1',
    ]);
  });

  test('the log of an unknown job is its own where the shorter name has no copies', () => {
    expect(owner('db@2', ['db'])).toBe('db@2');
  });
});
