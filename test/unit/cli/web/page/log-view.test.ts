import { inBrowser, WebPage } from '../../../../support/web-page.ts';
import { webJob } from '../../top/web-jobs.ts';

let page: WebPage;
beforeAll(async () => {
  page = await WebPage.open();
});
afterAll(() => page.close());

const LINES = '.log .line';
const COUNT = '.log header .soft';
const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);
const LAST = `[...document.querySelectorAll('.log .line')].at(-1)?.innerText`;

inBrowser('lines are shown as they come, in their colours, below those before', async () => {
  await page.load([webJob('web')]);
  await page.send('logs/web', ['one', '\u001b[1;31mtwo\u001b[0m <b>']);
  await page.shows(LINES, 'one', 'two <b>');
  await page.shows('.line .red.bold', 'two');
  await page.send('logs/web', ['three']);
  await page.shows(LINES, 'one', 'two <b>', 'three');
  await page.shows(COUNT, '3 lines');
});

inBrowser(
  'the search leaves the lines that have its text, in either case, also of those to come',
  async () => {
    await page.load([webJob('web')]);
    await page.send('logs/web', ['An Error', 'fine', 'no error']);
    await page.type('Search the log', 'eRRor');
    await page.shows(LINES, 'An Error', 'no error');
    await page.shows(COUNT, '2 of 3 lines');
    await page.send('logs/web', ['ERRORS', 'fine again']);
    await page.shows(LINES, 'An Error', 'no error', 'ERRORS');
    await page.shows(COUNT, '3 of 5 lines');
    await page.type('Search the log', '');
    await page.shows(COUNT, '5 lines');
  },
);

inBrowser('the log shows its end, unless its reader has scrolled away', async () => {
  await page.load([webJob('web')]);
  await page.send('logs/web', numbered(1, 500));
  await page.comesTo(LAST, 'line 500');
  await page.send('logs/web', numbered(501, 600));
  await page.comesTo(LAST, 'line 600');
  await page.evaluate(`void (document.querySelector('.lines').scrollTop = 180)`);
  await page.holds(
    `[...document.querySelectorAll('.log .line')].some((each) => each.innerText === 'line 11')`,
  );
  await page.send('logs/web', numbered(601, 700));
  await page.shows(COUNT, '700 lines');
  expect(await page.evaluate(`document.querySelector('.lines').scrollTop`)).toBe(180);
  await page.evaluate(`void (document.querySelector('.lines').scrollTop = 1e6)`);
  await page.comesTo(LAST, 'line 700');
  await page.send('logs/web', numbered(701, 800));
  await page.comesTo(LAST, 'line 800');
});

inBrowser('only the last ten thousand lines are kept', async () => {
  await page.load([webJob('web')]);
  await page.send('logs/web', numbered(1, 9_999));
  await page.shows(COUNT, '9999 lines');
  await page.send('logs/web', numbered(10_000, 10_002));
  await page.shows(COUNT, '10000 lines');
  await page.comesTo(LAST, 'line 10002');
  await page.evaluate(`void (document.querySelector('.lines').scrollTop = 0)`);
  await page.comesTo(`document.querySelector('.log .line').innerText`, 'line 3');
});

inBrowser('another job has its own log, and the stream of the first ends', async () => {
  await page.load([webJob('api@1'), webJob('web')]);
  await page.send('logs/api%401', ['of api']);
  await page.shows(LINES, 'of api');
  await page.type('Search the log', 'of');
  page.first('logs/web', ['of web']);
  await page.click('web');
  await page.shows(LINES, 'of web');
  await page.shows(COUNT, '1 lines');
  await page.waits(() => Promise.resolve(!page.isOpen('logs/api%401')), 'the end of the first stream');
});

inBrowser('a stream that begins anew has its lines once', async () => {
  await page.load([webJob('web')]);
  await page.send('logs/web', ['one', 'two']);
  await page.shows(LINES, 'one', 'two');
  page.first('logs/web', ['one', 'two', 'three']);
  await page.end('logs/web');
  await page.shows(LINES, 'one', 'two', 'three');
});
