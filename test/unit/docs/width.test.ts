import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/sources.ts';

const WIDTH = 110;
const FOLDERS = ['src', 'machines', 'bin', 'scripts'];
const SOURCE = /\.(tsx?|mts|[mc]?js|sh|css|html)$|\/overseerd?$/;

/** What the build makes. */
const GENERATED = new Set(['src/config/schema/validate.mjs']);

/** Tests hold what a program prints or reads as it is: such text may be of any length. */
const LITERAL =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[^])*`|\/(?![*/ ])(?:[^/\\\n]|\\.)+\/[a-z]*/g;
const COMMENT = /^ *(\/\/|\/?\*)/;

test(`no line of the sources is wider than ${WIDTH} columns`, () => {
  const files = filesIn(FOLDERS).filter((file) => !GENERATED.has(file));
  expect(files.length).toBeGreaterThan(400);
  expect(files.flatMap((file) => wideLines(file, textOf(file)))).toEqual([]);
});

test('no line of a test is wider, but for the text of its literals', () => {
  const files = filesIn(['test']).filter((file) => !file.startsWith('test/fixtures/'));
  expect(files.length).toBeGreaterThan(400);
  expect(files.flatMap((file) => wideLines(file, withoutLiterals(textOf(file))))).toEqual([]);
  expect(files.flatMap((file) => wideLines(file, textOf(file)).filter(isComment))).toEqual([]);
});

test('a wide comment and a wide line of code are found beside literals of any length', () => {
  const long = 'x'.repeat(WIDTH);
  const text = `a('${long}');\n// ${long}\nf(${'a, '.repeat(WIDTH / 2)}'b');\n`;
  expect(wideLines('f.ts', text).filter(isComment)).toHaveLength(1);
  expect(wideLines('f.ts', withoutLiterals(text))).toEqual([
    expect.stringContaining('f.ts:2'),
    expect.stringContaining('f.ts:3'),
  ]);
});

function filesIn(folders: readonly string[]): readonly string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (file) => `${folder}/${file}`,
      ),
    )
    .filter((file) => SOURCE.test(file));
}

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** Keeps the ends of the lines, so that they have the same numbers. */
const withoutLiterals = (text: string): string =>
  text.replace(LITERAL, (literal) => literal.replace(/[^\n]/g, ''));

const isComment = (line: string): boolean => COMMENT.test(line.replace(/^\S+ /, ''));

const wideLines = (file: string, text: string): readonly string[] =>
  text
    .split('\n')
    .flatMap((line, index) =>
      Array.from(line).length > WIDTH ? [`${file}:${index + 1} ${line.slice(0, WIDTH)}`] : [],
    );
