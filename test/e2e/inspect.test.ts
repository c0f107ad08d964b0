import { isDeepStrictEqual } from 'node:util';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createMachine } from 'xstate';
import { jobMachine } from '../../machines/job.ts';
import { graphOf } from '../../src/chart/graph.ts';
import { toText } from '../../src/chart/text.ts';
import type { StatelyMessage } from '../../src/cli/inspect/stately.ts';
import { findChromium, Page } from '../support/browser.ts';
import { EventStream } from '../support/event-stream.ts';
import { awaited, ended, Home, kill, type Ran } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Crashes twice in a row, so that the second time it has to wait. */
const BACKOFF = 'backoff = { min = 1.5, max = 1.5, factor = 1 }';

interface Inspecting {
  readonly url: string;
  readonly child: ChildProcessWithoutNullStreams;
  readonly ran: Promise<Ran>;
}

/** Begins `overseer inspect`, and waits until it says where to look. */
async function inspecting(...args: readonly string[]): Promise<Inspecting> {
  const child = home.begin({}, 'inspect', ...args, '--json');
  const ran = ended(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = await awaited(
    async () => (said.endsWith('}\n') ? (JSON.parse(said) as { url: string }).url : null),
    'an address',
  );
  return { url, child, ran };
}

async function stopped({ child, ran }: Inspecting): Promise<Ran> {
  child.kill('SIGINT');
  return ran;
}

async function crash(name: string, times: number): Promise<void> {
  let last = 0;
  for (let count = 0; count < times; count += 1) {
    const { pid } = await home.until(name, (job) => job.state === 'running' && job.pid !== last);
    last = pid ?? 0;
    kill(last, 'SIGKILL');
  }
}

const valueOf = (message: StatelyMessage): { readonly child?: unknown } =>
  'snapshot' in message ? (message.snapshot.value as object) : {};
const actors = (messages: readonly StatelyMessage[]): readonly string[] =>
  messages.flatMap((message) => (message.type === '@xstate.actor' ? [message.name] : []));

test('T-153 the inspector first hears of every chart as it is, then of each step: a crash, the backoff and the restart', async () => {
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('--local');
  const stream = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 3 || null, 'three charts');
  expect(actors(stream.messages)).toEqual(['overseerd', 'web', 'worker']);
  expect(valueOf(stream.messages[1]!)).toEqual({
    want: 'Yes',
    test: { Idle: 'Quiet' },
    child: { Up: 'Running' },
  });
  await crash('web', 2);
  await home.until('web', ({ state }) => state === 'backoff');
  await home.until('web', ({ state }) => state === 'running');
  const isRunningAgain = (): boolean =>
    stream.messages.filter((message) => isDeepStrictEqual(valueOf(message).child, { Up: 'Running' }))
      .length === 4;
  await awaited(async () => isRunningAgain() || null, 'the second restart');
  const steps = stream.messages.filter(
    ({ sessionId, type }) => sessionId === 'job:web' && type === '@xstate.snapshot',
  );
  const life = [
    '{"Ending":"Draining"}',
    '{"AtRest":"Backoff"}',
    '{"Up":{"Starting":"Spawning"}}',
    '{"Up":{"Starting":"Settling"}}',
    '{"Up":"Running"}',
  ];
  expect(steps.map((message) => JSON.stringify(valueOf(message).child))).toEqual([...life, ...life]);
  const events = stream.messages.flatMap((message) =>
    message.type === '@xstate.event' && message.sessionId === 'job:web' ? [message.event.type] : [],
  );
  expect(events).toEqual(
    steps.map((message) => (message.type === '@xstate.snapshot' ? message.event.type : '')),
  );

  // Whoever comes late is told how it is now, and who it is by a definition that makes the same chart.
  const late = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => late.messages.length >= 3 || null, 'three charts');
  const web = late.messages[1]!;
  expect(valueOf(web)).toEqual({ want: 'Yes', test: { Idle: 'Quiet' }, child: { Up: 'Running' } });
  const copy = createMachine(
    JSON.parse(web.type === '@xstate.actor' ? web.definition : '') as never,
    jobMachine.implementations as never,
  );
  expect(toText(graphOf(copy))).toBe(toText(graphOf(jobMachine as never)));

  // A job that comes is shown, one that goes is over.
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('newer'));
  await home.apply();
  await awaited(async () => actors(stream.messages).includes('newer') || null, 'a new job');
  const last = stream.messages.findLast(({ sessionId }) => sessionId === 'job:worker');
  expect(last).toMatchObject({
    type: '@xstate.snapshot',
    snapshot: { status: 'stopped', value: { child: 'Gone' } },
  });

  expect(await stopped(inspector)).toMatchObject({ code: 0, stderr: '' });
  await awaited(async () => (stream.hasEnded && late.hasEnded) || null, 'the ends of the streams');
});

test('T-154 named jobs are inspected and no others, and the end of the daemon ends it', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('web', '--local');
  const stream = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 2 || null, 'two charts');
  await home.overseer('restart', 'worker');
  await home.overseer('die');
  expect(await inspector.ran).toMatchObject({ code: 0, stderr: 'the daemon has ended\n' });
  expect(new Set(stream.messages.map(({ sessionId }) => sessionId.split(':')[0]))).toEqual(
    new Set(['daemon', 'job']),
  );
  expect(stream.messages.some(({ sessionId }) => sessionId === 'job:worker')).toBe(false);
});

test('T-155 without a daemon, without such a job, or without the port, it says so and serves nothing', async () => {
  expect(await home.overseer('inspect')).toMatchObject({ code: 3, stdout: '' });
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  expect(await home.overseer('inspect', 'wob')).toMatchObject({ code: 4, stdout: '' });
  const inspector = await inspecting('--local');
  const { port } = new URL(inspector.url);
  const second = await home.overseer('inspect', '--local', '--port', port);
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toMatch(
    /^overseer: cannot serve a page at port \d+: another program listens there\n$/,
  );
  expect(await home.overseer('inspect', '--port', '70000')).toMatchObject({ code: 64 });
  await stopped(inspector);
});

test('the pages are for whoever knows the address, under this host and from no other page', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting();
  const { port, pathname } = new URL(inspector.url);
  const code = (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.destroy();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  const wrong = `/${'0'.repeat(32)}/`;
  for (const page of ['', 'local', 'stately', 'events']) expect(await code(pathname + page)).toBe(200);
  expect([
    await code('/'),
    await code(wrong),
    await code(`${wrong}events`),
    await code(`${pathname}constructor`),
  ]).toEqual([404, 404, 404, 404]);
  expect(await code(`${pathname}events`, { host: `rebound.example:${port}` })).toBe(403);
  expect(await code(`${pathname}events`, { origin: 'https://elsewhere.example' })).toBe(403);
  expect(await code(`${pathname}events`, { origin: `http://127.0.0.1:${port}` })).toBe(200);
  expect(await code(pathname, {}, 'POST')).toBe(405);
  await stopped(inspector);
});

test('more jobs than anybody looks at are refused, and so are more viewers at once than it serves', async () => {
  // They wait for next year, so that no process is started for them.
  home.write(
    'jobs.toml',
    '[[jobs]]\nname = "many"\ninstances = 1001\nschedule = "0 0 1 1 *"\njob_command = "true"\n' +
      sleeper('web'),
  );
  await home.apply();
  const refused = await home.overseer('inspect', '--local');
  expect(refused).toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('1002 jobs are more than the 1000') as string,
  });
  const inspector = await inspecting('web', '--local');
  const streams = Array.from({ length: 16 }, () => new EventStream<StatelyMessage>(`${inspector.url}events`));
  await awaited(
    async () => streams.every(({ messages }) => messages.length >= 2) || null,
    'two charts for each viewer',
  );
  const codeOf = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asking = request(`${inspector.url}events`, (response) => {
        response.destroy();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end();
    });
  expect(await codeOf()).toBe(503);
  streams[0]?.close();
  await awaited(async () => (await codeOf()) === 200 || null, 'room for another');
  await stopped(inspector);
});

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

inBrowser(
  'in a browser the page lights up where a job is, through a crash, its backoff and its restart',
  async () => {
    // Slow enough in each state for an eye, and so for a frame of the page.
    const slow = 'backoff = { min = 3, max = 3, factor = 1 }';
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
        await crash('web', 2);
        await isLit('job.child.AtRest.Backoff');
        await shows(textOf('[data-chart="job:web"] small'), 'backoff');
        expect(await page.evaluate(textOf('#facts'))).toMatch(
          /^next start in [0-3]\.\d s · 1 restart · last ended by SIGKILL$/,
        );
        await keepShot(page, 'backoff');
        await late.page.goto(inspector.url);
        await late.isLit('job.child.AtRest.Backoff');
        await late.shows(textOf('#state span'), 'backoff');
        await isLit('job.child.Up.Running');
        await shows(textOf('[data-chart="job:web"] small'), 'running');
        const life = await page.evaluate<readonly string[]>('life');
        expect(life.slice(life.lastIndexOf('job.child.AtRest.Backoff'))).toEqual([
          'job.child.AtRest.Backoff',
          'job.child.Up.Starting',
          'job.child.Up.Running',
        ]);
        const told = await page.evaluate<readonly string[]>(
          `[...document.querySelectorAll('#events b')].map((event) => event.textContent)`,
        );
        const once = ['after startTime', 'Spawned', 'after backoff', 'GroupGone', 'ChildExited'];
        expect(told).toEqual([...once, ...once]);
        await page.evaluate(`document.querySelector('[data-chart^=daemon]').click()`);
        await isLit('daemon.ReceiveRequest');
        await home.overseer('die');
        await shows(
          textOf('#line'),
          'The daemon has ended. Run overseer to start it, then overseer inspect for a new page.',
        );
        const { origin } = new URL(inspector.url);
        expect(
          page.requests.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:')),
        ).toEqual([]);
        expect(page.requests).toContain(`${inspector.url}events`);
      });
    });
    await inspector.ran;
  },
);

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
    await shows(`${textOf('#counts')}.replaceAll('\u00a0', ' ')`, '30 jobs: 29 running, 1 stopped');
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

inBrowser(
  'the bridge hands the Stately inspector every message, but only to it and only once it says that it is there',
  async () => {
    home.write('jobs.toml', sleeper('web'));
    await home.apply();
    const inspector = await inspecting('--stately');
    const page = await Page.open(chromium ?? '', inspector.url);
    try {
      // The inspector itself is out of reach for a test: its window is one that keeps what it is told.
      await awaited(
        async () => (await page.evaluate<boolean>(`typeof inspector === 'object'`)) || null,
        'the page',
      );
      await page.evaluate(`globalThis.got = [];
      Object.defineProperty(inspector, 'contentWindow', { value: { postMessage: (message, origin) => got.push([message.type, message.sessionId.split(':')[0], origin]) } });
      globalThis.say = (origin) => dispatchEvent(new MessageEvent('message', { origin, data: { type: '@statelyai.connected' } }));
      say('https://elsewhere.example');`);
      await page.evaluate(`say('https://stately.ai')`);
      const expected = ['daemon', 'job'].map((machine) => ['@xstate.actor', machine, 'https://stately.ai']);
      await awaited(
        async () => ((await page.evaluate<readonly unknown[]>('got')).length >= 2 ? true : null),
        'the charts',
      );
      expect(await page.evaluate('got')).toEqual(expected);
      await page.evaluate(`got.length = 0; say('https://stately.ai')`);
      await awaited(
        async () => ((await page.evaluate<readonly unknown[]>('got')).length >= 2 ? true : null),
        'the charts again',
      );
      expect(await page.evaluate('got')).toEqual(expected);
    } finally {
      await page.close();
      await stopped(inspector);
    }
  },
);

/** For somebody who wants to look at it: a folder in which pictures of the page are kept. */
async function keepShot(page: Page, name: string): Promise<void> {
  const folder = process.env['INSPECT_SCREENSHOTS'];
  if (folder !== undefined) writeFileSync(join(folder, `${name}.png`), await page.screenshot());
}
