import { inBrowser, ViewerPage } from '../../../../support/viewer-page.ts';
import { daemon, job, removed, stopped } from './shown-steps.ts';

let page: ViewerPage;
beforeAll(async () => {
  page = await ViewerPage.open();
});
afterAll(() => page.close());

const LINE = '#line';
const NAMES = '#charts b';
const EVENTS = '#events b';
const lineIs = (line: string): Promise<void> => page.comesTo(`document.body.dataset.line`, line);

inBrowser('the first job is chosen rather than the daemon, and no later job takes its place', async () => {
  await page.load([daemon()]);
  await page.isChosen('overseerd');
  await page.take(job('web'));
  await page.isChosen('web');
  await page.take(job('api'));
  await page.shows(NAMES, 'overseerd', 'api', 'web');
  await page.isChosen('web');
});

inBrowser('a job that comes before the daemon stays chosen', async () => {
  await page.load([job('web'), daemon()]);
  await page.isChosen('web');
});

inBrowser('the chart that the address names is chosen as soon as it appears', async () => {
  await page.load([daemon(), job('api')], 'job%3Aweb%401');
  await page.isChosen('overseerd');
  await page.take(job('web@1'));
  await page.isChosen('web@1');
});

inBrowser('an address that is changed while the page is open chooses the chart that it names', async () => {
  await page.load([daemon(), job('api'), job('web@1')]);
  await page.isChosen('api');
  for (const named of ['job%3Aweb%401', 'daemon:1', 'job:web@1']) {
    await page.evaluate(`void (location.hash = '${named}')`);
    await page.isChosen(named.startsWith('daemon') ? 'overseerd' : 'web@1');
  }
  await page.evaluate(`void (location.hash = 'job:later')`);
  await page.draws();
  await page.isChosen('web@1');
  await page.take(job('later'));
  await page.isChosen('later');
});

inBrowser.each(['%', 'job%3'])(
  'an address that ends in %j names no chart, and the page goes on',
  async (named) => {
    await page.load([daemon(), job('api')], named);
    await page.isChosen('overseerd');
  },
);

inBrowser('the daemon stays chosen where the address names it, whatever job comes', async () => {
  await page.load([daemon(), job('api')], 'daemon%3A1');
  await page.isChosen('overseerd');
});

inBrowser('a chart that was clicked is named in the address', async () => {
  await page.load([daemon(), job('api'), job('web@1')]);
  await page.isChosen('api');
  await page.click('web@1');
  await page.isChosen('web@1');
  await page.comesTo('location.hash', '#job%3Aweb%401');
});

inBrowser('the next daemon takes the place of the one that was chosen, before any job', async () => {
  await page.load([daemon('1'), job('web')]);
  await page.click('overseerd');
  await page.tell('lost', { why: 'gone' });
  await page.tell('found');
  await page.take(daemon('2'), job('web'));
  await page.shows(NAMES, 'overseerd', 'web');
  await page.isChosen('overseerd');
  await page.comesTo(`document.querySelector('[aria-current]').dataset.chart`, 'daemon:2');
});

inBrowser('a job stays chosen with the next daemon, whatever comes before it', async () => {
  await page.load([daemon('1'), job('api'), job('web')]);
  await page.click('web');
  await page.tell('found');
  await page.take(daemon('2'), job('api'), job('web'));
  await page.shows(NAMES, 'overseerd', 'api', 'web');
  await page.isChosen('web');
});

inBrowser('a chosen job that the next daemon does not have says removed', async () => {
  await page.load([daemon('1'), job('web', { context: { restarts: 2 } })]);
  await page.shows('#facts', '2 restarts');
  await page.tell('found');
  await page.take(daemon('2'), job('api'));
  await page.shows(NAMES, 'overseerd', 'api');
  await page.shows('#name', 'web');
  await page.shows('#state span', 'removed');
  await page.shows('#facts', '');
  await page.comesTo('document.body.dataset.tone', 'idle');
  await page.comesTo('document.title', 'web removed · overseer');
});

inBrowser('the first line says that the daemon is lost and why, until the next one is found', async () => {
  await page.load([daemon('1')]);
  await lineIs('live');
  await page.tell('lost', { why: 'The daemon has ended.' });
  await page.shows(LINE, 'The daemon has ended.');
  await lineIs('lost');
  await page.shows(NAMES, 'overseerd');
  await page.tell('found');
  await page.shows(LINE, 'live');
  await lineIs('live');
});

inBrowser('when the inspection ends the page says why, and opens no other connection', async () => {
  await page.load([daemon('1')]);
  await page.tell('ended', { why: 'Nobody inspects any more.' });
  await page.shows(LINE, 'Nobody inspects any more.');
  await lineIs('ended');
  await page.waits(() => Promise.resolve(!page.isOpen('events')), 'the end of the stream');
  await page.draws();
  await page.shows(LINE, 'Nobody inspects any more.');
  expect(page.asked.filter((request) => request === 'GET events')).toHaveLength(1);
});

inBrowser('the first line says that the connection is lost, until there is another', async () => {
  await page.load([daemon('1')]);
  await page.evaluate(`window.lines = [];
    new MutationObserver(() => lines.push([document.getElementById('line').textContent, document.body.dataset.line]))
      .observe(document.body, { attributeFilter: ['data-line'] })`);
  await page.reconnects(daemon('1'));
  await page.comesTo('window.lines', [
    ['The connection is lost; trying again …', 'lost'],
    ['live', 'live'],
  ]);
});

inBrowser('a chart that is gone leaves the list with a new connection', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.reconnects(daemon(), job('web', { state: 'failed' }));
  await page.shows(NAMES, 'overseerd', 'web');
  await page.shows('#charts small', 'Serving', 'failed');
});

inBrowser('the charts stay in the list while a new connection finds no daemon', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.reconnects();
  await page.tell('lost', { why: 'No daemon runs.' });
  await page.shows(LINE, 'No daemon runs.');
  await page.click('web');
  await page.shows(NAMES, 'overseerd', 'api', 'web');
  await page.isChosen('web');
  await page.tell('found');
  await page.take(daemon('2'), job('web'));
  await page.shows(NAMES, 'overseerd', 'web');
  await page.isChosen('web');
});

inBrowser.each(['connection', 'daemon'])('the events of a job stay with a new %s', async (next) => {
  await page.load([daemon(), job('web')]);
  await page.take(stopped('web'));
  await page.shows(EVENTS, 'Stop');
  if (next === 'connection') await page.reconnects(daemon(), job('web'), job('new'));
  else {
    await page.tell('found');
    await page.take(daemon('2'), job('web'), job('new'));
  }
  await page.shows(NAMES, 'overseerd', 'new', 'web');
  await page.shows(EVENTS, 'Stop');
  await page.take(job('web', { event: 'Start' }));
  await page.shows(EVENTS, 'Start', 'Stop');
});

inBrowser('events of a job that the next daemon does not have are forgotten after a while', async () => {
  await page.load([daemon(), job('mail'), job('web')]);
  await page.take(stopped('mail'), stopped('web'));
  await page.tell('found');
  await page.take(daemon('2'), job('mail'));
  await page.shows(NAMES, 'overseerd', 'mail');
  await page.pass(30_000);
  await page.take(job('web'));
  await page.click('web');
  await page.isChosen('web');
  await page.shows(EVENTS);
  await page.click('mail');
  await page.shows(EVENTS, 'Stop');
});

inBrowser('a removed job leaves the list after thirty seconds, and no other one does', async () => {
  await page.load([daemon(), job('api'), job('mail'), job('web')]);
  await page.take(stopped('mail'), removed('web'));
  await page.shows('#charts small', 'Serving', 'running', 'stopped', 'removed');
  await page.pass(29_999);
  await page.shows(NAMES, 'overseerd', 'api', 'mail', 'web');
  await page.pass(1);
  await page.shows(NAMES, 'overseerd', 'api', 'mail');
});

inBrowser('a removed job that is looked at stays', async () => {
  await page.load([daemon(), job('web')]);
  await page.isChosen('web');
  await page.take(removed('web'));
  await page.shows('#state span', 'removed');
  await page.pass(30_000);
  await page.isChosen('web');
});

inBrowser(
  'a removed job that was looked at leaves the list some time after one looks elsewhere',
  async () => {
    await page.load([daemon(), job('web')]);
    await page.take(removed('web'));
    await page.shows('#state span', 'removed');
    await page.pass(45_000);
    await page.click('overseerd');
    await page.isChosen('overseerd');
    await page.shows(NAMES, 'overseerd', 'web');
    await page.pass(30_000);
    await page.shows(NAMES, 'overseerd');
  },
);

inBrowser('a removed job that was added anew meanwhile stays', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.take(removed('web'), job('web'));
  await page.shows('#charts small', 'Serving', 'running', 'running');
  await page.pass(30_000);
  await page.shows(NAMES, 'overseerd', 'api', 'web');
});

inBrowser('a step of a chart that the page does not know is left out', async () => {
  await page.load([daemon()]);
  await page.take(stopped('web'), job('api'));
  await page.shows(NAMES, 'overseerd', 'api');
});
