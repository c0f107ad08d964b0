import type { ChartMessage } from '../../../../../src/cli/web/messages.ts';
import { inBrowser, WebPage } from '../../../../support/web-page.ts';
import { webJob } from '../../top/web-jobs.ts';

let page: WebPage;
beforeAll(async () => {
  page = await WebPage.open();
});
afterAll(() => page.close());

const LIT = `[...document.querySelectorAll('.picture .on title')].map((each) => each.textContent)`;
const SAID = `document.querySelector('.chart [role="status"]').textContent`;
const chart = (lit: readonly string[], taken: readonly string[] = []): ChartMessage => ({ lit, taken });

inBrowser('the states of the job are lit, outer and inner, until it leaves them', async () => {
  await page.load([webJob('web')]);
  await page.comesTo(LIT, []);
  await page.send('chart/web', chart(['job.want', 'job.want.Yes', 'job.child.Up', 'job.child.Up.Running']));
  await page.comesTo(LIT, ['job.child.Up', 'job.child.Up.Running']);
  await page.send('chart/web', chart(['job.child', 'job.child.Gone']));
  await page.comesTo(LIT, ['job.child.Gone']);
});

inBrowser('a screen reader is told the innermost state of the child', async () => {
  await page.load([webJob('web')]);
  await page.comesTo(SAID, '');
  await page.send('chart/web', chart(['job.child', 'job.child.Up', 'job.child.Up.Running', 'job.want.Yes']));
  await page.comesTo(SAID, 'The chart is in Up.Running');
});

inBrowser('the arrow that was taken flashes, and goes out', async () => {
  await page.load([webJob('web')]);
  await page.send('chart/web', chart(['job.child.Gone'], ['crash']));
  await page.holds(`document.querySelector('#crash').classList.contains('taken')`);
  await page.holds(`!document.querySelector('#crash').classList.contains('taken')`);
});

inBrowser('the next job has its own chart, and the stream of the first ends', async () => {
  await page.load([webJob('api@1'), webJob('web')]);
  await page.send('chart/api%401', chart(['job.child.Gone']));
  await page.comesTo(LIT, ['job.child.Gone']);
  await page.click('web');
  await page.isAsked('GET chart/web');
  await page.comesTo(LIT, []);
  await page.waits(() => Promise.resolve(!page.isOpen('chart/api%401')), 'the end of the first stream');
});
