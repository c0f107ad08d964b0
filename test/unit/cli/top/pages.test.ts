import { helpPage, logPage, planAsk, planPage, reportPage, whyPage } from '../../../../src/cli/top/pages.ts';
import { planId } from '../../../../src/library/plan-of.ts';
import { LogRows } from '../../../../src/cli/top/log-rows.ts';
import { keysFor } from '../../../../src/cli/top/keys.ts';
import { BAD, change, REPORT, WHY } from '../../../support/sample-replies.ts';

const plain = { color: false };

test('a page of why has what the command prints, and the job for its other pages', () => {
  const page = whyPage(WHY, { top: 3, printed: ['last words'] }, plain);
  expect(page).toMatchObject({
    kind: 'why',
    title: 'why web',
    job: 'web',
    top: 3,
    isFollowing: false,
    find: '',
  });
  const rows = page.rows(80);
  expect(rows[0]).toBe('web  held');
  expect(rows.at(-1)).toBe('  last words');
  // Kept as long as the page is so wide.
  expect(page.rows(80)).toBe(rows);
  expect(page.rows(40)).not.toBe(rows);
});

test('a page of a plan says what would be done, and one of a report what was', () => {
  const report = { ...REPORT, changes: [change({ action: 'start', reason: 'new' })] };
  const [plan, done] = [planPage(report, plain), reportPage('start web', report, plain)];
  expect([plan.kind, plan.title, done.kind, done.title, done.job]).toEqual([
    'plan',
    'plan',
    'report',
    'start web',
    null,
  ]);
  expect(plan.rows(80)).not.toEqual(done.rows(80));
  expect([plan.rows(80)[0], done.rows(80)[0]]).toEqual([
    expect.stringMatching(/web/),
    expect.stringMatching(/web/),
  ]);
});

test('a page of a bad config has its problems, and says that nothing was changed', () => {
  const rows = planPage(BAD, plain).rows(80);
  expect([rows[0], rows.at(-1)]).toEqual([
    expect.stringMatching(/a\.toml:3:1: .*unknown key "nam"/),
    'Nothing was changed.',
  ]);
});

test('top asks about a plan only where it has something to do, and is not read-only', () => {
  const report = { ...REPORT, changes: [change({}), change({ job: 'api', action: 'start' })] };
  const changing = { isReadOnly: false };
  const asked = { question: 'Do this?', action: { action: 'apply', plan: planId(report) } };
  expect(planAsk(report, changing)).toEqual(asked);
  const bad = { ...report, problems: BAD.problems };
  expect([planAsk(REPORT, changing), planAsk(bad, changing)]).toEqual([null, null]);
  expect(planAsk(report, { isReadOnly: true })).toBeNull();
});

test('a page of a log goes on by itself', () => {
  expect(logPage('web', new LogRows(false))).toMatchObject({
    kind: 'logs',
    title: 'logs web',
    job: 'web',
    isFollowing: true,
    hit: null,
  });
});

test('the page of keys has each key with what it does, wrapped beside it', () => {
  const rows = helpPage(false, plain).rows(60);
  const text = rows.join('\n');
  for (const { label } of keysFor(false)) expect(text).toContain(`  ${label}`);
  expect(rows.every((row) => row.length <= 60)).toBe(true);
  expect(rows.some((row) => /^ {6,}\S/.test(row))).toBe(true);
  expect(text.replace(/\s+/g, ' ')).toContain(
    'CPU and MEM are those of the whole process tree of a job; 100% is one core.',
  );
  expect(helpPage(true, plain).rows(60).length).toBeLessThan(rows.length);
});
