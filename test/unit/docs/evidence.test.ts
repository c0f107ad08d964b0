import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GLOBAL_OPTIONS } from '../../../src/cli/argv/global-options.ts';
import { namesOf } from '../../../src/cli/argv/option-spec.ts';
import { COMMANDS } from '../../../src/cli/commands/commands.ts';
import { reload } from '../../../src/cli/commands/steer/reload.ts';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import { KEYS } from '../../../src/config/schema/keys.ts';
import { OPTIONS } from '../../../src/daemon/usage.ts';
import { numberedRows, tableRows, testsCited } from '../../support/docs/proof-table.ts';
import { REQUIREMENTS } from '../../support/docs/requirements.ts';
import { testTitles } from '../../support/docs/test-titles.ts';
import { ROOT } from '../../support/sources.ts';

const FOLDER = 'docs/evidence';
const pages = new Map(
  readdirSync(join(ROOT, FOLDER))
    .filter((name) => name !== 'tests.md')
    .map((name) => [name, readFileSync(join(ROOT, FOLDER, name), 'utf8')]),
);
const pageOf = (name: string): string => pages.get(name) ?? '';
const titles = testTitles(ROOT);
const fileOf = new Map(titles.map(({ id, file }) => [id, file]));

describe('test ids', () => {
  const ids = titles.flatMap(({ id }) => (id === null ? [] : [id]));
  const cited = new Set([
    ...[...pages.values()].flatMap(testsCited),
    ...REQUIREMENTS.flatMap(({ tests = [] }) => tests),
  ]);

  test('no two tests have the same id', () => {
    expect(ids.length).toBeGreaterThan(200);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test('every test id that a page cites is the id of a test', () => {
    expect([...cited].filter((id) => !fileOf.has(id))).toEqual([]);
  });

  test('pages cite tests by id, not by title', () => {
    const byTitle = [...pages.values()].flatMap((page) => page.match(/test\/\S+\.test\.ts: [^`]*/g) ?? []);
    expect(byTitle).toEqual([]);
  });

  test('every test that has an id is cited by a page', () => {
    expect(ids.filter((id) => !cited.has(id))).toEqual([]);
  });
});

describe('docs/evidence/coverage.md', () => {
  const rows = tableRows(pageOf('coverage.md')).map((cells) => ({
    of: /`([^`]+)`/.exec(cells[0] ?? '')?.[1] ?? cells[0] ?? '',
    tests: cells.at(-1) ?? '',
  }));
  const own = COMMANDS.flatMap((command) => {
    const names = namesOf(command).map((name) => `overseer ${name}`);
    if (command.about === null) return command === reload ? names : [];
    return [...names, ...Object.keys(command.options ?? {}).map((option) => `${names[0]} --${option}`)];
  });

  test.each([
    ['key', KEYS.map(({ name }) => name)],
    ['command and option', own],
    ['option of every command', Object.keys(GLOBAL_OPTIONS).map((option) => `--${option}`)],
    ['option of overseerd', ['overseerd', ...Object.keys(OPTIONS).map((option) => `overseerd --${option}`)]],
    ['exit code', [...new Set(Object.values(EXIT))].map(String)],
  ])('docs/evidence/coverage.md has a row with a test for each %s', (_, all) => {
    const proven = new Set(rows.flatMap(({ of, tests }) => (testsCited(tests).length > 0 ? [of] : [])));
    expect(all.filter((each) => !proven.has(each))).toEqual([]);
  });

  test('docs/evidence/coverage.md cites only end-to-end tests', () => {
    const cited = testsCited(pageOf('coverage.md'));
    expect(cited.filter((id) => fileOf.get(id)?.startsWith('test/e2e/') === false)).toEqual([]);
  });
});

test('every cell of the table key by key in docs/evidence/coverage.md cites a test', () => {
  const [, part = ''] = pageOf('coverage.md').split(/^#{2,3} (?=Key by key$)/m);
  const rows = tableRows(part.split(/^## /m)[0] ?? '').slice(2);
  const keys = rows.map(([key]) => key?.replaceAll('`', ''));
  expect(keys).toEqual(expect.arrayContaining(['enabled', 'alive', 'max_memory', 'limits', 'nice', 'tags']));
  expect(keys.filter((key) => !KEYS.some(({ name }) => name === key))).toEqual([]);
  expect(rows.filter((cells) => cells.slice(1).some((cell) => testsCited(cell).length === 0))).toEqual([]);
  expect(rows.filter((cells) => cells.length !== 5)).toEqual([]);
});

test.each([
  ['reliability.md', 65],
  ['scenarios.md', 57],
])('docs/evidence/%s has %i rows, and each says what happens', (page, count) => {
  const rows = numberedRows(pageOf(page), 3);
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  expect(rows.filter(({ cells }) => cells.includes(''))).toEqual([]);
});

test('the evidence pages name only npm scripts that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const named = [...pages.values()].flatMap((page) =>
    [...page.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, script = '']) => script),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
});
