import { after, EVERYTHING, isShown, NOTHING_YET } from '../../../../src/cli/web/jobs-now.ts';
import type { JobsMessage, WebJob } from '../../../../src/cli/web/messages.ts';

const job = (name: string, given: Partial<WebJob> = {}): WebJob =>
  ({ name, state: 'running', tags: [], description: null, ...given }) as WebJob;
const all = (...jobs: readonly WebJob[]) => ({ kind: 'all', jobs }) as JobsMessage;
const changed = (jobs: readonly WebJob[], removed: readonly string[] = []) =>
  ({ kind: 'changed', jobs, removed }) as JobsMessage;
const lost = (why: string) => ({ kind: 'lost', why }) as JobsMessage;

test('the jobs are those of the first message, and then as each change leaves them', () => {
  const first = after(NOTHING_YET, all(job('a'), job('b')));
  expect([...(first.jobs ?? [])].map(([name]) => name)).toEqual(['a', 'b']);
  const second = after(first, changed([job('b', { state: 'failed' }), job('c')], ['a']));
  expect([...(second.jobs ?? [])].map(([name, { state }]) => `${name} ${state}`)).toEqual([
    'b failed',
    'c running',
  ]);
  // What was shown before stays as it was.
  expect([...(first.jobs ?? [])].map(([name]) => name)).toEqual(['a', 'b']);
});

test('a daemon that is lost leaves the jobs as they were known, until all are told again', () => {
  const gone = after(after(NOTHING_YET, all(job('a'))), lost('refused'));
  expect([gone.jobs?.size, gone.lost]).toEqual([1, 'refused']);
  expect(after(gone, changed([job('b')]))).toMatchObject({ lost: 'refused' });
  expect(after(gone, all(job('b')))).toMatchObject({ lost: null });
  expect(after(NOTHING_YET, lost('refused')).jobs).toEqual(new Map());
});

test('a job is shown that has the text, the state and the tag that are asked for', () => {
  const web = job('Web', { description: 'The Shop', tags: ['front'] });
  const shows = (filter: object): boolean => isShown(web, { ...EVERYTHING, ...filter });
  expect([shows({}), shows({ text: 'wE' }), shows({ text: 'shop' }), shows({ text: 'web the' })]).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect([shows({ text: 'null' }), isShown(job('x'), { ...EVERYTHING, text: 'null' })]).toEqual([
    false,
    false,
  ]);
  expect([shows({ state: 'running' }), shows({ state: 'failed' })]).toEqual([true, false]);
  expect([shows({ tag: 'front' }), shows({ tag: 'fron' }), shows({ tag: 'front', text: 'no' })]).toEqual([
    true,
    false,
    false,
  ]);
});
