import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENT_RULES, DAEMON_RULES, JOB_RULES } from '../../../machines/rules.ts';
import { testTitles } from '../../support/docs/test-titles.ts';
import { ROOT } from '../../support/sources.ts';

const MOST_LINES = 400;
const MOST_CHARACTERS = 90;
/**
 * Folders of test/unit that mirror something else than src: the pages, the programs in bin, the scripts, and
 * the tests' own support.
 */
const OTHERS = ['docs', 'bin', 'scripts', 'support'];
/** How a text begins that goes on with a sentence which somebody else has begun. */
const CONTINUES =
  /^(is|are|has|have|was|says|tells|prints|reads|keeps|leaves|that|which|so) |^one (that|whose) |^(of|and) (a|an|another|is) /;

const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name}`);

/** The source that a unit test is of: a dot names an aspect, as in `run-client.crowded.test.ts`. */
function sourceOf(file: string): string {
  const [, folder = '', name = ''] = /^test\/unit\/(.*\/)?([^/.]+)[^/]*$/.exec(file) ?? [];
  return `src/${folder}${name}.ts`;
}

test('no test file has more than 400 lines', () => {
  expect(files.length).toBeGreaterThan(150);
  const long = files.map((file) => ({
    file,
    lines: readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length,
  }));
  expect(long.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
});

test('every title has at most 90 characters, unless it is the sentence of a rule', () => {
  const rules = new Set([...CLIENT_RULES, ...DAEMON_RULES, ...JOB_RULES].map(({ text }) => text));
  const long = testTitles(ROOT).filter(
    ({ sentence }) => sentence.length > MOST_CHARACTERS && !rules.has(sentence),
  );
  expect(long.map(({ file, sentence }) => `${file}: ${sentence}`)).toEqual([]);
});

test('every title is a sentence that reads without its describe', () => {
  const fragments = testTitles(ROOT).filter(({ sentence }) => CONTINUES.test(sentence));
  expect(fragments.map(({ file, sentence }) => `${file}: ${sentence}`)).toEqual([]);
  expect('of another user’s process is forbidden').toMatch(CONTINUES);
});

test('every unit test lies in the folder of the source that it tests', () => {
  expect(sourceOf('test/unit/client/run-client.crowded.test.ts')).toBe('src/client/run-client.ts');
  expect(sourceOf('test/unit/homes.test.ts')).toBe('src/homes.ts');
  const units = files.filter(
    (file) => file.startsWith('test/unit/') && !OTHERS.includes(file.split('/')[2] ?? ''),
  );
  const isThere = (source: string): boolean =>
    [source, `${source}x`].some((path) => existsSync(join(ROOT, path)));
  expect(units.filter((file) => !isThere(sourceOf(file)))).toEqual([]);
});
