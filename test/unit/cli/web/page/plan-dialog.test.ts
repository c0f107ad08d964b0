import type { WebPlan } from '../../../../../src/cli/web/messages.ts';
import { inBrowser, WebPage } from '../../../../support/web-page.ts';
import { webJob } from '../../top/web-jobs.ts';

let page: WebPage;
beforeAll(async () => {
  page = await WebPage.open();
});
afterAll(() => page.close());
beforeEach(() => page.load([webJob('web')]));

const PLAN: WebPlan = { id: 'abc', lines: 'web  restart  changed', hasChanges: true, isRefused: false };
const LINES = 'dialog[open] pre';
const BUTTONS = 'dialog[open] button';
const opened = async (plan: WebPlan): Promise<void> => {
  page.answers('plan', { value: plan });
  await page.click('Plan and apply');
  await page.shows(LINES, plan.lines);
};
const acts = (): readonly string[] => page.asked.filter((each) => each.startsWith('POST'));

inBrowser('while the plan is made the dialog says that tests run, and offers nothing to do', async () => {
  let done = (_: { readonly value: unknown }): void => undefined;
  page.answers('plan', new Promise((resolve) => (done = resolve)));
  await page.click('Plan and apply');
  await page.shows(LINES, 'The tests are running …');
  await page.shows(BUTTONS, 'Close');
  done({ value: PLAN });
  await page.shows(LINES, 'web  restart  changed');
  await page.shows(BUTTONS, 'Close', 'Do it');
});

inBrowser('Do it runs the trigger with the plan that was shown, closes, and shows the report', async () => {
  let done = (_: { readonly value: unknown }): void => undefined;
  await opened(PLAN);
  page.answers('act', new Promise((resolve) => (done = resolve)));
  await page.click('Do it');
  await page.shows('dialog');
  await page.shows('.said pre', 'The trigger runs …');
  await page.isAsked('POST act application/json {"action":"apply","plan":"abc"}');
  done({ value: { ok: true, lines: '1 restarted' } });
  await page.shows('.said pre', '1 restarted');
  expect(acts()).toHaveLength(1);
});

inBrowser.each(['Close', 'Escape'])(
  '%s leaves the dialog and does nothing, and the next plan is new',
  async (how) => {
    await opened(PLAN);
    if (how === 'Close') await page.click('Close');
    else await page.press('Escape');
    await page.shows('dialog');
    await opened({ ...PLAN, lines: 'another plan' });
    expect(acts()).toEqual([]);
  },
);

inBrowser.each<[string, Partial<WebPlan>]>([
  ['has nothing to do', { hasChanges: false }],
  ['is refused', { isRefused: true }],
])('a plan that %s cannot be carried out', async (_, more) => {
  await opened({ ...PLAN, ...more });
  await page.shows(BUTTONS, 'Close');
});

inBrowser('a plan that cannot be made says why, and offers nothing to do', async () => {
  page.answers('plan', { code: 502, value: { error: 'no daemon is running' } });
  await page.click('Plan and apply');
  await page.shows(LINES, 'no daemon is running');
  await page.shows(BUTTONS, 'Close');
});
