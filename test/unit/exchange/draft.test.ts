import { Import, JobDraft, plainText } from '../../../src/exchange/draft.ts';

const at = (line: number, file = '/a'): { file: string; line: number } => ({ file, line });
const imported = (...names: readonly string[]): { into: Import; drafts: readonly JobDraft[] } => {
  const into = new Import();
  return {
    into,
    drafts: names.map((name, index) => into.draft(name, at(index + 1)).set('job_command', 'x')),
  };
};

test.each([
  ['web', 'web'],
  ['a b/c', 'a-b-c'],
  ['--a--', 'a'],
  ['_a', '_a'],
  ['ä', 'job'],
  ['x'.repeat(70), 'x'.repeat(64)],
])('a name that no job may have is changed, with a remark: %s', (wanted, name) => {
  const { into, drafts } = imported(wanted);
  expect(drafts[0]?.name).toBe(name);
  expect(into.remarks.map(({ message }) => message)).toEqual(
    wanted === name
      ? []
      : [`the name ${JSON.stringify(wanted)} cannot be that of a job here: it is called ${name}`],
  );
});

test('a name that is taken, in whatever case, gets a number', () => {
  const { into, drafts } = imported('web', 'Web', 'web', 'x'.repeat(64), 'x'.repeat(64));
  expect(drafts.map(({ name }) => name)).toEqual([
    'web',
    'Web-2',
    'web-3',
    'x'.repeat(64),
    `${'x'.repeat(59)}-2`,
  ]);
  expect(into.remarks[0]).toEqual({
    file: '/a',
    line: 2,
    message: 'there is a job Web already, so this one is called Web-2',
  });
});

test('a job comes once after each other job of the import, and never after itself', () => {
  const { into, drafts } = imported('a', 'b', 'c');
  const [a, b, c] = drafts as [JobDraft, JobDraft, JobDraft];
  a.set('restart', 'never');
  b.set('restart', 'never').set('ready', { tcp: 'h:1' });
  c.set('after', ['b']);
  for (const name of ['a', 'a', 'b', 'c', 'gone']) into.after(c, name, at(9));
  into.waitForEnd(a);
  into.finish();
  expect(c.list('after')).toEqual(['b', 'a']);
  expect(into.remarks.map(({ message }) => message)).toEqual([
    'c is no job of this import: where it is one, name it in "after"',
    'gone is no job of this import: where it is one, name it in "after"',
  ]);
});

test('what a job waits for is said only where it is not what "after" means anyway', () => {
  const afterOf = (keys: Readonly<Record<string, string>>, isEnding: boolean): unknown => {
    const { into, drafts } = imported('a', 'b');
    const [a, b] = drafts as [JobDraft, JobDraft];
    for (const [key, value] of Object.entries(keys)) a.set(key, value);
    if (isEnding) into.waitForEnd(a);
    into.after(b, 'a', at(1));
    into.finish();
    return b.list('after')[0];
  };
  expect([
    afterOf({}, false),
    afterOf({}, true),
    afterOf({ restart: 'never' }, false),
    afterOf({ restart: 'never' }, true),
    afterOf({ restart: 'never', ready: 'x' }, false),
    afterOf({ schedule: '@daily' }, true),
    afterOf({ schedule: '@daily', restart: 'never' }, false),
  ]).toEqual(['a', { job: 'a', is: 'finished' }, { job: 'a', is: 'running' }, 'a', 'a', 'a', 'a']);
});

test('variables that overseer sets itself are left out, and told where they were others', () => {
  const { into, drafts } = imported('a', 'b', 'c');
  const [a, b, c] = drafts as [JobDraft, JobDraft, JobDraft];
  a.set('env', { OVERSEER_JOB: 'a', OVERSEER_INSTANCE: '4' });
  b.set('env', { OVERSEER_JOB: 'other', A: '1' });
  c.set('env', { A: '1' });
  into.finish();
  expect([a, b, c].map(({ keys }) => keys.get('env'))).toEqual([undefined, { A: '1' }, { A: '1' }]);
  expect(into.remarks).toEqual([
    { file: '/a', line: 2, message: 'OVERSEER_JOB is left out of env: overseer itself sets it' },
  ]);
});

test('remarks are told once, in the order of the files and lines, those of a whole file last', () => {
  const { into } = imported();
  into.remark({ file: '/b', line: null }, 'whole');
  into.remark(at(3, '/b'), 'three');
  into.remark(at(1), 'one');
  into.remark(at(3, '/b'), 'three');
  into.remark(at(2, '/b'), 'three');
  into.finish();
  expect(into.remarks.map(({ file, line, message }) => `${file} ${line} ${message}`)).toEqual([
    '/b 2 three',
    '/b 3 three',
    '/b null whole',
    '/a 1 one',
  ]);
});

test('a key that this overseer has not is told instead of set', () => {
  const { into, drafts } = imported('a');
  const [a] = drafts as [JobDraft];
  into.set(a, 'nice', 5);
  into.set(a, 'shiny', [1], at(7));
  expect([a.keys.get('nice'), a.keys.has('shiny')]).toEqual([5, false]);
  expect(into.remarks).toEqual([
    { file: '/a', line: 7, message: 'this overseer has no key "shiny", which would be [1]' },
  ]);
});

test('a draft is asked for a text, a list or a table, and has none of another kind', () => {
  const draft = new JobDraft('a', at(1)).set('t', 'x').set('l', ['x']).set('o', { x: 1 });
  expect(['t', 'l', 'o', 'none'].map((key) => draft.text(key))).toEqual(['x', null, null, null]);
  expect(['t', 'l', 'o', 'none'].map((key) => draft.list(key))).toEqual([[], ['x'], [], []]);
  expect(['t', 'l', 'o', 'none'].map((key) => draft.table(key))).toEqual([{}, {}, { x: 1 }, {}]);
  draft.addEnv({});
  expect(draft.keys.has('env')).toBe(false);
  draft.set('env', { A: 'own' }).addEnv({ A: 'other', B: 'b' });
  expect([draft.table('env'), plainText(5), plainText(undefined)]).toEqual([{ A: 'own', B: 'b' }, '5', '""']);
});

test('an import tells of variables that begin with a tilde, which overseer expands', () => {
  const { into, drafts } = imported('web');
  drafts[0]?.addEnv({ A: '~/a', B: 'x~/b', C: '~', D: '~me/d' });
  into.finish();
  expect(into.remarks).toEqual([
    { file: '/a', line: 1, message: 'A begins with ~/, for which the home folder is put in here' },
  ]);
});
