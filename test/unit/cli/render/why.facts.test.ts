import { renderWhy, whyJson } from '../../../../src/cli/render/why.ts';
import type { ChangeOfJob, Why } from '../../../../src/wire/messages.ts';
import { before, job, NOW, plain, WHY } from '../../../support/sample-replies.ts';

const linesOf = (given: Partial<Why>, columns = 100): readonly string[] =>
  renderWhy({ ...WHY, history: [], ...given }, plain(columns)).split('\n');
const factOf = (label: string, given: Partial<Why>): string | undefined =>
  linesOf(given)
    .find((line) => line.startsWith(`  ${label} `))
    ?.slice(14);
const [ENTRY] = WHY.history as readonly [ChangeOfJob];
const changes = (count: number): readonly ChangeOfJob[] =>
  Array.from({ length: count }, (_, at) => ({ ...ENTRY, detail: `change ${at + 1}` }));

test('why shows the last twelve changes of a job, the newest at the end', () => {
  const shown = (count: number): readonly string[] =>
    linesOf({ history: changes(count) }).flatMap((line) => /change \d+$/.exec(line)?.[0] ?? []);
  expect([shown(12).length, shown(12)[0], shown(30).length, shown(30)[0], shown(30).at(-1)]).toEqual([
    12,
    'change 1',
    12,
    'change 19',
    'change 30',
  ]);
});

test('a reason of the history is wrapped below itself, on a narrow page to twenty columns', () => {
  const history = [{ ...ENTRY, detail: 'one two three four five six seven eight' }];
  const below = (columns: number): readonly string[] => {
    const lines = linesOf({ history }, columns);
    return lines.slice(lines.indexOf('history') + 1, -1);
  };
  expect(below(48)).toEqual([
    '  1m 5s ago  held      one two three four five',
    `${' '.repeat(23)}six seven eight`,
  ]);
  expect(below(24)).toEqual([
    '  1m 5s ago  held      one two three four',
    `${' '.repeat(23)}five six seven eight`,
  ]);
});

test('why says how far off a moment is only where it is still to come', () => {
  const said = (ms: number): string =>
    linesOf({ because: [{ kind: 'startsAgain', at: new Date(NOW + ms).toISOString() }] })[1] ?? '';
  expect(said(5_000)).toMatch(/\d\d:\d\d:\d\d, in 5s; /);
  expect([said(0), said(-5_000)]).toEqual([
    expect.not.stringContaining(', in '),
    expect.not.stringContaining(', in '),
  ]);
});

test('a test that has not run yet is only its command', () => {
  const status = job({ state: 'testing', test: null });
  const lines = linesOf({ status, testDetail: null, testOutput: null });
  const at = lines.findIndex((line) => line.startsWith('  test '));
  expect([lines[at], lines[at + 1]]).toEqual(['  test        test -e /tmp/on', '  restart     always']);
});

test('a test that has printed nothing has no output in why', () => {
  expect(linesOf({ testOutput: '' }).some((line) => line.startsWith('  test output'))).toBe(false);
});

test('why counts the restarts from the first one', () => {
  expect([0, 1, 2].map((restarts) => factOf('restart', { status: job({ restarts }) }))).toEqual([
    'always',
    'always, 1 so far',
    'always, 2 so far',
  ]);
});

test('the ages of the test and of the last exit are each their own', () => {
  const status = job({
    startedAt: before(60_000),
    test: { verdict: 'pass', exitCode: 0, at: before(7_000) },
    lastExit: { code: 3, signal: null, at: before(120_000) },
  });
  expect(factOf('last exit', { status })).toBe('exit 3, 2m ago');
  expect(linesOf({ status, testDetail: null }).some((line) => line.endsWith('  pass, 7s ago'))).toBe(true);
  expect(factOf('running', { status })).toMatch(/, 1m$/);
});

test('a job that is not up has no time since which it runs', () => {
  const known = job({ state: 'finished', startedAt: before(5_000) });
  expect(factOf('running', { status: { ...known, ages: { ...known.ages, up: null } } })).toBeUndefined();
});

test('nothing that a job or its config says is obeyed by the terminal', () => {
  const bad = 'x\u001b[2Jx';
  const text = renderWhy(
    {
      ...WHY,
      status: job({ name: bad, description: bad }),
      because: [{ kind: 'notStarted', why: bad }],
      command: bad,
      cwd: bad,
      testCommand: bad,
      testDetail: bad,
      watch: [bad],
      log: bad,
      runs: WHY.runs.map((run) => ({ ...run, detail: bad })),
      history: [{ ...ENTRY, detail: bad }],
    },
    plain(200),
  );
  expect(text).not.toContain('\u001b');
  expect(text.match(/x\\e\[2Jx/g)?.length).toBeGreaterThanOrEqual(10);
});

test('the state of a job that has crashed is red in why while its leftovers are ended', () => {
  const paintOf = (lastRunFailed: boolean): string =>
    renderWhy(
      { ...WHY, status: job({ state: 'stopping', pid: null, lastRunFailed }) },
      { ...plain(100), color: true },
    ).split('\n')[0] ?? '';
  expect([paintOf(true), paintOf(false)]).toEqual([
    expect.stringContaining('\u001b[31mstopping'),
    expect.stringContaining('\u001b[33mstopping'),
  ]);
});

test('why as JSON has moments and names of events as scripts read them', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const { because, history } = whyJson({ ...WHY, because: [{ kind: 'startsAgain', at }] });
  expect(because).toEqual([`It starts again at ${at}; \`overseer start web\` does so now.`]);
  expect(history.map(({ event }) => event)).toEqual(['after backoff']);
});
