import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import parse from 'parse-prometheus-text-format';
import { findChromium, Page } from '../support/browser.ts';
import { awaited, ended, Home, type Ran } from './support/home.ts';
import { servedAddress } from './support/served-address.ts';

let home: Home;
let serving: Serving | null = null;
let page: Page | null = null;
beforeEach(() => {
  home = new Home();
});
afterEach(async () => {
  await page?.close();
  page = null;
  serving?.child.kill('SIGINT');
  await serving?.ran;
  serving = null;
  await home.dispose();
});

const JOBS = [
  '[[jobs]]\nname = "web"\njob_command = { exe = "sh", args = ["-c", "printf \'\\\\033[31mred\\\\033[0m plain\\\\n\'; exec sleep 1000"] }\nstart_seconds = 0\n',
  '[[jobs]]\nname = "api"\njob_command = "sleep 1000"\ninstances = 3\nstart_seconds = 0\ntags = ["back"]\n',
  '[[jobs]]\nname = "once"\njob_command = { exe = "sh", args = ["-c", "exit 3"] }\nrestart = "never"\n',
].join('\n');

interface Serving {
  readonly url: string;
  readonly child: ChildProcessWithoutNullStreams;
  readonly ran: Promise<Ran>;
}

async function serve(...words: readonly string[]): Promise<string> {
  const child = home.begin({}, 'web', ...words, '--json');
  const ran = ended(child);
  const url = await servedAddress(child);
  serving = { url, child, ran };
  return url;
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    // Closed meanwhile.
    return false;
  }
}

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** One request, with whatever method, headers and body; of a stream only its head is waited for. */
function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };

async function shows(text: string): Promise<void> {
  const seen = page;
  if (seen === null) throw new Error('no page');
  await awaited(
    async () => (await seen.evaluate<string>("document.body?.innerText ?? ''")).includes(text) || null,
    `"${text}" on the page`,
  );
}

/** Clicks the first button that begins with these words, once it is there. */
async function click(words: string): Promise<void> {
  const seen = page;
  if (seen === null) throw new Error('no page');
  const clicks = `(() => {
    const button = [...document.querySelectorAll('button')].find((each) =>
      each.innerText.trim().startsWith(${JSON.stringify(words)}));
    button?.click();
    return button !== undefined;
  })()`;
  await awaited(async () => (await seen.evaluate<boolean>(clicks)) || null, `a button ${words}`);
}

async function open(url: string): Promise<void> {
  const chromium = findChromium();
  if (chromium === null) throw new Error('Chromium is missing');
  page = await Page.open(chromium, url);
}

const rows = (): Promise<readonly string[]> | undefined =>
  page?.evaluate<readonly string[]>(
    "[...document.querySelectorAll('.row .name')].map((each) => each.innerText)",
  );

describe('what the server gives, and to whom', () => {
  test('T-408 web serves only on loopback, to who knows the secret, with a policy that loads nothing', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    const url = await serve();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
    const found = await ask(url);
    expect(found.status).toBe(200);
    expect(found.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src/);
    expect(found.text).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    const { origin } = new URL(url);
    expect((await ask(`${origin}/`)).status).toBe(404);
    expect((await ask(url, { headers: { host: 'overseer.example' } })).status).toBe(403);
    expect((await ask(url, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect(
      (await ask(`${url}act`, { method: 'POST', headers: { origin: 'http://evil.example', ...JSON_TYPE } }))
        .status,
    ).toBe(403);
    expect((await ask(`${url}act`, { method: 'POST', body: '{}' })).status).toBe(415);
    expect(
      (await ask(`${url}act`, { method: 'POST', headers: JSON_TYPE, body: '{"action":"die"}' })).status,
    ).toBe(400);
    expect((await ask(`${url}act`, { method: 'PUT' })).status).toBe(405);
    expect((await ask(`${url}why/%zz`)).status).toBe(400);
    expect((await ask(`${url}nothing`)).status).toBe(404);
  });

  test('T-409 web --port serves there; a port that is taken, or is none, is refused', async () => {
    const url = await serve('--port', '0');
    const { port } = new URL(url);
    expect(await home.overseer('web', '--port', port)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(port),
    });
    expect(await home.overseer('web', '--port', '70000')).toMatchObject({ code: 64 });
  });

  test('web serves metrics below the secret, also when no daemon is running', async () => {
    home.write('a.toml', JOBS);
    const url = await serve();
    const up = async (): Promise<unknown> =>
      parse((await ask(`${url}metrics`)).text).find(({ name }) => name === 'overseer_up')?.metrics;
    expect(await up()).toEqual([{ value: '0' }]);
    await home.apply();
    expect(await up()).toEqual([{ value: '1' }]);
  });

  test('T-410 web --read-only refuses every action, and has no buttons for them', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    const url = await serve('--read-only');
    const body = '{"action":"stop","jobs":["web"]}';
    expect((await ask(`${url}act`, { method: 'POST', headers: JSON_TYPE, body })).status).toBe(403);
    expect((await home.job('web')).state).toBe('running');
    await open(url);
    await shows('once');
    expect(
      await page?.evaluate(
        "[...document.querySelectorAll('button')].some((each) => /Stop|Plan/.test(each.innerText))",
      ),
    ).toBe(false);
  });

  test('web has no connection to the daemon while nobody looks', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    const url = await serve();
    const sockets = (): number =>
      readdirSync(`/proc/${serving?.child.pid}/fd`).filter((fd) =>
        isSocket(`/proc/${serving?.child.pid}/fd/${fd}`),
      ).length;
    const before = sockets();
    const left = new AbortController();
    const stream = request(`${url}jobs`, { signal: left.signal }, (response) => response.resume());
    stream.once('error', () => undefined);
    stream.end();
    // The reader's connection, and one to the daemon.
    await awaited(async () => sockets() >= before + 2 || null, 'a connection to the daemon');
    left.abort();
    await awaited(async () => sockets() === before || null, 'its end');
  });
});

describe('the page', () => {
  test('the page of web lists trouble first and copies as one row, and the tab says what failed', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await shows('failed (exit 3)');
    expect(await rows()).toEqual(['once', '▸ api ×3', 'web']);
    expect(await page?.evaluate('document.title')).toBe('1 failed · overseer');
    await click('▸ api ×3');
    await shows('api@2');
    await click('#back');
    await awaited(async () => ((await rows())?.includes('web') === false ? true : null), 'only the tag');
  });

  test('the page of web shows a crash and the restart by itself', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await click('web');
    const { pid } = await home.job('web');
    await shows(String(pid));
    process.kill(pid ?? 0, 'SIGKILL');
    const { pid: next } = await home.until('web', (job) => job.state === 'running' && job.pid !== pid);
    await shows(String(next));
    await shows('SIGKILL');
  });

  test('the page of web chooses a job by keys, and its buttons stop, start and restart it', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await shows('once');
    await page?.evaluate("document.querySelector('.rows').focus()");
    await page?.press('End');
    await awaited(
      async () => (await page?.evaluate("document.querySelector('h2').innerText")) === 'web' || null,
      'web',
    );
    await click('Stop');
    await home.until('web', ({ state }) => state === 'stopped');
    await shows('stopped by hand');
    await click('Start');
    await home.until('web', ({ state }) => state === 'running');
    await click('Restart');
    await shows('1 restarted');
  });

  test('the trigger in the page of web shows its plan first, and does it after a yes', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await shows('once');
    home.write('b.toml', '[[jobs]]\nname = "late"\njob_command = "sleep 1000"\nstart_seconds = 0\n');
    await click('Plan and apply');
    await shows('late');
    expect((await home.status()).jobs.map(({ name }) => name)).not.toContain('late');
    await click('Do it');
    await home.until('late', ({ state }) => state === 'running');
    await shows('1 started');
  });

  test('the page of web shows a log in its colours, and searches it', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await click('web');
    await awaited(
      async () => (await page?.evaluate("document.querySelector('.line .red')?.innerText")) === 'red' || null,
      'a red word',
    );
  });

  test('the page of web says when the daemon is gone, and goes on with the next one', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await shows('once');
    await home.overseer('die');
    await shows('No daemon answers');
    await awaited(
      async () => (await page?.evaluate('document.title')) === 'no daemon · overseer' || null,
      'the title of the tab',
    );
    await home.apply();
    await shows('5 jobs');
  });

  test('the page of web highlights the state of a job in its chart', async () => {
    home.write('a.toml', JOBS);
    await home.apply();
    await open(await serve());
    await click('web');
    await awaited(
      async () =>
        (
          await page?.evaluate<readonly string[]>(
            "[...document.querySelectorAll('.picture .node.on title')].map((each) => each.textContent)",
          )
        )?.some((id) => id.endsWith('Running')) === true || null,
      'Running lit',
    );
  });
});
