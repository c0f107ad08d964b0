import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium, Page } from '../support/browser.ts';
import { awaited } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { inspecting, stopped, crash } from './support/inspecting.ts';

const chromium = findChromium();

if (chromium === null)
  process.stderr.write('skipped: the inspector in a browser, since there is no chromium here\n');

const inBrowser = chromium === null ? test.skip : test;

const LIT = `[...document.querySelectorAll('#picture .on > title')].map((title) => title.textContent).sort().join(' ')`;

/** A page with the words for what is seen on it. */
interface Seen {
  readonly page: Page;
  readonly isLit: (states: string) => Promise<unknown>;
  /** What an expression comes to, once it is as expected. */
  readonly shows: (expression: string, expected: unknown) => Promise<unknown>;
}

async function looking(url: string, look: (seen: Seen) => Promise<void>): Promise<void> {
  const page = await Page.open(chromium ?? '', url);
  const shows = (expression: string, expected: unknown): Promise<unknown> =>
    awaited(
      async () => {
        const isThere = await page.evaluate<boolean>(`document.getElementById('picture') !== null`);
        return (isThere && (await page.evaluate<unknown>(expression)) === expected) || null;
      },
      `${expression} to be ${String(expected)}`,
    );
  try {
    await look({ page, shows, isLit: (states) => shows(LIT, states) });
  } finally {
    await page.close();
  }
}

const textOf = (selector: string): string =>
  `document.querySelector(${JSON.stringify(selector)}).textContent`;

inBrowser('the page lights up where a job is, through a crash, its backoff and its restart', async () => {
  // Slow enough in each state for an eye, and so for a frame of the page.
  const slow = 'backoff = { min = 50, max = 50, factor = 1 }';
  home.write('jobs.toml', sleeper('web', slow).replace('start_seconds = 0', 'start_seconds = 0.5'));
  await home.apply();
  const inspector = await inspecting('--local');
  await looking('about:blank', async (late) => {
    await looking(inspector.url, async ({ page, isLit, shows }) => {
      await isLit('job.child.Up.Running');
      await page.evaluate(`document.getElementById('whole').click()`);
      await isLit(
        'job.child job.child.Up job.child.Up.Running job.test job.test.Idle job.test.Idle.Quiet job.want job.want.Yes',
      );
      await page.evaluate(`document.getElementById('whole').click()`);
      await isLit('job.child.Up.Running');
      // Each state that is lit from here on, in their order.
      await page.evaluate(`globalThis.life = [];
      new MutationObserver(() => { const now = ${LIT}; if (now !== life.at(-1)) life.push(now); })
        .observe(document.getElementById('picture'), { subtree: true, attributes: true, attributeFilter: ['class'] });`);
      await page.evaluate(`globalThis.arrows = [];
      new MutationObserver((seen) => { for (const { target } of seen) if (target.matches('.taken')) arrows.push(target.id); })
        .observe(document.getElementById('picture'), { subtree: true, attributes: true, attributeFilter: ['class'] });`);
      await crash('web', 2);
      await isLit('job.child.AtRest.Backoff');
      await shows(textOf('[data-chart="job:web"] small'), 'backoff (SIGKILL)');
      expect(await page.evaluate(textOf('#facts'))).toMatch(
        /^next start in [3-5]\d(\.\d)? s · 1 restart · last ended by SIGKILL$/,
      );
      await keepShot(page, 'backoff');
      await late.page.goto(inspector.url);
      await late.isLit('job.child.AtRest.Backoff');
      await late.shows(textOf('#state span'), 'backoff (SIGKILL)');
      await home.overseer('start', 'web');
      await isLit('job.child.Up.Running');
      await shows(textOf('[data-chart="job:web"] small'), 'running');
      const life = await page.evaluate<readonly string[]>('life');
      expect(life.slice(life.lastIndexOf('job.child.AtRest.Backoff'))).toEqual([
        'job.child.AtRest.Backoff',
        'job.child.Up.Starting',
        'job.child.Up.Running',
      ]);
      const firstCrash = [
        'job.child.Up.Running..job.child.Ending',
        'job.child.Ending..job.child.AtRest.Backoff',
        'job.child.AtRest.Backoff..job.child.Waiting',
        'job.child.Waiting..job.child.Up.Starting',
        'job.child.Up.Starting..job.child.Up.Running',
      ];
      await shows(`new Set(arrows).size`, firstCrash.length);
      expect(new Set(await page.evaluate<readonly string[]>('arrows'))).toEqual(new Set(firstCrash));
      const told = await page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('#events b')].map((event) => event.textContent)`,
      );
      const once = ['after startTime', 'Spawned', 'after backoff', 'GroupGone', 'ChildExited'];
      expect(told).toEqual(['after startTime', 'Spawned', 'Start', 'GroupGone', 'ChildExited', ...once]);
      const { origin } = new URL(inspector.url);
      expect(
        page.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:')),
      ).toEqual([]);
      expect(page.requests).toContain(`${inspector.url}events`);
    });
  });
  await stopped(inspector);
});

// The next daemon may be seen before it has removed what its config no longer names.
const NOT_REMOVED = `[...document.querySelectorAll('#charts small')].filter((word) => word.textContent !== 'removed')`;

inBrowser('T-1186 a page goes on with the next daemon, and with the chart that was chosen', async () => {
  home.write('jobs.toml', sleeper('api') + sleeper('web'));
  await home.apply();
  const inspector = await inspecting();
  await looking(inspector.url, async ({ page, isLit, shows }) => {
    const next = async (more = ''): Promise<void> => {
      await home.overseer('die');
      await shows(
        textOf('#line'),
        'The daemon has ended. The page goes on with the next one; overseer starts it.',
      );
      home.write('jobs.toml', sleeper('api') + more);
      await home.apply();
      await shows(textOf('#line'), 'live');
      await shows(`${NOT_REMOVED}.length`, more === '' ? 2 : 3);
    };
    await shows(textOf('#name'), 'api');
    await page.evaluate(`document.querySelector('[data-chart="job:web"]').click()`);
    await next(sleeper('web'));
    await shows(textOf('#name'), 'web');
    await isLit('job.child.Up.Running');
    await next();
    await shows(textOf('#state span'), 'removed');
    await page.evaluate(`document.querySelector('[data-chart^=daemon]').click()`);
    await next(sleeper('web'));
    await isLit('daemon.ReceiveRequest');
  });
  await stopped(inspector);
});

const TOLD = `[...document.querySelectorAll('#earlier li')].map((row) => row.innerText.split('\\n').slice(1).join(' | '))`;

inBrowser('T-1184 a page that is opened late shows what the daemon remembers of a job', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const { pid } = await home.job('web');
  await home.overseer('stop', 'web');
  const inspector = await inspecting();
  await looking(inspector.url, async ({ page, isLit, shows }) => {
    await isLit('job.child.AtRest.Down');
    await shows(`${TOLD}.length`, 4);
    const told = await page.evaluate<readonly string[]>(TOLD);
    expect(told[0]).toMatch(/^GroupGone \| Ending.\S+ \| AtRest.Down \| stopped by hand$/);
    expect(told[2]).toContain(`pid ${pid ?? 0}`);
    expect(await page.evaluate(`document.querySelectorAll('#events li').length`)).toBe(0);
    await home.overseer('start', 'web');
    await isLit('job.child.Up.Running');
    expect(await page.evaluate(TOLD)).toEqual(told);
    await page.evaluate(`location.reload()`);
    await isLit('job.child.Up.Running');
    await shows(`${TOLD}.length`, 6);
  });
  await stopped(inspector);
});

inBrowser('T-1185 the list of charts is one stop for Tab, and its arrows choose', async () => {
  home.write('jobs.toml', ['a', 'b', 'c'].map((name) => sleeper(name)).join(''));
  await home.apply();
  const inspector = await inspecting();
  await looking(inspector.url, async ({ page, shows }) => {
    const focused = `document.activeElement?.dataset?.chart ?? document.activeElement?.id ?? ''`;
    await shows(textOf('#name'), 'a');
    await page.press('Tab');
    await shows(focused, 'job:a');
    for (const [key, chart] of [
      ['End', 'job:c'],
      ['ArrowUp', 'job:b'],
    ] as const) {
      await page.press(key);
      await shows(focused, chart);
    }
    await shows(textOf('#name'), 'b');
    await page.press('Tab');
    await shows(`document.activeElement?.closest('#elsewhere') !== null`, true);
    await page.press('Home');
    await shows(`${textOf('#name')}`, 'overseerd');
  });
  await stopped(inspector);
});

inBrowser('the page is light or dark as its reader likes, and so are its pictures', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting('--local');
  await looking(inspector.url, async ({ page, isLit }) => {
    await isLit('job.child.Up.Running');
    const brightness = (selector: string, property: string): Promise<number> =>
      page.evaluate(
        `Math.max(...getComputedStyle(document.querySelector('${selector}')).${property}.match(/[0-9]+/g).slice(0, 3).map(Number))`,
      );
    const parts = [
      ['body', 'backgroundColor'],
      ['main', 'backgroundColor'],
      ['#picture > svg > rect', 'fill'],
      ['#picture .on > rect', 'fill'],
    ] as const;
    const seen = (): Promise<readonly number[]> =>
      Promise.all(parts.map(([selector, property]) => brightness(selector, property)));
    await page.evaluate(
      `document.head.append(Object.assign(document.createElement('style'), { textContent: '*{transition:none!important}' }))`,
    );
    expect((await seen()).every((value) => value > 200)).toBe(true);
    await keepShot(page, 'light');
    await page.dark(true);
    await awaited(async () => (await seen()).every((value) => value < 100) || null, 'a dark page');
    await keepShot(page, 'dark');
  });
  await stopped(inspector);
});

inBrowser('many jobs are found by words and by keys, and nothing is wider than the window', async () => {
  const long = 'a-name-as-long-as-a-name-may-be-which-is-sixty-four-letters-long';
  const names = Array.from({ length: 29 }, (_, index) => `service-${index + 1}`);
  home.write('jobs.toml', [...names, long].map((name) => sleeper(name)).join(''));
  await home.apply();
  await home.overseer('stop', 'service-7');
  const inspector = await inspecting('--local');
  await looking(inspector.url, async ({ page, isLit, shows }) => {
    const shown = `[...document.querySelectorAll('#charts li:not([hidden]) b')].map((name) => name.textContent).join(' ')`;
    await isLit('job.child.Up.Running');
    await shows(textOf('#name'), long);
    await shows(`${textOf('#counts')}.replaceAll('\u00a0', ' ')`, '30 jobs: 1 stopped, 29 running');
    const isWithin = `document.documentElement.scrollWidth <= innerWidth && [...document.querySelectorAll('nav, main, aside, #charts button')].every((box) => box.scrollWidth <= box.clientWidth + 1)`;
    for (const [width, height] of [
      [1400, 900],
      [900, 700],
      [400, 800],
    ] as const) {
      await page.resize(width, height);
      await shows(isWithin, true);
      await keepShot(page, `many-${width}`);
    }
    await page.resize(1400, 900);
    await page.press('/');
    for (const letter of 'stopped') await page.press(letter);
    await shows(shown, 'service-7');
    await page.press('ArrowDown');
    await isLit('job.child.AtRest.Down');
    await page.press('Escape');
    await shows(`${shown}.split(' ').length`, 31);
    await page.press('k');
    await shows(textOf('#name'), 'service-6');
    await page.press('w');
    await isLit(
      'job.child job.child.Up job.child.Up.Running job.test job.test.Idle job.test.Idle.Quiet job.want job.want.Yes',
    );
    // A row that is told something new stays the one it was, so that the focus stays.
    await page.evaluate(`globalThis.focused = document.activeElement`);
    await home.overseer('restart', 'service-6');
    await awaited(
      async () =>
        (await page.evaluate<number>(`document.querySelectorAll('#events li').length`)) >= 5 || null,
      'its restart',
    );
    expect(await page.evaluate(`document.activeElement === focused && focused.dataset.chart`)).toBe(
      'job:service-6',
    );
  });
  await stopped(inspector);
});

inBrowser('a page without jobs says what to do, and shows the first that comes', async () => {
  home.write('jobs.toml', '');
  await home.apply();
  const inspector = await inspecting('--local');
  await looking(inspector.url, async ({ page, isLit, shows }) => {
    await isLit('daemon.ReceiveRequest');
    await shows(
      `document.getElementById('none').offsetHeight > 0 && document.getElementById('none').textContent`,
      'No jobs. Name some in the config and run overseer; they appear here.',
    );
    await keepShot(page, 'empty');
    home.write('jobs.toml', sleeper('web'));
    await home.apply();
    await isLit('job.child.Up.Running');
    await shows(`document.getElementById('none').hidden`, true);
    await stopped(inspector);
    await shows(
      textOf('#line'),
      'Nobody inspects the charts any more. Run overseer inspect again for a new page.',
    );
    await keepShot(page, 'ended');
  });
});

/** For somebody who wants to look at it: a folder in which pictures of the page are kept. */
async function keepShot(page: Page, name: string): Promise<void> {
  const folder = process.env['INSPECT_SCREENSHOTS'];
  if (folder !== undefined) writeFileSync(join(folder, `${name}.png`), await page.screenshot());
}
