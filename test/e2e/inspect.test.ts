import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
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
  const url = await awaited(async () => (said.endsWith('}\n') ? (JSON.parse(said) as { url: string }).url : null), 'an address');
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

test('the inspector first hears of every chart as it is, then of each step: a crash, the backoff and the restart', async () => {
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('--local');
  const stream = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 3 || null, 'three charts');
  expect(actors(stream.messages)).toEqual(['overseerd', 'web', 'worker']);
  expect(valueOf(stream.messages[1]!)).toEqual({ want: 'Yes', test: 'Idle', child: 'Running' });
  await crash('web', 2);
  await home.until('web', ({ state }) => state === 'backoff');
  await home.until('web', ({ state }) => state === 'running');
  const isRunningAgain = (): boolean => stream.messages.filter((message) => valueOf(message).child === 'Running').length === 4;
  await awaited(async () => isRunningAgain() || null, 'the second restart');
  const steps = stream.messages.filter(({ sessionId, type }) => sessionId === 'job:web' && type === '@xstate.snapshot');
  const life = ['{"Ending":"Draining"}', '"Backoff"', '{"Starting":"Spawning"}', '{"Starting":"Settling"}', '"Running"'];
  expect(steps.map((message) => JSON.stringify(valueOf(message).child))).toEqual([...life, ...life]);
  const events = stream.messages.flatMap((message) =>
    message.type === '@xstate.event' && message.sessionId === 'job:web' ? [message.event.type] : [],
  );
  expect(events).toEqual(steps.map((message) => (message.type === '@xstate.snapshot' ? message.event.type : '')));

  // Whoever comes late is told how it is now, and who it is by a definition that makes the same chart.
  const late = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => late.messages.length >= 3 || null, 'three charts');
  const web = late.messages[1]!;
  expect(valueOf(web)).toEqual({ want: 'Yes', test: 'Idle', child: 'Running' });
  const copy = createMachine(JSON.parse(web.type === '@xstate.actor' ? web.definition : '') as never, jobMachine.implementations as never);
  expect(toText(graphOf(copy))).toBe(toText(graphOf(jobMachine as never)));

  // A job that comes is shown, one that goes is over.
  home.write('jobs.toml', sleeper('web', BACKOFF) + sleeper('newer'));
  await home.apply();
  await awaited(async () => actors(stream.messages).includes('newer') || null, 'a new job');
  const last = stream.messages.findLast(({ sessionId }) => sessionId === 'job:worker');
  expect(last).toMatchObject({ type: '@xstate.snapshot', snapshot: { status: 'stopped', value: { child: 'Gone' } } });

  expect(await stopped(inspector)).toMatchObject({ code: 0, stderr: '' });
  await awaited(async () => (stream.hasEnded && late.hasEnded) || null, 'the ends of the streams');
});

test('named jobs are inspected and no others, and the end of the daemon ends it', async () => {
  home.write('jobs.toml', sleeper('web') + sleeper('worker'));
  await home.apply();
  const inspector = await inspecting('web', '--local');
  const stream = new EventStream<StatelyMessage>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 2 || null, 'two charts');
  await home.overseer('restart', 'worker');
  await home.overseer('die');
  expect(await inspector.ran).toMatchObject({ code: 0, stderr: 'the daemon has ended\n' });
  expect(new Set(stream.messages.map(({ sessionId }) => sessionId.split(':')[0]))).toEqual(new Set(['daemon', 'job']));
  expect(stream.messages.some(({ sessionId }) => sessionId === 'job:worker')).toBe(false);
});

test('without a daemon, without such a job, or without the port, it says so and serves nothing', async () => {
  expect(await home.overseer('inspect')).toMatchObject({ code: 3, stdout: '' });
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  expect(await home.overseer('inspect', 'wob')).toMatchObject({ code: 4, stdout: '' });
  const inspector = await inspecting('--local');
  const { port } = new URL(inspector.url);
  const second = await home.overseer('inspect', '--local', '--port', port);
  expect(second).toMatchObject({ code: 1, stdout: '' });
  expect(second.stderr).toMatch(/^overseer: cannot serve a page at port \d+: another program listens there\n$/);
  expect(await home.overseer('inspect', '--port', '70000')).toMatchObject({ code: 64 });
  await stopped(inspector);
});

test('the pages are for whoever knows the address, under this host and from no other page', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting();
  const { port, pathname } = new URL(inspector.url);
  const code = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.destroy();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
  const wrong = `/${'0'.repeat(32)}/`;
  expect([await code(pathname), await code(`${pathname}local`), await code(`${pathname}events`)]).toEqual([200, 200, 200]);
  expect([await code('/'), await code(wrong), await code(`${wrong}events`), await code(`${pathname}constructor`)]).toEqual([
    404, 404, 404, 404,
  ]);
  expect(await code(`${pathname}events`, { host: `rebound.example:${port}` })).toBe(403);
  expect(await code(`${pathname}events`, { origin: 'https://elsewhere.example' })).toBe(403);
  expect(await code(`${pathname}events`, { origin: `http://127.0.0.1:${port}` })).toBe(200);
  expect(await code(pathname, {}, 'POST')).toBe(405);
  await stopped(inspector);
});

const chromium = findChromium();
if (chromium === null) process.stderr.write('skipped: the inspector in a browser, since there is no chromium here\n');

const inBrowser = chromium === null ? test.skip : test;

inBrowser('in a browser the page lights up where a job is, through a crash, its backoff and its restart', async () => {
  home.write('jobs.toml', sleeper('web', BACKOFF));
  await home.apply();
  const inspector = await inspecting('--local');
  const page = await Page.open(chromium ?? '', inspector.url);
  try {
    const lit = `[...document.querySelectorAll('#picture .on > title')].map((title) => title.textContent).sort().join(' ')`;
    const isLit = (states: string): Promise<unknown> =>
      awaited(async () => (await page.evaluate<string>(lit)) === states || null, `${states} lit`);
    await isLit('job.child.Running');
    await page.evaluate(`document.querySelector('#whole input').click()`);
    await isLit('job.child job.child.Running job.test job.test.Idle job.want job.want.Yes');
    await page.evaluate(`document.querySelector('#whole input').click()`);
    await crash('web', 2);
    await isLit('job.child.Backoff');
    await keepShot(page);
    await isLit('job.child.Running');
    const told = await page.evaluate<readonly string[]>(`[...document.querySelectorAll('#events b')].map((event) => event.textContent)`);
    expect(told).toContain('ChildExited');
    await page.evaluate(`document.querySelector('[data-chart^=daemon]').click()`);
    await isLit('daemon.ReceiveRequest');
    await stopped(inspector);
    await awaited(
      async () => (await page.evaluate<string>(`document.getElementById('line').textContent`)).startsWith('ended') || null,
      'its end said',
    );
  } finally {
    await page.close();
  }
});

inBrowser('the bridge hands the Stately inspector every message, but only to it and only once it says that it is there', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting();
  const page = await Page.open(chromium ?? '', inspector.url);
  try {
    // The inspector itself is out of reach for a test: its window is one that keeps what it is told.
    await awaited(async () => (await page.evaluate<boolean>(`typeof inspector === 'object'`)) || null, 'the page');
    await page.evaluate(`globalThis.got = [];
      Object.defineProperty(inspector, 'contentWindow', { value: { postMessage: (message, origin) => got.push([message.type, message.sessionId.split(':')[0], origin]) } });
      globalThis.say = (origin) => dispatchEvent(new MessageEvent('message', { origin, data: { type: '@statelyai.connected' } }));
      say('https://elsewhere.example');`);
    await page.evaluate(`say('https://stately.ai')`);
    const expected = ['daemon', 'job'].map((machine) => ['@xstate.actor', machine, 'https://stately.ai']);
    await awaited(async () => ((await page.evaluate<readonly unknown[]>('got')).length >= 2 ? true : null), 'the charts');
    expect(await page.evaluate('got')).toEqual(expected);
    await page.evaluate(`got.length = 0; say('https://stately.ai')`);
    await awaited(async () => ((await page.evaluate<readonly unknown[]>('got')).length >= 2 ? true : null), 'the charts again');
    expect(await page.evaluate('got')).toEqual(expected);
  } finally {
    await page.close();
    await stopped(inspector);
  }
});

/** For somebody who wants to look at it. */
async function keepShot(page: Page): Promise<void> {
  const path = process.env['INSPECT_SCREENSHOT'];
  if (path !== undefined) writeFileSync(path, await page.screenshot());
}
