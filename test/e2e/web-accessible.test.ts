import axe from 'axe-core';
import { findChromium, Page } from '../support/browser.ts';
import { home } from './support/fresh-home.ts';
import { awaited } from './support/home.ts';
import { inspecting, serving, stopped } from './support/inspecting.ts';

const chromium = findChromium();
const inBrowser = chromium === null ? test.skip : test;

const JOBS = `
[[jobs]]
name = "web"
description = "the site"
job_command = { exe = "sh", args = ["-c", "printf '\\\\033[31mred\\\\033[0m \\\\033[32mgreen\\\\033[0m \\\\033[2mdim\\\\033[0m\\\\n'; exec sleep 1000"] }
start_seconds = 0
tags = ["front"]
[[jobs]]
name = "api"
job_command = "sleep 1000"
instances = 3
start_seconds = 0
[[jobs]]
name = "once"
job_command = "sh -c 'exit 3'"
restart = "never"
[[jobs]]
name = "held"
job_command = "sleep 1000"
test_command = "sh -c 'exit 1'"
[[jobs]]
name = "falls"
job_command = "sh -c 'exit 2'"
backoff = { min = 30, max = 30, factor = 1 }
[[jobs]]
name = "nightly"
job_command = "true"
schedule = "0 3 * * *"
[[jobs]]
name = "done"
job_command = "true"
restart = "never"
`;

const SIZES = [
  { name: 'a phone', width: 390, height: 844 },
  { name: 'a small screen', width: 1024, height: 768 },
  { name: 'a large screen', width: 1920, height: 1080 },
] as const;

/** What axe finds, best practices included: the rule, and where. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(`globalThis.axe === undefined && (() => { ${axe.source} })()`);
  return page.evaluate(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => id + ': ' + target.join(' ') + ': ' + failureSummary)))`,
  );
}

/** How wide the picture is, and how wide it is asked to be. */
const widths = (page: Page): Promise<{ readonly drawn: number; readonly asked: number }> =>
  page.evaluate(`(() => { const svg = document.querySelector('#picture > svg');
    return { drawn: svg.getBoundingClientRect().width, asked: parseFloat(svg.style.width) }; })()`);

async function sees(page: Page, expression: string): Promise<void> {
  await awaited(async () => (await page.evaluate<boolean>(expression)) || null, expression);
}

const hasText = (text: string): string =>
  `document.body?.innerText.includes(${JSON.stringify(text)}) === true`;
const click = (words: string): string =>
  `(() => { const found = [...document.querySelectorAll('button')].find((each) =>
    each.innerText.trim().startsWith(${JSON.stringify(words)})); found?.click(); return found !== undefined; })()`;

inBrowser.each(SIZES)(
  'T-783 axe finds nothing on the page of web on $name, light, dark or in forced colours',
  async ({ width, height }) => {
    home.write('a.toml', JOBS);
    await home.apply();
    const web = await serving('web');
    const page = await Page.open(chromium ?? '', 'about:blank');
    try {
      await page.resize(width, height);
      for (const [isDark, forced] of [
        [false, false],
        [true, false],
        [true, true],
      ] as const) {
        await page.dark(isDark, { forced });
        await page.goto(web.url);
        await sees(page, hasText('failed (exit 3)'));
        expect(await findings(page)).toEqual([]);
        for (const [job, text] of [
          ['web', 'green'],
          ['held', 'its test'],
          ['falls', 'exit 2'],
        ] as const) {
          await sees(page, click(job));
          await sees(page, hasText(text));
          await sees(page, `document.querySelector('.picture .on') !== null`);
          expect(await findings(page)).toEqual([]);
        }
        home.write('b.toml', '[[jobs]]\nname = "late"\njob_command = "sleep 1000"\n');
        await sees(page, click('Plan and apply'));
        await sees(page, hasText('Do it'));
        expect(await findings(page)).toEqual([]);
      }
    } finally {
      await page.close();
      await stopped(web);
    }
  },
);

inBrowser.each(SIZES)(
  'T-965 axe finds nothing on the page of inspect on $name, and its picture can be made larger',
  async ({ width, height }) => {
    home.write('a.toml', JOBS);
    await home.apply();
    const inspector = await inspecting();
    const page = await Page.open(chromium ?? '', 'about:blank');
    try {
      await page.resize(width, height);
      for (const isDark of [false, true]) {
        await page.dark(isDark);
        await page.goto(inspector.url);
        await sees(page, `document.querySelector('#picture .on') !== null`);
        for (const job of ['falls', 'web']) {
          await sees(page, click(job));
          expect(await findings(page)).toEqual([]);
        }
        await sees(page, click('whole chart'));
        expect(await findings(page)).toEqual([]);
        await page.evaluate(`document.getElementById('fit').click()`);
        // The picture is as wide as it is asked to be, wider than its place, and each step makes it larger.
        const before = await widths(page);
        await page.evaluate(`document.getElementById('in').click(); document.getElementById('in').click()`);
        const after = await widths(page);
        expect(after.drawn).toBeGreaterThan(before.drawn * 1.2);
        for (const { drawn, asked } of [before, after]) expect(Math.abs(drawn - asked)).toBeLessThan(1);
      }
    } finally {
      await page.close();
      await stopped(inspector);
    }
  },
);
