import type { WebJob } from '../../../../../src/cli/web/messages.ts';
import { inBrowser, WebPage } from '../../../../support/web-page.ts';
import { NOW, webJob } from '../../top/web-jobs.ts';

let page: WebPage;
beforeAll(async () => {
  page = await WebPage.open();
});
afterAll(() => page.close());

const copies = (count: number, more: Partial<WebJob> = {}): readonly WebJob[] =>
  Array.from({ length: count }, (_, at) => webJob(`api@${at + 1}`, { job: 'api', ...more }));
const many = (count: number): readonly WebJob[] =>
  Array.from({ length: count }, (_, at) => webJob(`job${at + 1}`));

/** The parts of each row: name, state, time and restarts. */
const ROWS = `[...document.querySelectorAll('.row')].map((row) => [...row.children].map((each) => each.innerText).slice(1))`;
const focus = (): Promise<void> => page.evaluate(`document.querySelector('.rows').focus()`);
/** Waits until the job of this name is chosen, in the list and beside it. */
const isChosen = async (name: string): Promise<void> => {
  await page.shows('[aria-current="true"] .name', name);
  await page.shows('main h2', name);
};

inBrowser('a row has the state, how long the job is up or until its start, and its restarts', async () => {
  await page.load([
    webJob('a', { restarts: 3 }),
    webJob('b', {
      state: 'waiting',
      restarts: 1,
      nextStartAt: new Date(NOW + 4_000).toISOString(),
    }),
    webJob('c', { state: 'held' }),
    webJob('d', { state: 'failed', lastExit: { code: 3, signal: null, at: '2026-03-01T11:00:00.000Z' } }),
  ]);
  await page.comesTo(ROWS, [
    ['d', 'failed (exit 3)', '', ''],
    ['c', 'held', '', ''],
    ['b', 'waiting', 'in 4s', '↻1'],
    ['a', 'running', '1m 5s', '↻3'],
  ]);
});

inBrowser('the row of copies says how many there are, and how many are in the worst state', async () => {
  await page.load([...copies(3, { restarts: 2 }), webJob('api@4', { job: 'api', state: 'failed' })]);
  await page.comesTo(ROWS, [['▸ api ×4', '1 failed', '', '']]);
});

inBrowser('the arrow keys move the choice by one row, and stay at the first and the last', async () => {
  await page.load(many(3));
  await focus();
  await isChosen('job1');
  await page.press('ArrowDown');
  await isChosen('job2');
  await page.press('ArrowDown', 'ArrowDown');
  await isChosen('job3');
  await page.press('ArrowUp');
  await isChosen('job2');
  await page.press('ArrowUp', 'ArrowUp');
  await isChosen('job1');
});

inBrowser('Home, End and the page keys move the choice to the ends and by ten rows', async () => {
  await page.load(many(25));
  await focus();
  await page.press('PageDown');
  await isChosen('job11');
  await page.press('PageDown', 'PageDown');
  await isChosen('job25');
  await page.press('PageUp');
  await isChosen('job15');
  await page.press('PageUp', 'PageUp');
  await isChosen('job1');
  await page.press('PageDown', 'Home');
  await isChosen('job1');
  await page.press('End');
  await isChosen('job25');
});

inBrowser('a row that keys choose is brought into sight, at either edge', async () => {
  await page.load(many(100));
  await focus();
  const isInSight = `(() => {
    const list = document.querySelector('.rows').getBoundingClientRect();
    const row = document.querySelector('[aria-current="true"]')?.getBoundingClientRect();
    return row !== undefined && row.top >= list.top - 1 && row.bottom <= list.bottom + 1; })()`;
  for (const [keys, name] of [
    [['End'], 'job100'],
    [['PageUp', 'PageUp', 'PageUp', 'PageUp'], 'job60'],
    [['PageDown', 'PageDown', 'ArrowDown'], 'job81'],
    [['Home'], 'job1'],
  ] as const) {
    await page.press(...keys);
    await isChosen(name);
    await page.holds(isInSight);
  }
});

inBrowser.each(['Enter', 'ArrowRight', 'ArrowLeft'])(
  '%s opens the copies of a job and folds them',
  async (key) => {
    await page.load([...copies(2), webJob('db')]);
    await focus();
    await page.press(key);
    await page.shows('.row .name', '▾ api ×2', 'api@1', 'api@2', 'db');
    await page.comesTo(`document.querySelector('[aria-expanded]').getAttribute('aria-expanded')`, 'true');
    await page.press(key);
    await page.shows('.row .name', '▸ api ×2', 'db');
    await page.comesTo(`document.querySelector('[aria-expanded]').getAttribute('aria-expanded')`, 'false');
  },
);

inBrowser('only a row of copies says whether it is open', async () => {
  await page.load([...copies(2), webJob('db')]);
  await page.click('▸ api');
  await page.shows('[aria-expanded] .name', '▾ api ×2');
});

inBrowser('a click on a row chooses it, and opens or folds copies', async () => {
  await page.load([...copies(2), webJob('db'), webJob('web')]);
  await page.click('web');
  await isChosen('web');
  await page.click('▸ api');
  await page.shows('.row .name', '▾ api ×2', 'api@1', 'api@2', 'db', 'web');
  await page.shows('[aria-current="true"] .name', '▾ api ×2');
  await page.click('▾ api');
  await page.shows('.row .name', '▸ api ×2', 'db', 'web');
});

inBrowser('copies of two jobs are opened each by itself', async () => {
  const others = copies(2).map((job) => ({ ...job, name: job.name.replace('api', 'db'), job: 'db' }));
  await page.load([...copies(2), ...others]);
  await page.click('▸ db');
  await page.shows('.row .name', '▸ api ×2', '▾ db ×2', 'db@1', 'db@2');
  await page.click('▸ api');
  await page.shows('.row .name', '▾ api ×2', 'api@1', 'api@2', '▾ db ×2', 'db@1', 'db@2');
});

inBrowser('a taller window has more rows, and only those near its edges are in the document', async () => {
  await page.load(many(200));
  const countIs = (test: string): Promise<void> =>
    page.holds(`((count) => ${test})(document.querySelectorAll('.row').length)`);
  await countIs('count > 20 && count < 60');
  await page.resize(1_400, 3_000);
  await countIs('count > 65 && count < 100');
  await page.resize(1_400, 900);
  await countIs('count < 60');
});
