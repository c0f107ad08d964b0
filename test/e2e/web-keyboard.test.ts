import { findChromium, Page } from '../support/browser.ts';
import { home } from './support/fresh-home.ts';
import { awaited } from './support/home.ts';
import { serving, stopped } from './support/inspecting.ts';

const chromium = findChromium();
const inBrowser = chromium === null ? test.skip : test;

const job = (name: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = { exe = "sh", args = ["-c", "echo alpha; echo beta; exec sleep 1000"] }\nstart_seconds = 0\n${more}\n`;

const FOCUSED = `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? '').trim()`;

/** A page that is used by keys alone. */
class Keys {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.press(key);
  }

  /** Tab, until this has the focus; fails when it is not reached. */
  async tabTo(label: string): Promise<void> {
    const seen: string[] = [];
    for (let tabs = 0; tabs < 40; tabs += 1) {
      const focused = await this.#page.evaluate<string>(FOCUSED);
      if (focused.startsWith(label)) return;
      seen.push(focused.slice(0, 30));
      await this.#page.press('Tab');
    }
    throw new Error(`Tab does not reach ${label}, but: ${seen.join(', ')}`);
  }

  async sees(text: string): Promise<void> {
    await this.#holds(`document.body?.innerText.includes(${JSON.stringify(text)}) === true`);
  }

  async heading(text: string): Promise<void> {
    await this.#holds(`document.querySelector('main h2')?.innerText === ${JSON.stringify(text)}`);
  }

  async rows(names: string): Promise<void> {
    await this.#holds(
      `[...document.querySelectorAll('.row .name')].map((each) => each.innerText).join() === ${JSON.stringify(names)}`,
    );
  }

  async #holds(expression: string): Promise<void> {
    await awaited(async () => (await this.#page.evaluate<boolean>(expression)) || null, expression);
  }
}

inBrowser('T-964 every action on the page of web can be taken by keys alone', async () => {
  home.write('a.toml', job('web', 'tags = ["front"]') + job('api', 'instances = 2') + job('db'));
  await home.apply();
  const web = await serving('web');
  const page = await Page.open(chromium ?? '', web.url);
  const keys = new Keys(page);
  try {
    await keys.rows('▸ api ×2,db,web');
    // Filters: the search, a chip of a tag, all again.
    await keys.press('/', 'd', 'b');
    await keys.rows('db');
    await keys.press('Escape');
    await keys.rows('▸ api ×2,db,web');
    await keys.tabTo('#front');
    await keys.press('Enter');
    await keys.rows('web');
    await keys.press(' ');
    await keys.rows('▸ api ×2,db,web');
    // The list: copies, and a job.
    await keys.tabTo('Jobs');
    await keys.press('Home', 'Enter');
    await keys.rows('▾ api ×2,api@1,api@2,db,web');
    await keys.press('End');
    await keys.heading('web');
    // Its log.
    await keys.tabTo('Search the log');
    await keys.press('b', 'e', 't', 'a');
    await keys.sees('1 of 2 lines');
    for (const [button, state] of [
      ['Stop', 'stopped'],
      ['Start', 'running'],
    ] as const) {
      await page.evaluate('document.activeElement.blur()');
      await keys.tabTo(button);
      await keys.press('Enter');
      await home.until('web', (now) => now.state === state);
    }
    const { pid } = await home.until('web', ({ state }) => state === 'running');
    await page.evaluate('document.activeElement.blur()');
    await keys.tabTo('Restart');
    await keys.press('Enter');
    await home.until('web', (now) => now.state === 'running' && now.pid !== pid);
    // The trigger: first closed again, then done.
    home.write('b.toml', job('late'));
    for (const key of ['Escape', 'Enter']) {
      await page.evaluate('document.activeElement.blur()');
      await keys.tabTo('Plan and apply');
      await keys.press('Enter');
      await keys.sees('Do it');
      if (key === 'Enter') await keys.tabTo('Do it');
      expect((await home.status()).jobs.map(({ name }) => name)).not.toContain('late');
      await keys.press(key);
    }
    await home.until('late', ({ state }) => state === 'running');
  } finally {
    await page.close();
    await stopped(web);
  }
});
