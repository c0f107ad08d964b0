import { renderWhy, whyJson } from '../../../../src/cli/render/why.ts';
import type { Why } from '../../../../src/wire/messages.ts';
import { before, job, plain, WHY } from '../../../support/sample-replies.ts';

const lines = (given: Partial<Why>, printed: readonly string[] = []): readonly string[] =>
  renderWhy({ ...WHY, history: [], ...given }, plain(100), printed).split('\n');
const fact = (label: string, given: Partial<Why>): string | undefined =>
  lines(given)
    .find((line) => line.startsWith(`  ${label} `))
    ?.slice(14);

test('why leaves out what a job does not have', () => {
  const labels = (given: Partial<Why>): readonly string[] =>
    lines(given).flatMap((line) => /^ {2}([a-z][a-z ]{2,10}[a-z]) {1,}\S/.exec(line)?.[1]?.trim() ?? []);
  const bare: Partial<Why> = {
    status: job({ state: 'running' }),
    testCommand: null,
    testDetail: null,
    testOutput: null,
    watch: [],
    runs: [],
  };
  const shown = labels(bare).join();
  expect(shown).toContain('command');
  for (const label of ['test', 'watch', 'last run', 'last exit', 'running', 'tags', 'description'])
    expect(shown.split(',')).not.toContain(label);
});

test('why tells the description, the tags and since when a job runs', () => {
  const status = job({ startedAt: before(192_000), description: 'The shop', tags: ['a', 'b'], restarts: 0 });
  expect([fact('description', { status }), fact('tags', { status }), fact('restart', { status })]).toEqual([
    'The shop',
    'a b',
    'always',
  ]);
  expect(fact('running', { status })).toMatch(/^since .*\d\d:\d\d:\d\d, 3m 12s$/);
});

test('why tells how the last run ended, and why where it did not end by itself', () => {
  const [run] = WHY.runs;
  expect(fact('last run', { runs: [{ ...run!, cause: 'exit', exit: { code: 3, signal: null } }] })).toMatch(
    /, 10s: (exited with )?3$|10s: exit 3$/,
  );
  expect(fact('last run', { runs: [{ ...run!, detail: '' }] })).toMatch(/, 10s: SIGTERM$/);
  expect(fact('last run', { runs: [{ ...run!, startedAt: before(99_000) }, run!] })).toMatch(
    /stopped by hand$/,
  );
});

test('why ends with what the job printed last, made printable', () => {
  const all = lines({}, ['one', 'a\u001b[2Jb']);
  expect(all.slice(-4)).toEqual(['last lines of the log', '  one', '  a\\e[2Jb', '']);
});

test('why as JSON has no ages, which are old by the time that they are read', () => {
  const blocker = {
    name: 'db',
    state: 'waiting',
    needs: 'up',
    detail: null,
    age: 5,
    isStuck: false,
    waitsFor: [{ name: 'mq', state: 'held', needs: 'up', detail: 'x', age: 7, isStuck: true, waitsFor: [] }],
  } as const;
  const json = whyJson({ ...WHY, waitsFor: [blocker] });
  expect(JSON.stringify(json)).not.toContain('"age"');
  expect(json).toMatchObject({
    waitsFor: [{ name: 'db', waitsFor: [{ name: 'mq', isStuck: true }] }],
    printed: [],
  });
});
