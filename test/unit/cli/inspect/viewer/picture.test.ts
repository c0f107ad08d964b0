import { inBrowser, STARTING, STOPPING, ViewerPage } from '../../../../support/viewer-page.ts';
import { daemon, DOWN, job, stopped } from './shown-steps.ts';

let page: ViewerPage;
beforeAll(async () => {
  page = await ViewerPage.open();
});
afterAll(() => page.close());

const LIT = `[...document.querySelectorAll('#picture .on title')].map((each) => each.textContent)`;
const TAKEN = `[...document.querySelectorAll('#picture .taken')].map(({ id }) => id)`;
const width = (): Promise<number> => page.evaluate(`document.querySelector('#picture svg').clientWidth`);

inBrowser('the state that the chosen chart is in is lit, until it leaves it', async () => {
  await page.load([daemon(), job('api', { child: DOWN }), job('web')]);
  await page.comesTo(LIT, ['job.child.AtRest.Down']);
  await page.click('web');
  await page.comesTo(LIT, ['job.child.Up.Running']);
  await page.take(stopped('web'));
  await page.comesTo(LIT, ['job.child.AtRest.Down']);
  await page.click('overseerd');
  await page.comesTo(LIT, ['daemon.Serving']);
});

inBrowser('an arrow that the chosen chart took lights up for a second and a half', async () => {
  await page.load([daemon(), job('web')]);
  await page.isChosen('web');
  await page.take(stopped('web'));
  await page.shows('#events b', 'Stop');
  await page.pass(0);
  await page.comesTo(TAKEN, [STOPPING]);
  await page.pass(1_499);
  await page.comesTo(TAKEN, [STOPPING]);
  await page.pass(1);
  await page.comesTo(TAKEN, []);
});

inBrowser('an arrow that is taken again while it is lit stays so until 1.5 s after that', async () => {
  await page.load([daemon(), job('web')]);
  await page.isChosen('web');
  await page.take(stopped('web'));
  await page.shows('#events b', 'Stop');
  await page.pass(1_000);
  await page.take(job('web', { event: 'Start', taken: ['start'] }), stopped('web'));
  await page.shows('#events b', 'Stop', 'Start', 'Stop');
  await page.pass(0);
  await page.comesTo(TAKEN, [STOPPING, STARTING]);
  await page.pass(1_499);
  await page.comesTo(TAKEN, [STOPPING, STARTING]);
  await page.pass(1);
  await page.comesTo(TAKEN, []);
});

inBrowser('the arrows of one step light up one after the other, in their order', async () => {
  await page.load([daemon(), job('web')]);
  await page.isChosen('web');
  await page.take(job('web', { event: 'Restart', taken: ['stop', 'start'] }));
  await page.shows('#events b', 'Restart');
  await page.pass(159);
  await page.comesTo(TAKEN, [STOPPING]);
  await page.pass(1);
  await page.comesTo(TAKEN, [STOPPING, STARTING]);
  await page.pass(1_340);
  await page.comesTo(TAKEN, [STARTING]);
});

inBrowser(
  'an arrow that begins in any state lights up from the one that was lit before the step',
  async () => {
    await page.load([daemon(), job('web')]);
    await page.isChosen('web');
    await page.take(stopped('web', { taken: ['remove'] }));
    await page.shows('#events b', 'Stop');
    await page.pass(0);
    await page.comesTo(TAKEN, [STOPPING]);
  },
);

inBrowser('an arrow lights up also where its chart has not been drawn yet', async () => {
  await page.load([daemon()]);
  await page.isChosen('overseerd');
  await page.take(job('web'), stopped('web'));
  await page.shows('#events b', 'Stop');
  await page.pass(0);
  await page.comesTo(TAKEN, [STOPPING]);
});

inBrowser('no arrow lights up for another chart than the chosen one', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.isChosen('api');
  await page.take(stopped('web'));
  await page.shows('#charts small', 'Serving', 'running', 'stopped');
  await page.pass(0);
  await page.comesTo(TAKEN, []);
});

inBrowser('an arrow of one chart is not lit in the picture of the next', async () => {
  await page.load([daemon(), job('api'), job('web')]);
  await page.take(stopped('api', { taken: ['stop', 'start'] }));
  await page.shows('#events b', 'Stop');
  await page.pass(0);
  await page.comesTo(TAKEN, [STOPPING]);
  await page.click('web');
  await page.isChosen('web');
  await page.comesTo(TAKEN, []);
  await page.pass(160);
  await page.comesTo(TAKEN, []);
});

inBrowser('the whole chart of a job is shown and left with w, and the daemon has but one', async () => {
  const isPressed = `document.getElementById('whole').getAttribute('aria-pressed')`;
  const isHidden = `document.getElementById('whole').hidden`;
  await page.load([daemon(), job('web')]);
  await page.comesTo(LIT, ['job.child.Up.Running']);
  await page.press('w');
  await page.comesTo(LIT, ['job.child.Up.Running', 'job.want.Yes']);
  await page.comesTo(isPressed, 'true');
  await page.press('w');
  await page.comesTo(LIT, ['job.child.Up.Running']);
  await page.comesTo(`[${isPressed}, ${isHidden}]`, ['false', false]);
  await page.click('overseerd');
  await page.comesTo(LIT, ['daemon.Serving']);
  await page.comesTo(isHidden, true);
});

inBrowser('+, - and 0 make the picture larger, smaller, and as large as there is room', async () => {
  await page.load([daemon(), job('web')]);
  await page.comesTo(LIT, ['job.child.Up.Running']);
  const fitted = await width();
  await page.press('+');
  expect((await width()) / fitted).toBeCloseTo(1.25, 1);
  await page.press('-', '-');
  expect((await width()) / fitted).toBeCloseTo(1 / 1.25, 1);
  await page.press('0');
  expect(await width()).toBe(fitted);
});

inBrowser('the picture is never larger than three times its size, nor smaller than a fifth', async () => {
  await page.load([daemon(), job('web')]);
  await page.comesTo(LIT, ['job.child.Up.Running']);
  for (let press = 0; press < 9; press += 1) await page.press('=');
  expect(await width()).toBe(270);
  for (let press = 0; press < 20; press += 1) await page.press('-');
  expect(await width()).toBe(18);
});
