import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createWebSocketReceiver, type StatelyInspectionEvent } from '@statelyai/inspect';
import { build } from 'esbuild';
import type { ShownStep } from '../../src/cli/inspect/inspected-charts.ts';
import { statelyMessages } from '../../src/cli/inspect/stately.ts';
import { findChromium, Page, type StandIn } from '../support/browser.ts';
import { EventStream } from '../support/event-stream.ts';
import { awaited, kill } from './support/home.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { inspecting, stopped } from './support/inspecting.ts';

const chromium = findChromium();
const inBrowser = chromium === null ? test.skip : test;
const STATELY = 'https://stately.ai';

interface Seen {
  readonly type: string;
  readonly sessionId: string;
  readonly event: string | null;
  readonly value: unknown;
}

/** The page that stands in for Stately's, with the real receiver in it. */
async function standInPage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('support/stately-stand-in.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
  });
  const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
  return `<!doctype html><title>stand-in</title><p>The stand-in</p><script>${script}</script>`;
}

/** Opens the page with Stately's inspector, in whose place this answers. */
async function bridged(standIn: StandIn, look: (page: Page) => Promise<void>, first = ''): Promise<void> {
  const inspector = await inspecting('--stately');
  const page = await Page.open(chromium ?? '', 'about:blank');
  try {
    await page.runFirst(first);
    await page.standInFor(STATELY, standIn);
    await page.goto(inspector.url);
    await look(page);
  } finally {
    await page.close();
    await stopped(inspector);
  }
}

const state = `document.body?.dataset.state`;

inBrowser('T-781 the receiver of the real package gets each chart as it is now, then each step', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const html = await standInPage();
  const seen: Seen[] = [];
  const paths: string[] = [];
  const standIn: StandIn = (path, body) => {
    if (path === '/saw') seen.push(JSON.parse(body) as Seen);
    else paths.push(path);
    return { body: path === '/saw' ? '' : html };
  };
  await bridged(standIn, async (page) => {
    await awaited(async () => seen.length >= 4 || null, 'two charts');
    expect(paths[0]).toBe('/registry/inspect');
    expect(await page.evaluate(state)).toBe('connected');
    expect(seen.map(({ type, sessionId, event }) => [type, sessionId.split(':')[0], event])).toEqual([
      ['@xstate.actor', 'daemon', null],
      ['@xstate.snapshot', 'daemon', 'xstate.init'],
      ['@xstate.actor', 'job', null],
      ['@xstate.snapshot', 'job', 'xstate.init'],
    ]);
    expect(seen[3]?.value).toMatchObject({ want: 'Yes', child: { Up: 'Running' } });
    const { pid } = await home.job('web');
    kill(pid ?? 0, 'SIGKILL');
    await home.until('web', (job) => job.state === 'running' && job.pid !== pid);
    const steps = (): readonly Seen[] => seen.slice(4).filter(({ sessionId }) => sessionId === 'job:web');
    await awaited(async () => steps().length >= 10 || null, 'a crash and the restart');
    expect(steps().map(({ event }) => event?.replace(/^xstate\.after\.(\w+).*$/, 'after $1'))).toEqual(
      ['ChildExited', 'GroupGone', 'after backoff', 'Spawned', 'after startTime'].flatMap((event) => [
        event,
        event,
      ]),
    );
    expect(steps().at(-1)?.value).toMatchObject({ child: { Up: 'Running' } });
  });
});

inBrowser.each([
  ['cannot be reached', () => null],
  ['may not be framed', () => ({ body: 'no', headers: { 'x-frame-options': 'DENY' } })],
  ['says nothing', () => ({ body: '<p>nothing</p>' })],
])('T-782 when the Stately inspector %s, the page says so and offers our own', async (_, standIn) => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  // Its ten seconds pass at once, as soon as they are counted.
  const hasty = `const real = setTimeout; setTimeout = (work, ms) => real(work, ms === 10000 ? 50 : ms);`;
  await bridged(
    standIn,
    async (page) => {
      await awaited(async () => (await page.evaluate(state)) === 'silent' || null, 'that it says so');
      expect(await page.evaluate('document.body.innerText')).toContain('does not answer');
      await page.evaluate(`document.querySelector('[data-for="silent"] a').click()`);
      await awaited(
        async () => (await page.evaluate(`document.querySelector('#name')?.textContent`)) === 'web' || null,
        'our own page',
      );
    },
    hasty,
  );
});

test('a receiver at a web socket reads every message', async () => {
  home.write('jobs.toml', sleeper('web'));
  await home.apply();
  const inspector = await inspecting('--local');
  const stream = new EventStream<ShownStep>(`${inspector.url}events`);
  await awaited(async () => stream.messages.length >= 2 || null, 'two charts');
  await home.overseer('restart', 'web');
  await awaited(async () => stream.messages.length >= 6 || null, 'the restart');
  const told = stream.messages.flatMap((step) => statelyMessages(step, { daemon: '{}', job: '{}' }));
  const got = await receivedBySocket(told.map((message) => JSON.stringify(message)));
  expect(got).toEqual(JSON.parse(JSON.stringify(told)));
  stream.close();
  await stopped(inspector);
});

/** Sends these texts to a receiver of the real package, and gives what it makes of them. */
async function receivedBySocket(texts: readonly string[]): Promise<readonly StatelyInspectionEvent[]> {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
    );
    for (const text of texts) socket.write(frameOf(text));
    socket.write(Buffer.from([0x88, 0]));
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const got: StatelyInspectionEvent[] = [];
  const { port } = server.address() as AddressInfo;
  const receiver = createWebSocketReceiver({ server: `ws://127.0.0.1:${port}` });
  receiver.subscribe((message) => got.push(message));
  await awaited(async () => got.length >= texts.length || null, 'all messages');
  server.close();
  return got;
}

/** A text as a web socket's server sends it. */
function frameOf(text: string): Buffer {
  const body = Buffer.from(text);
  const head = Buffer.from([0x81, 126, 0, 0]);
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body]);
  head.writeUInt16BE(body.length, 2);
  return Buffer.concat([head, body]);
}
