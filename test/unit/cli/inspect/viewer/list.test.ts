import type { ShownStep } from '../../../../../src/cli/inspect/inspected-charts.ts';
import { inBrowser, ViewerPage } from '../../../../support/viewer-page.ts';
import { daemon, DOWN, job, removed, stopped } from './shown-steps.ts';

let page: ViewerPage;
beforeAll(async () => {
  page = await ViewerPage.open();
});
afterAll(() => page.close());

const FIELD = 'Show only jobs with these words in their name or state';
const NAMES = '#charts li:not([hidden]) b';
const NONE = '#none:not([hidden])';
const NO_JOBS = 'No jobs. Name some in the config and run overseer; they appear here.';
const COUNTS = `document.getElementById('counts').textContent.replaceAll('\\u00a0', ' ')`;
const FOCUSED = `document.activeElement?.dataset?.chart ?? document.activeElement?.id ?? ''`;
const TYPED = `document.getElementById('search').value`;
const isSearchHidden = (isHidden: boolean): Promise<void> =>
  page.comesTo(`document.getElementById('search').hidden`, isHidden);

/** The daemon, and this many jobs from job1 on. */
const many = (count: number): readonly ShownStep[] => [
  daemon(),
  ...Array.from({ length: count }, (_, at) => job(`job${at + 1}`)),
];
const NINE = Array.from({ length: 9 }, (_, at) => `job${at + 1}`);

inBrowser('the daemon stands first and the jobs below it by name, however they come', async () => {
  await page.load([job('web'), job('api')]);
  await page.take(daemon(), job('mail'), job('a'));
  await page.shows(NAMES, 'overseerd', 'a', 'api', 'mail', 'web');
});

inBrowser('a row has the state in words and its colour, and keeps the focus while they change', async () => {
  await page.load([daemon(), job('web')]);
  await page.shows('#charts small', 'Serving', 'running');
  await page.evaluate(`document.querySelector('[data-chart="job:web"]').focus()`);
  await page.take(stopped('web', { state: 'failed' }));
  await page.shows('#charts small', 'Serving', 'failed');
  await page.comesTo(FOCUSED, 'job:web');
  await page.comesTo(`document.activeElement.dataset.tone`, 'bad');
});

inBrowser('a removed job says so, in the colour of what is at rest', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(removed('web', { state: 'failed' }));
  await page.shows('#charts small', 'Serving', 'removed');
  await page.comesTo(`document.querySelector('[data-chart="job:web"]').dataset.tone`, 'idle');
});

inBrowser('the jobs are counted by state, trouble first, without the removed ones', async () => {
  await page.load([daemon(), job('api'), job('mail', { state: 'failed' }), job('web')]);
  await page.comesTo(COUNTS, '3 jobs: 1 failed, 2 running');
  await page.take(removed('web'));
  await page.comesTo(COUNTS, '2 jobs: 1 failed, 1 running');
  await page.take(removed('mail'));
  await page.comesTo(COUNTS, '1 job: 1 running');
  await page.take(removed('api'));
  await page.comesTo(COUNTS, '');
});

inBrowser('there is a search field only where there are more than eight jobs', async () => {
  await page.load(many(8));
  await isSearchHidden(true);
  await page.take(job('job9'));
  await isSearchHidden(false);
  await page.reconnects(...many(8));
  await isSearchHidden(true);
});

inBrowser('the search finds each of its words in the name or the state, in any case', async () => {
  await page.load([...many(9), job('Mail', { state: 'failed' })]);
  await page.type(FIELD, 'MAIL');
  await page.shows(NAMES, 'Mail');
  await page.type(FIELD, 'RUN job1');
  await page.shows(NAMES, 'job1');
  await page.type(FIELD, 'failed job');
  await page.shows(NAMES);
  await page.type(FIELD, 'failed');
  await page.shows(NAMES, 'Mail');
  await page.take(stopped('job2', { state: 'failed' }));
  await page.shows(NAMES, 'Mail', 'job2');
});

inBrowser('a search that finds nothing says so, until it finds something', async () => {
  await page.load(many(9));
  await page.type(FIELD, 'nothing');
  await page.shows(NONE, 'No job has these words in its name or state.');
  await page.type(FIELD, 'job3');
  await page.shows(NONE);
});

inBrowser('without jobs the page says what to do, until the first one comes', async () => {
  await page.load([daemon()]);
  await page.shows(NONE, NO_JOBS);
  await page.take(job('web'));
  await page.shows(NONE);
});

inBrowser('before anything is known the page says neither that there are no jobs nor of one', async () => {
  await page.load([]);
  // A key that draws the page.
  await page.press('w');
  await page.shows(NONE);
  await page.shows('#state span', '');
});

inBrowser('a search that has no field any more hides no job', async () => {
  await page.load(many(9));
  await page.type(FIELD, 'job9');
  await page.shows(NAMES, 'job9');
  await page.take(removed('job9'));
  await page.pass(30_000);
  await isSearchHidden(true);
  await page.shows(NAMES, 'overseerd', ...NINE.slice(0, 8));
});

inBrowser('the arrow keys and j and k go from chart to chart, and stay at both ends', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.isChosen('api');
  for (const [key, name] of [
    ['ArrowDown', 'web'],
    ['ArrowDown', 'web'],
    ['ArrowUp', 'api'],
    ['k', 'overseerd'],
    ['k', 'overseerd'],
    ['j', 'api'],
  ] as const) {
    await page.press(key);
    await page.draws();
    await page.isChosen(name);
  }
  await page.comesTo(FOCUSED, 'job:api');
});

inBrowser('Home and End go to the first and the last chart', async () => {
  await page.load([daemon(), job('api'), job('mail'), job('web')]);
  await page.press('End');
  await page.isChosen('web');
  await page.press('Home');
  await page.isChosen('overseerd');
});

inBrowser('in the search the arrows choose among what was found, and the focus stays there', async () => {
  await page.load(many(9));
  await page.isChosen('job1');
  await page.press('/');
  await page.comesTo(FOCUSED, 'search');
  await page.press('b', '/', 'k', 'w', '0');
  await page.comesTo(TYPED, 'b/kw0');
  await page.isChosen('job1');
  await page.type(FIELD, 'job');
  await page.shows(NAMES, ...NINE);
  await page.press('Home');
  await page.press('ArrowDown');
  await page.isChosen('job2');
  await page.press('ArrowUp', 'ArrowUp');
  await page.isChosen('job1');
  await page.comesTo(FOCUSED, 'search');
});

inBrowser('a chosen chart that the search hides stays, and an arrow goes on from the first', async () => {
  await page.load(many(9));
  await page.type(FIELD, 'job3');
  await page.shows(NAMES, 'job3');
  await page.shows('#name', 'job1');
  await page.press('ArrowDown');
  await page.isChosen('job3');
});

inBrowser('Escape empties the search and leaves it', async () => {
  await page.load(many(9));
  await page.type(FIELD, 'job3');
  await page.shows(NAMES, 'job3');
  // Unlike a key that is pressed, this lets the browser empty nothing by itself.
  await page.evaluate(`void document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', { bubbles: true, key: 'Escape' }))`);
  await page.shows(NAMES, 'overseerd', ...NINE);
  await page.comesTo(TYPED, '');
  await page.comesTo(FOCUSED, '');
});

inBrowser('keys with Ctrl, and arrows in the picture or the events, choose nothing', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.isChosen('api');
  const down = (options: string): Promise<unknown> =>
    page.evaluate(`void (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ${options} }))`);
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) await down(`key: 'j', ${modifier}: true`);
  for (const place of ['picture', 'happened']) {
    await page.evaluate(`document.getElementById('${place}').focus()`);
    await page.press('ArrowDown', 'End');
  }
  await page.draws();
  await page.isChosen('api');
  await page.press('j');
  await page.isChosen('web');
});

inBrowser('only the chosen row can be reached with Tab, or the first where it is hidden', async () => {
  const STOPS = `[...document.querySelectorAll('#charts button')].filter((each) => each.tabIndex === 0).map((each) => each.dataset.chart)`;
  await page.load([...many(9), job('mail', { child: DOWN })]);
  await page.comesTo(STOPS, ['job:job1']);
  await page.type(FIELD, 'mail');
  await page.comesTo(STOPS, ['job:mail']);
});
