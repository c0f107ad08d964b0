import { inBrowser, ViewerPage } from '../../../../support/viewer-page.ts';
import { daemon, DOWN, earlier, job, stopped } from './shown-steps.ts';

let page: ViewerPage;
beforeAll(async () => {
  page = await ViewerPage.open();
});
afterAll(() => page.close());

const EVENTS = '#events b';
const FACTS = '#facts';
/** The parts of each event: time, event, states left and entered. */
const PARTS = `[...document.querySelectorAll('#events li')].map((row) => [...row.children].map((each) => each.textContent))`;
const isQuietHidden = `document.getElementById('quiet').hidden`;
const BACKOFF = { state: 'backoff', child: { AtRest: 'Backoff' }, context: { backoffMs: 5_000 } } as const;

inBrowser('an event has its time to the millisecond and the states left and entered', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(stopped('web', { at: 65_007 }));
  await page.comesTo(PARTS, [['12:01:05.007', 'Stop', 'Up.Running', 'AtRest.Down']]);
});

inBrowser('an event that entered no state has no arrow', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(job('web', { event: 'Apply' }));
  await page.comesTo(PARTS, [['12:00:00.000', 'Apply']]);
});

inBrowser('an event names the innermost states of each region that changed', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(stopped('web', { test: 'Testing' }));
  await page.comesTo(PARTS, [
    ['12:00:00.000', 'Stop', 'test.Idle.Quiet Up.Running', 'test.Testing AtRest.Down'],
  ]);
});

inBrowser('the end of a delay is shown as `after` with its name', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(
    job('web', { event: 'xstate.after.backoff.job.child.AtRest.Backoff' }),
    job('web', { event: 'xstate.afterwards.x' }),
  );
  await page.shows(EVENTS, 'xstate.afterwards.x', 'after backoff');
});

inBrowser('the newest event comes first, and a row that is there stays the same one', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(job('web', { event: 'first' }));
  await page.shows(EVENTS, 'first');
  await page.evaluate(`void (window.first = document.querySelector('#events li'))`);
  await page.take(job('web', { event: 'second' }), job('web', { event: 'third' }));
  await page.shows(EVENTS, 'third', 'second', 'first');
  await page.comesTo(`document.querySelectorAll('#events li')[2] === window.first`, true);
});

inBrowser('only the last hundred events are kept', async () => {
  await page.load([daemon(), job('web')]);
  const numbered = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => job('web', { event: `event ${from + at}` }));
  await page.take(...numbered(1, 99));
  await page.comesTo(`document.querySelectorAll('${EVENTS}').length`, 99);
  await page.take(...numbered(100, 103));
  await page.comesTo(
    `[...document.querySelectorAll('${EVENTS}')].map((each) => each.textContent)`,
    numbered(4, 103)
      .map(({ event }) => event?.type)
      .toReversed(),
  );
});

inBrowser('each chart has its own events, also while another one is looked at', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.take(job('api', { event: 'of api' }), job('web', { event: 'of web' }), daemon('1', 'of it'));
  await page.shows(EVENTS, 'of api');
  await page.click('web');
  await page.shows(EVENTS, 'of web');
  await page.click('overseerd');
  await page.shows(EVENTS, 'of it');
  await page.click('api');
  await page.shows(EVENTS, 'of api');
});

inBrowser('a chart without events says so, until the first one comes', async () => {
  await page.load([daemon(), job('web')]);
  await page.shows('#quiet', 'None since this page was opened.');
  await page.comesTo(isQuietHidden, false);
  await page.take(job('web', { event: 'Apply' }));
  await page.comesTo(isQuietHidden, true);
});

inBrowser.each([
  ['the pid of a running child', {}, 'pid 42'],
  ['one restart', { restarts: 1, child: null }, '1 restart'],
  [
    'the last exit code',
    { restarts: 2, lastExit: { code: 3, signal: null } },
    'pid 42 · 2 restarts · last exited with 3',
  ],
  ['the last signal', { lastExit: { code: null, signal: 'SIGKILL' } }, 'pid 42 · last ended by SIGKILL'],
  [
    'an exit that nobody saw',
    { lastExit: { code: null, signal: null } },
    'pid 42 · last exited with a code that nobody saw',
  ],
  ['why it could not start', { child: null, startError: 'no such program' }, 'no such program'],
])('the facts of a job have %s', async (_, context, facts) => {
  await page.load([daemon(), job('web', { context: { child: { pid: 42 }, ...context } })]);
  await page.shows(FACTS, facts);
});

inBrowser('a job that has crashed has no pid, and the daemon has no facts', async () => {
  await page.load([daemon(), job('web', { state: 'failed', context: { child: { pid: 42 }, restarts: 1 } })]);
  await page.shows(FACTS, '1 restart');
  await page.click('overseerd');
  await page.shows(FACTS, '');
});

inBrowser('the time to the next start counts down to zero, and goes when the job starts', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(job('web', { event: 'ChildExited', ...BACKOFF }));
  await page.shows(FACTS, 'next start in 5.0 s');
  await page.pass(1_200);
  await page.shows(FACTS, 'next start in 3.8 s');
  await page.pass(10_000);
  await page.shows(FACTS, 'next start in 0.0 s');
  await page.take(job('web', { event: 'Start', context: { backoffMs: 5_000, restarts: 1 } }));
  await page.shows(FACTS, '1 restart');
});

inBrowser('a late page counts from the last change of the child that the daemon remembers', async () => {
  await page.load([daemon()]);
  const [state, to] = ['backoff', 'child.AtRest.Backoff want.Yes test.Testing'] as const;
  page.remembers('web', [
    earlier('ChildExited', -2_000, { state, to: 'child.AtRest.Backoff want.Yes test.Idle.Quiet' }),
    earlier('Test', -1_000, { state, from: 'child.AtRest.Backoff want.Yes test.Idle.Quiet', to }),
  ]);
  await page.take(job('web', BACKOFF));
  await page.shows(FACTS, 'next start in 3.0 s');
});

inBrowser('a late page does not count from a change into another state', async () => {
  await page.load([daemon()]);
  page.remembers('web', [earlier('Stop', -2_000)]);
  await page.take(job('web', BACKOFF));
  await page.shows('#earlier b', 'Stop');
  await page.shows(FACTS, '');
});

inBrowser('a test of a job in backoff does not move its next start', async () => {
  await page.load([daemon(), job('web')]);
  await page.take(job('web', { event: 'ChildExited', ...BACKOFF }));
  await page.shows(FACTS, 'next start in 5.0 s');
  await page.take(job('web', { event: 'Test', at: 2_000, test: 'Testing', ...BACKOFF }));
  await page.shows(EVENTS, 'Test', 'ChildExited');
  await page.shows(FACTS, 'next start in 5.0 s');
});

inBrowser('the context of the chosen chart stands beside it', async () => {
  await page.load([daemon(), job('web', { child: DOWN, context: { restarts: 7 } })]);
  await page.isChosen('web');
  await page.comesTo(`JSON.parse(document.getElementById('context').textContent).restarts`, 7);
});
