import { MAX_PROBLEMS } from '../../../src/config/problem-list.ts';
import { SIZE_LIMITS } from '../../../src/config/toml/size-limits.ts';
import { LIMITS } from '../../../src/wire/limits.ts';
import { problemsIn, readText } from '../../support/config-text.ts';
import { Random } from '../../support/random.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

describe('a config that is far too large', () => {
  it('only the first hundred problems are told, and how many more there are', () => {
    const said = problemsIn(many(3_000, (index) => `k${index} = 1\n`));
    expect(said).toHaveLength(MAX_PROBLEMS + 1);
    expect(said[0]).toBe('1:1: unknown key "k0": expected [[jobs]] or [defaults]');
    expect(said.at(-1)).toBe('100:1: 2,900 more problems are not shown: mend those above first');
  });

  it('a job has a thousand globs at most', () => {
    const globs = (count: number): string => `${JOB}watch = [${many(count, (index) => `"*.${index}", `)}]\n`;
    expect(problemsIn(globs(1_000))).toEqual([]);
    expect(problemsIn(globs(1_001))).toEqual([
      expect.stringMatching(/^4:9: jobs\[0\] "a": watch must be an array of at most 1000 globs/),
    ]);
  });

  it('problems of many files are counted together', () => {
    const files = Object.fromEntries(
      Array.from({ length: 30 }, (_, file) => [`f${file}.toml`, many(10, (i) => `k${i}=1\n`)]),
    );
    expect(problemsIn(files).at(-1)).toMatch(/: 200 more problems are not shown/);
  });

  it.each([
    [
      'more keys than any config has',
      many(SIZE_LIMITS.items + 1, (index) => `k${index}=1\n`),
      'too large: at most 500,000 keys',
    ],
    [
      'more items than any array has',
      `a = [${'1,'.repeat(SIZE_LIMITS.items)}]`,
      'too large: at most 500,000 keys',
    ],
    ['a table name of twenty thousand parts', `[${Array(20_000).fill('a').join('.')}]`, 'too many parts'],
    ['a dotted key of twenty thousand parts', `${Array(20_000).fill('a').join('.')} = 1`, 'too many parts'],
    [
      'a dotted key with spaces and quotes between',
      `${Array(200).fill('"a" . a').join('.')} = 1`,
      'too many parts',
    ],
    ['a string longer than the system hands on', `${JOB}env = { A = "${'x'.repeat(200_000)}" }`, 'too long'],
    ['such a string over several lines', `${JOB}env = { A = """${'x\n'.repeat(100_000)}""" }`, 'too long'],
    ['such a string that is never closed', `${JOB}env = { A = '''${'x\n'.repeat(100_000)}`, 'too long'],
    ['such a key', `${'k'.repeat(200_000)} = 1`, 'too long'],
    ['arrays within arrays', `a = ${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'aximum nesting depth of 32'],
    ['tables within tables', `a = ${'{a='.repeat(5_000)}1${'}'.repeat(5_000)}`, 'aximum nesting depth of 32'],
    [
      'a description that fills a screen',
      `${JOB}description = "${'x'.repeat(1_001)}"`,
      'at most 1000 characters',
    ],
    [
      'a default that counts for every job',
      `[defaults]\nenv = { A = "${'x'.repeat(100_000)}" }\n${many(800, (index) => `[[jobs]]\nname="j${index}"\njob_command="x"\n`)}`,
      'all jobs together are too large',
    ],
    [
      'an environment that counts for every instance',
      `${JOB}instances = 9999\nenv = { A = "${'x'.repeat(10_000)}" }`,
      'all jobs together are too large',
    ],
  ])('%s is one problem with its cause', (_, text, said) => {
    const [problem, ...others] = problemsIn(text);
    expect(others).toEqual([]);
    expect(problem).toContain(said);
  });

  it('a config of two thousand jobs is read', () => {
    const text = many(
      2_000,
      (index) =>
        `[[jobs]]\nname = "j${index}"\njob_command = { exe = "sh", args = ["-c", "echo 'a.b.c' # [x]"] }\nenv = { A = "1", B.C = """\n"x" \\" , = [ ]\n""" }\n`,
    ).replaceAll('B.C', 'B');
    expect(problemsIn(text)).toEqual([]);
  });

  it('brackets and dots in a string or a comment do not count for the limits', () => {
    const dots = 'a.'.repeat(100);
    expect(
      problemsIn(
        `# ${dots}\n${JOB}description = "${dots}"\nenv = { A = '${dots}', B = """\n${dots}""", C = '''${dots}''' }\n`,
      ),
    ).toEqual([]);
  });

  it('the message about a word of any length is short', () => {
    const word = 'w'.repeat(100_000);
    for (const text of [
      `${word} = 1`,
      `${JOB}${word} = 1`,
      `[[jobs]]\nname = "${word}"`,
      `${JOB}after = ["${word}"]`,
      `${JOB}env = { "=${word}" = "x" }`,
    ])
      for (const said of problemsIn(text)) expect(said.length).toBeLessThan(1_200);
  });
});

describe('hostile configs', () => {
  const PIECES = [
    '[[jobs]]\n',
    '[defaults]\n',
    'name = "a"\n',
    'job_command = "x"\n',
    'env = {',
    '}',
    '[',
    ']',
    '"',
    "'",
    '"""',
    "'''",
    '\\',
    '\n',
    '=',
    '.',
    ',',
    '#',
    'a',
    '__proto__',
    'toString',
    'constructor',
    '1',
    '1979-05-27',
    '07:32:00',
    'true',
    'inf',
    'nan',
    '\u00a0',
    '\u200b',
    '\ud83d\ude00',
    '\u0001',
    'after = ["a"]\n',
    'ready = { log = "(a+)+$" }\n',
    'ready.http = "http://%@h"\n',
    'schedule = "* * * * *"\n',
    'instances = 3\n',
    'log.max_size = "1MB"\n',
    'watch = ["**"]\n',
    'umask = "022"\n',
    '${HOME}',
    '$$',
  ];
  const ROUNDS = 400;

  it('a hostile config never throws, and its problems fit an answer', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.info(`seed ${seed}`);
    const random = new Random(seed);
    for (let round = 0; round < ROUNDS; round += 1) {
      const pieces = Array.from({ length: random.int(1, 60) }, () =>
        random.pick(PIECES).repeat(random.int(0, 11) === 0 ? random.int(1, 3_000) : 1),
      );
      const reading = readText(pieces.join(''));
      if (reading.ok) continue;
      expect(reading.problems.length).toBeLessThanOrEqual(MAX_PROBLEMS + 1);
      expect(JSON.stringify(reading).length).toBeLessThan(LIMITS.replyFrameBytes / 10);
      for (const problem of reading.problems)
        expect(problem).toMatchObject({ file: expect.stringMatching(/a\.toml$/), line: expect.any(Number) });
    }
  });
});
