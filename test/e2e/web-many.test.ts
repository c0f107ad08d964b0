import { findChromium, Page } from '../support/browser.ts';
import { home } from './support/fresh-home.ts';
import { awaited } from './support/home.ts';
import { serving, stopped } from './support/inspecting.ts';

const chromium = findChromium();
const inBrowser = chromium === null ? test.skip : test;

/** They wait for next year, so that no process is started for them. */
const MANY = Array.from(
  { length: 200 },
  (_, at) => `[[jobs]]\nname = "job-${at + 1}"\njob_command = "true"\nschedule = "0 0 1 1 *"\n`,
).join('');

inBrowser('only the rows in sight of many jobs are in the page, and one that changes moves up', async () => {
  home.write('a.toml', MANY);
  await home.apply();
  const web = await serving('web');
  const page = await Page.open(chromium ?? '', web.url);
  const sees = (expression: string): Promise<unknown> =>
    awaited(async () => (await page.evaluate<boolean>(expression)) || null, expression);
  try {
    await sees(`document.body?.innerText.includes('200 jobs') === true`);
    expect(await page.evaluate<number>(`document.querySelectorAll('.row').length`)).toBeLessThan(60);
    await home.overseer('stop', 'job-150');
    await sees(`document.querySelector('.row .name')?.innerText === 'job-150'`);
    await page.evaluate(`document.querySelector('.rows').scrollTop = 1e6`);
    await sees(`[...document.querySelectorAll('.row .name')].at(-1)?.innerText === 'job-200'`);
  } finally {
    await page.close();
    await stopped(web);
  }
});

inBrowser('T-960 a job that is removed while it is stopped leaves the page of web', async () => {
  const jobNamed = (name: string): string =>
    `[[jobs]]\nname = "${name}"\njob_command = "true"\nschedule = "0 0 1 1 *"\n`;
  home.write('a.toml', jobNamed('kept') + jobNamed('gone'));
  await home.apply();
  await home.overseer('stop', 'gone');
  const web = await serving('web');
  const page = await Page.open(chromium ?? '', web.url);
  const sees = (expression: string): Promise<unknown> =>
    awaited(async () => (await page.evaluate<boolean>(expression)) || null, expression);
  try {
    await sees(`document.body?.innerText.includes('2 jobs') === true`);
    home.write('a.toml', jobNamed('kept'));
    await home.apply();
    await sees(
      `[...document.querySelectorAll('.row .name')].map((each) => each.innerText).join() === 'kept'`,
    );
  } finally {
    await page.close();
    await stopped(web);
  }
});
