import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { configContents } from '../../../src/config/config-contents.ts';
import type { Job } from '../../../src/config/config.ts';
import { readChangedJobs } from '../../../src/config/read-changed-jobs.ts';
import { readConfig } from '../../../src/config/read-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'overseer-changed-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

type Files = readonly [string, string];
const OPTIONS = { dir, home: '/home/ann', base: { HOME: '/home/ann', A: 'a' } };

type Contents = NonNullable<ReturnType<typeof configContents>>;

function write([one, two]: Files): Contents {
  writeFileSync(join(dir, '1.toml'), one);
  writeFileSync(join(dir, '2.toml'), two);
  return configContents(dir, 2 ** 20) ?? [];
}

/** Null where there are problems. */
function wholeOf(files: Files): readonly Job[] | null {
  write(files);
  const whole = readConfig(OPTIONS);
  return whole.ok ? whole.config.jobs : null;
}

function changed(before: Files, now: Files, maxLetters = 200_000): readonly Job[] | null {
  const [contents, jobs] = [write(before), wholeOf(before)];
  return jobs && readChangedJobs(write(now), { contents, jobs }, { ...OPTIONS, maxLetters });
}

const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}`;
const LONG = `[defaults]\nenv = { LONG = "${'x'.repeat(100_000)}" }\n`;

describe('reading only the jobs that have changed', () => {
  it('T-1700 a changed job is read with its defaults, and the others stay the same objects', () => {
    const defaults = '[defaults]\nnice = 3\n';
    const before = wholeOf([job('a') + job('b') + job('c'), defaults + job('d')]) ?? [];
    const contents = write([job('a') + job('b') + job('c'), defaults + job('d')]);
    const now: Files = [job('a') + job('b', 'env = { B = "${A}" }\n') + job('c'), defaults + job('d')];
    const jobs = readChangedJobs(write(now), { contents, jobs: before }, { ...OPTIONS, maxLetters: 200 });
    expect(jobs).toEqual(wholeOf(now));
    expect(jobs?.map((each, at) => each === before[at])).toEqual([true, false, true, true]);
    expect(jobs?.[1]).toMatchObject({ nice: 3, env: { B: '${A}' } });
  });

  it.each<[string, Files, Files]>([
    ['one more job', [job('a'), ''], [job('a') + job('b'), '']],
    ['one job less', [job('a') + job('b'), ''], [job('a'), '']],
    ['another name', [job('a') + job('b'), ''], [job('a') + job('c'), '']],
    ['a name that is taken', [job('a') + job('b'), ''], [job('a') + job('a'), '']],
    ['other defaults', [job('a'), '[defaults]\nnice = 1\n'], [job('a'), '[defaults]\nnice = 2\n']],
    ['another dependency', [job('a') + job('b'), ''], [job('a') + job('b', 'after = ["a"]\n'), '']],
    ['a tag', [job('a') + job('b'), ''], [job('a') + job('b', 'tags = ["t"]\n'), '']],
    ['copies', [job('a') + job('b'), ''], [job('a') + job('b', 'instances = 2\n'), '']],
    ['an unknown key', [job('a') + job('b'), ''], [job('a') + job('b', 'nise = 1\n'), '']],
    ['an unknown variable', [job('a') + job('b'), ''], [job('a') + job('b', 'env = { X = "${NO}" }\n'), '']],
    ['an array that is not closed', [job('a') + job('b'), ''], [job('a', 'after = [\n') + job('b'), '']],
    [
      'jobs without a header',
      [`jobs = [{ name = "i", job_command = "x" }]\n`, job('a')],
      [`jobs = [{ name = "i", job_command = "x" }]\n`, job('a', 'nice = 1\n')],
    ],
    [
      'too much in all copies',
      [LONG, job('a', 'instances = 660\n')],
      [LONG, job('a', `instances = 660\nenv = { MORE = "${'x'.repeat(3_000)}" }\n`)],
    ],
    [
      'a default that is wrong for this job alone',
      ['[defaults]\nafter = ["b@9"]\n', job('b', 'instances = 2\nafter = []\n')],
      ['[defaults]\nafter = ["b@9"]\n', job('b', 'instances = 2\n')],
    ],
  ])('T-1701 the whole config is to be read where there is %s', (_, before, now) => {
    expect(wholeOf(before)).not.toBeNull();
    expect(changed(before, now)).toBeNull();
  });

  it('T-1702 the whole config is to be read where too much has changed', () => {
    const before: Files = [job('a') + job('b'), ''];
    const text = job('a', 'nice = 1\n') + job('b', 'nice = 1\n');
    expect(changed(before, [text, ''], text.length)).not.toBeNull();
    expect(changed(before, [text, ''], text.length - 1)).toBeNull();
  });

  it('T-1703 whatever is written, the jobs are those of a whole reading', () => {
    let seen = 0;
    fc.assert(
      fc.property(configs, ({ before, now }) => {
        const jobs = changed(before, now);
        if (jobs === null) return;
        expect(jobs).toEqual(wholeOf(now));
        seen += 1;
      }),
      { numRuns: 200 },
    );
    expect(seen).toBeGreaterThan(20);
  });
});

/** Lines that a job may have. */
const RIGHT = [
  'nice = 1',
  'nice = 2 # [[jobs]]',
  'description = "[[jobs]]"',
  'env = { B = "${A}" }',
  '[jobs.env]\nA = "x"',
  '  [jobs.backoff]\nmin = 1.0\nmax = 2\nfactor = 2',
  'tags = ["t"]',
  'after = ["j0"]',
  'after = []',
  'instances = 2',
  'restart = "never"',
  '#\u2028[[jobs]]',
  'watch = [\n "[[jobs]]"\n]',
] as const;
/** Lines that are wrong, or are another table, or make what follows look like something else. */
const ODD = [
  'env.A = "1"',
  'env = { B = "${NOT}" }',
  'after = ["tag:t"]',
  'instances = 2.0',
  'umask = "022"',
  'watch = [',
  '  [jobs]',
  '["x"],',
  ']',
  '"""',
  "description = '''\n[[jobs]]\n'''",
  '#\r[[jobs]]',
  '\r',
  '[defaults]',
  '[[ jobs ]]',
  'name = "other"',
  'max_restarts = 9007199254740993',
] as const;

const linesOf = (line: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.uniqueArray(line, { maxLength: 2 }).map((each) => each.join('\n'));
const right = fc.constantFrom(...RIGHT);
const files = fc.record({
  head: fc.constantFrom('', '', '# none\n', '[defaults]\nnice = 3\n', '[defaults]\nafter = ["j1"]\n'),
  jobs: fc.array(linesOf(fc.oneof({ arbitrary: right, weight: 19 }, fc.constantFrom(...ODD))), {
    minLength: 1,
    maxLength: 3,
  }),
  end: fc.constantFrom('\n', '\n\n', '\r\n'),
});
const others = linesOf(fc.oneof(right, fc.constantFrom(...ODD)));
type Written = typeof files extends fc.Arbitrary<infer T> ? T : never;

/** Two files, and the same ones with other lines in one of the jobs. */
const configs = fc
  .record({ one: files, two: files, at: fc.nat(2), other: others })
  .map(({ one, two, at, other }) => {
    const jobs = one.jobs.map((each, index) => (index === at ? other : each));
    return {
      before: [textOf(one, 'a'), textOf(two, 'j')] as const,
      now: [textOf({ ...one, jobs }, 'a'), textOf(two, 'j')] as const,
    };
  });

function textOf({ head, jobs, end }: Written, letter: string): string {
  const each = (more: string, index: number): string =>
    `[[jobs]]\nname = "${letter}${index}"\njob_command = "x"\n${more}${end}`;
  return head + jobs.map(each).join('');
}
