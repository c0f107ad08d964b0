import type { EarlierChange } from '../../../../../src/cli/inspect/inspected-charts.ts';
import { inBrowser, ViewerPage } from '../../../../support/viewer-page.ts';
import { daemon, earlier, job, stopped, timeAt } from './shown-steps.ts';

let page: ViewerPage;
beforeAll(async () => {
  page = await ViewerPage.open();
});
afterAll(() => page.close());

const DAY = 24 * 60 * 60 * 1_000;
/** The parts of each earlier change: time, event, states left and entered, detail. */
const EARLIER = `[...document.querySelectorAll('#earlier li')].map((row) => [...row.children].map((each) => each.textContent))`;
const isBeforeHidden = `document.getElementById('before').hidden`;
const asked = (path: string): number => page.asked.filter((request) => request === `GET ${path}`).length;

/** A page that shows the daemon; the job comes when its history is known. */
async function remembering(...changes: readonly EarlierChange[]): Promise<void> {
  await page.load([daemon()]);
  page.remembers('web', changes);
  await page.take(job('web', { state: 'stopped', child: { AtRest: 'Down' } }));
}

inBrowser('what the daemon remembers of a job stands below its events, the newest first', async () => {
  await remembering(
    earlier('Start', -2_000, { from: 'child.Gone', to: 'child.Up.Starting', detail: 'pid 42' }),
    earlier('Stop', -1_000),
  );
  await page.comesTo(EARLIER, [
    ['11:59:59', 'Stop', 'Up.Running', 'AtRest.Down'],
    ['11:59:58', 'Start', 'Gone', 'Up.Starting', 'pid 42'],
  ]);
  await page.comesTo(isBeforeHidden, false);
});

inBrowser('a change of another day has its date in place of the time, and both in its title', async () => {
  await remembering(earlier('Stop', -DAY));
  await page.comesTo(EARLIER, [['2026-02-28', 'Stop', 'Up.Running', 'AtRest.Down']]);
  const whole = new Date(timeAt(-DAY)).toISOString();
  await page.comesTo(
    `document.querySelector('#earlier li').title === new Date('${whole}').toLocaleString()`,
    true,
  );
});

inBrowser(
  'after midnight a change of the day before gets its date, though nothing else happens',
  async () => {
    await remembering(earlier('Start', -1_000), earlier('Stop', 12 * 60 * 60 * 1_000));
    await page.comesTo(EARLIER, [
      ['2026-03-02', 'Stop', 'Up.Running', 'AtRest.Down'],
      ['11:59:59', 'Start', 'Up.Running', 'AtRest.Down'],
    ]);
    await page.pass(DAY / 2);
    await page.comesTo(EARLIER, [
      ['00:00:00', 'Stop', 'Up.Running', 'AtRest.Down'],
      ['2026-03-01', 'Start', 'Up.Running', 'AtRest.Down'],
    ]);
  },
);

inBrowser('a change that entered no other state has no arrow', async () => {
  await remembering(earlier('Apply', -1_000, { to: 'child.Up.Running want.Yes', detail: 'new config' }));
  await page.comesTo(EARLIER, [['11:59:59', 'Apply', 'new config']]);
});

inBrowser('a job is asked about once, when it is first looked at, and the daemon never', async () => {
  await page.load([daemon()]);
  // The answer does not come, and meanwhile the browser would keep a second request of the same address.
  page.answers('history/api', new Promise(() => undefined));
  await page.evaluate(`(() => { window.fetches = 0; const { fetch } = window;
    window.fetch = (path) => { window.fetches += 1; return fetch(path); }; })()`);
  await page.take(job('api'), job('web@1'));
  await page.isAsked('GET history/api');
  expect(asked('history/web%401')).toBe(0);
  await page.click('web@1');
  await page.isAsked('GET history/web%401');
  await page.click('api');
  await page.take(stopped('api'));
  await page.shows('#events b', 'Stop');
  await page.click('overseerd');
  await page.isChosen('overseerd');
  await page.draws();
  expect(page.asked).toEqual(['GET events', 'GET history/api', 'GET history/web%401']);
  expect(await page.evaluate('window.fetches')).toBe(2);
});

inBrowser('a job that nothing is remembered of has no heading for it', async () => {
  await remembering();
  await page.isAsked('GET history/web');
  await page.draws();
  await page.comesTo(isBeforeHidden, true);
  await page.load([daemon(), job('api')]);
  await page.isAsked('GET history/api');
  await page.draws();
  await page.comesTo(isBeforeHidden, true);
});

inBrowser('the next job has its own past, and the first has its again', async () => {
  await page.load([daemon(), job('api')]);
  page.remembers('web', [earlier('Stop', -1_000)]);
  await page.take(job('web'));
  await page.click('web');
  await page.shows('#earlier b', 'Stop');
  await page.click('api');
  await page.shows('#earlier b');
  await page.comesTo(isBeforeHidden, true);
  await page.click('web');
  await page.shows('#earlier b', 'Stop');
});

inBrowser('a change that the page has seen is left out, though the daemon noted it earlier', async () => {
  await page.load([daemon()]);
  let answer = (_: { readonly value: unknown }): void => undefined;
  page.answers('history/web', new Promise((resolve) => (answer = resolve)));
  await page.take(job('web'), stopped('web', { at: 1_000 }));
  await page.shows('#events b', 'Stop');
  answer({
    value: [
      earlier('Stop', 950),
      earlier('Stop', 951),
      earlier('Stop', 1_049),
      earlier('Stop', 1_050),
      earlier('Start', 1_000),
    ],
  });
  await page.shows('#earlier b', 'Start', 'Stop', 'Stop');
});

inBrowser('a change that arrives after the answer is listed once, among the events', async () => {
  await remembering(earlier('Start', -2_000), earlier('Stop', 1_000));
  await page.shows('#earlier b', 'Stop', 'Start');
  await page.take(stopped('web', { at: 1_010 }));
  await page.shows('#events b', 'Stop');
  await page.shows('#earlier b', 'Start');
});

inBrowser('with a new connection the page asks again, for what it has missed', async () => {
  await page.load([daemon()]);
  page.remembers('web', [earlier('Start', -1_000)]);
  await page.take(job('web'), stopped('web', { at: 1_000 }));
  await page.shows('#earlier b', 'Start');
  page.remembers('web', [earlier('Start', -1_000), earlier('Stop', 1_000), earlier('Start', 2_000)]);
  await page.reconnects(daemon(), job('web'));
  await page.shows('#earlier b', 'Start', 'Start');
  await page.shows('#events b', 'Stop');
});
