import { inBrowser, WebPage } from '../../../../support/web-page.ts';
import { webJob } from '../../top/web-jobs.ts';

let page: WebPage;
beforeAll(async () => {
  page = await WebPage.open();
});
afterAll(() => page.close());

const LINE = 'nav .line';
const NAMES = '.row .name';
const FOUR = [
  webJob('api', { tags: ['shop', 'back'] }),
  webJob('cache', { tags: ['back'] }),
  webJob('mail', { state: 'failed', tags: ['back'] }),
  webJob('web'),
];
const FOCUSED = `document.activeElement?.getAttribute('aria-label') ?? ''`;
const pressedChips = `[...document.querySelectorAll('[aria-pressed="true"]')].map((each) => each.innerText)`;

inBrowser('until the first message the page says that it is connecting, and nothing of jobs', async () => {
  await page.load(null);
  await page.shows(LINE, 'connecting …');
  expect(await page.texts('main')).toEqual(['']);
});

inBrowser('the first line counts the jobs as they come and go', async () => {
  await page.load([webJob('web')]);
  await page.shows(LINE, '1 job');
  await page.changed([webJob('api')]);
  await page.shows(LINE, '2 jobs');
  await page.changed([], ['web', 'api']);
  await page.shows(LINE, '0 jobs');
  await page.shows('main .nothing', 'There are no jobs. Describe one in the config, and run the trigger.');
});

inBrowser(
  'a lost daemon is said with its reason, on the page and in the tab, until one answers',
  async () => {
    await page.load([webJob('web')]);
    await page.send('jobs', { kind: 'lost', why: 'the daemon has ended' });
    await page.shows(LINE, 'No daemon answers: the daemon has ended');
    await page.shows('.page.is-lost h1', 'overseer');
    await page.comesTo('document.title', 'no daemon · overseer');
    await page.shows(NAMES, 'web');
    await page.send('jobs', { kind: 'all', version: '0.1.0', jobs: [webJob('web'), webJob('new')] });
    await page.shows(LINE, '2 jobs');
    await page.shows('.is-lost h1');
    await page.comesTo('document.title', 'overseer');
  },
);

inBrowser('when the command that serves the page ends, the page says so', async () => {
  await page.load([webJob('web')]);
  page.first('jobs', { kind: 'changed', jobs: [], removed: [] });
  await page.end('jobs');
  await page.shows(
    LINE,
    'No daemon answers: The command `overseer web` has ended. Run it again for a new address.',
  );
});

inBrowser('the tab counts the jobs that have failed as they change', async () => {
  await page.load([webJob('web'), webJob('mail', { state: 'failed' })]);
  await page.comesTo('document.title', '1 failed · overseer');
  await page.changed([webJob('web', { state: 'backoff' })]);
  await page.comesTo('document.title', '2 failed · overseer');
});

inBrowser('there is a chip for each state, trouble first, and one for each tag, by name', async () => {
  await page.load(FOUR);
  await page.shows('.chips button', '1 failed', '3 running', '#back', '#shop');
});

inBrowser(
  'chips of a state and of a tag narrow the list together, and a second click widens it',
  async () => {
    await page.load(FOUR);
    await page.click('3 running');
    await page.shows(NAMES, 'api', 'cache', 'web');
    await page.click('#back');
    await page.shows(NAMES, 'api', 'cache');
    await page.comesTo(pressedChips, ['3 running', '#back']);
    await page.click('3 running');
    await page.shows(NAMES, 'mail', 'api', 'cache');
    await page.click('#shop');
    await page.shows(NAMES, 'api');
    await page.click('#shop');
    await page.shows(NAMES, 'mail', 'api', 'cache', 'web');
    await page.comesTo(pressedChips, []);
  },
);

inBrowser('the search narrows what the chips leave, and Escape in it shows all jobs again', async () => {
  await page.load(FOUR);
  await page.click('#back');
  await page.type('Search jobs', 'A');
  await page.shows(NAMES, 'mail', 'api', 'cache');
  await page.type('Search jobs', 'CA');
  await page.shows(NAMES, 'cache');
  await page.type('Search jobs', 'nothing');
  await page.shows(NAMES);
  await page.shows('main .nothing', 'No job matches. Esc in the search shows all of them.');
  await page.press('Escape');
  await page.shows(NAMES, 'mail', 'api', 'cache', 'web');
  await page.comesTo(`document.querySelector('[aria-label="Search jobs"]').value`, '');
  await page.comesTo(FOCUSED, '');
});

inBrowser('the key / goes to the search, and is a letter in any field', async () => {
  await page.load(FOUR);
  await page.press('/');
  await page.comesTo(FOCUSED, 'Search jobs');
  await page.press('/');
  await page.comesTo(`document.querySelector('[aria-label="Search jobs"]').value`, '/');
  await page.press('Escape');
  await page.evaluate(`document.querySelector('[aria-label="Search the log"]').focus()`);
  await page.press('/');
  await page.comesTo(`document.querySelector('[aria-label="Search the log"]').value`, '/');
  await page.comesTo(FOCUSED, 'Search the log');
});

inBrowser('Escape in the search of the log leaves the list as it is', async () => {
  await page.load(FOUR);
  await page.click('#shop');
  await page.type('Search the log', 'x');
  await page.press('Escape');
  await page.comesTo(pressedChips, ['#shop']);
});

inBrowser('a chosen job stays chosen while it changes, and comes back when the filter lets it', async () => {
  await page.load(FOUR);
  await page.shows('main h2', 'mail');
  await page.click('web');
  await page.shows('main h2', 'web');
  await page.changed([
    webJob('web', { state: 'stopping' }),
    webJob('api', { state: 'failed', tags: ['shop'] }),
  ]);
  await page.shows(NAMES, 'api', 'mail', 'web', 'cache');
  await page.shows('main h2', 'web');
  await page.click('#shop');
  await page.shows('main h2', 'api');
  await page.click('#shop');
  await page.shows('main h2', 'web');
  await page.changed([], ['web']);
  await page.shows('main h2', 'api');
});

inBrowser('an action is sent for the job in view, and its report shown until it is closed', async () => {
  await page.load([webJob('web')]);
  let done = (_: { readonly value: unknown }): void => undefined;
  page.answers('act', new Promise((resolve) => (done = resolve)));
  await page.click('Stop');
  await page.shows('.said:not(.bad) pre', 'stop …');
  await page.isAsked('POST act application/json {"action":"stop","jobs":["web"]}');
  done({ value: { ok: false, lines: 'web would not stop' } });
  await page.shows('.said.bad pre', 'web would not stop');
  page.answers('act', { value: { ok: true, lines: '1 started' } });
  await page.click('Start');
  await page.shows('.said:not(.bad) pre', '1 started');
  await page.isAsked('POST act application/json {"action":"start","jobs":["web"]}');
  page.answers('act', { value: { ok: true, lines: '1 restarted' } });
  await page.click('Restart');
  await page.isAsked('POST act application/json {"action":"restart","jobs":["web"]}');
  await page.shows('.said pre', '1 restarted');
  await page.click('Close the message');
  await page.shows('.said');
});

inBrowser('an action that the server refuses, or that gets no answer, is told as failed', async () => {
  await page.load([webJob('web')]);
  page.answers('act', { code: 403, value: null });
  await page.click('Stop');
  await page.shows('.said.bad pre', 'refused (403)');
  page.answers('act', { code: 200, value: undefined });
  await page.click('Start');
  await page.waits(async () => (await page.texts('.said.bad pre'))[0]?.includes('JSON') ?? false, 'an error');
});

inBrowser('a page that may only look has no button that changes anything', async () => {
  await page.load(FOUR, { readOnly: true });
  await page.shows('main h2', 'mail');
  expect(await page.texts('button:not(.row):not(.chips button)')).toEqual([]);
  await page.load(FOUR);
  await page.shows('button:not(.row):not(.chips button)', 'Plan and apply …', 'Start', 'Restart', 'Stop');
});
