import type { WebJob } from '../../../../../src/cli/web/messages.ts';
import { inBrowser, WebPage } from '../../../../support/web-page.ts';
import { NOW, webJob } from '../../top/web-jobs.ts';

let page: WebPage;
beforeAll(async () => {
  page = await WebPage.open();
});
afterAll(() => page.close());

const before = (ms: number): string => new Date(NOW - ms).toISOString();
const why = (because: readonly string[], details = '') => ({ value: { because, details } });
const BECAUSE = '.because';
const FACTS = `[...document.querySelectorAll('dl > div')].map((each) => each.innerText.split('\\n').join(': '))`;
const whys = (): readonly string[] => page.asked.filter((each) => each.startsWith('GET why/'));

inBrowser('the facts of a job are those that are known of it', async () => {
  await page.load([webJob('web', { pid: null, startedAt: null, cpuPercent: null, memoryBytes: null })]);
  await page.comesTo(FACTS, ['restarts: 0']);
});

inBrowser('the facts of a job have their units, and the time since or until each', async () => {
  await page.load([
    webJob('web', {
      pid: 77,
      restarts: 2,
      cpuPercent: 12.34,
      memoryBytes: 3 * 1024 * 1024,
      nextStartAt: new Date(NOW + 90_000).toISOString(),
      lastExit: { code: null, signal: 'SIGKILL', at: before(5_000) },
      test: { verdict: 'unknown', exitCode: 255, at: before(3_600_000) },
      tags: ['shop', 'back'],
    }),
  ]);
  await page.comesTo(FACTS, [
    'pid: 77',
    'up: 1m 5s',
    'CPU: 12.3 %',
    'memory: 3.0M',
    'restarts: 2',
    'next start: in 1m 30s',
    'last exit: SIGKILL, 5s ago',
    'test: unknown, 1h ago',
    'tags: shop back',
  ]);
});

inBrowser('a job that has ended is up no longer, though it is known when it was started', async () => {
  await page.load([webJob('web', { state: 'finished', pid: null, startedAt: before(65_000) })]);
  await page.comesTo(FACTS, ['restarts: 0']);
});

inBrowser('the times on the page go on by themselves', async () => {
  await page.load([webJob('web', { cpuPercent: null, memoryBytes: null })]);
  await page.comesTo(FACTS, ['pid: 4242', 'up: 1m 5s', 'restarts: 0']);
  await page.evaluate('void (window.now += 10_000)');
  await page.comesTo(FACTS, ['pid: 4242', 'up: 1m 15s', 'restarts: 0']);
  await page.comesTo(`document.querySelector('.row .when').innerText`, '1m 15s');
  await page.evaluate('void (window.now += 10_000)');
  await page.comesTo(FACTS, ['pid: 4242', 'up: 1m 25s', 'restarts: 0']);
});

inBrowser('the head has the name, the state with its exit, and the description', async () => {
  const lastExit = { code: 3, signal: null, at: before(0) };
  await page.load([webJob('web', { state: 'failed', lastExit, description: 'the <b>site</b>' })]);
  await page.shows('main h2', 'web');
  await page.shows('article.bad [role="status"].state', 'failed (exit 3)');
  await page.shows('article > .soft', 'the <b>site</b>');
  await page.changed([webJob('web')]);
  await page.shows('article.up [role="status"].state', 'running');
  await page.shows('article > .soft');
});

inBrowser('the reason is text, but for the commands to type in it', async () => {
  await page.load([webJob('web')]);
  page.answers('why/web', why(['It is <i>held</i>.', 'Run `overseer start web` or `overseer`.']));
  await page.changed([webJob('web', { state: 'held' })]);
  await page.shows(BECAUSE, 'It is <i>held</i>. Run overseer start web or overseer.');
  await page.shows('.because code', 'overseer start web', 'overseer');
});

inBrowser.each<[string, Partial<WebJob>]>([
  ['state', { state: 'stopping' }],
  ['pid', { pid: 4243 }],
  ['restarts', { restarts: 1 }],
  ['last exit', { lastExit: { code: 0, signal: null, at: before(0) } }],
  ['test', { test: { verdict: 'fail', exitCode: 1, at: before(0) } }],
])('a new %s has the reason asked for anew', async (_, more) => {
  await page.load([webJob('web')]);
  await page.isAsked('GET why/web');
  page.answers('why/web', why(['Now it is so.']));
  await page.changed([webJob('web', more)]);
  await page.shows(BECAUSE, 'Now it is so.');
  expect(whys()).toEqual(['GET why/web', 'GET why/web']);
});

inBrowser('another use of the processor has no reason asked for', async () => {
  await page.load([webJob('web')]);
  await page.isAsked('GET why/web');
  await page.changed([webJob('web', { cpuPercent: 99 })]);
  await page.holds(`document.querySelector('dl').innerText.includes('99.0 %')`);
  expect(whys()).toEqual(['GET why/web']);
});

inBrowser('the reason of a job that is no longer in view is not shown for the next', async () => {
  await page.load([webJob('api@1'), webJob('web')]);
  await page.isAsked('GET why/api%401');
  let done = (_: { readonly value: unknown }): void => undefined;
  page.answers('why/web', new Promise((resolve) => (done = resolve)));
  page.answers('why/api%401', why(['The reason of api.']));
  await page.changed([webJob('api@1', { restarts: 1 })]);
  await page.shows(BECAUSE, 'The reason of api.');
  await page.click('web');
  await page.isAsked('GET why/web');
  await page.shows(BECAUSE, '');
  await page.click('api@1');
  await page.shows(BECAUSE, 'The reason of api.');
  done(why(['The reason of web.']));
  await page.click('web');
  await page.shows(BECAUSE, 'The reason of web.');
});

inBrowser('an older answer never replaces the reason that was asked for after it', async () => {
  await page.load([webJob('web')]);
  await page.isAsked('GET why/web');
  let done = (_: { readonly value: unknown }): void => undefined;
  page.answers('why/web', new Promise((resolve) => (done = resolve)));
  await page.changed([webJob('web', { restarts: 1 })]);
  await page.waits(() => Promise.resolve(whys().length === 2), 'the second question');
  page.answers('why/web', why(['The newest.']));
  await page.changed([webJob('web', { restarts: 2 })]);
  await page.shows(BECAUSE, 'The newest.');
  done(why(['An older one.']));
  page.answers('why/web', { code: 502, value: { error: 'no' } });
  await page.changed([webJob('web', { restarts: 3 })]);
  await page.waits(() => Promise.resolve(whys().length === 4), 'the fourth question');
  await page.changed([webJob('web', { restarts: 3, cpuPercent: 99 })]);
  await page.holds(`document.querySelector('dl').innerText.includes('99.0 %')`);
  expect(await page.texts(BECAUSE)).toEqual(['The newest.']);
});

inBrowser('a broken line of the details goes on below its last column', async () => {
  await page.load([webJob('web')]);
  const lines = ['  command     node server.js', '', '  12:00:01  running  by hand', '    two more', 'none'];
  page.answers('why/web', why([], lines.join('\n')));
  await page.changed([webJob('web', { restarts: 1 })]);
  await page.comesTo(
    `[...document.querySelectorAll('.details span')].map((each) => each.style.getPropertyValue('--hang'))`,
    ['14ch', '0ch', '21ch', '4ch', '0ch'],
  );
  await page.comesTo(`document.querySelector('.details').textContent.split('\\n').length`, 2);
});
