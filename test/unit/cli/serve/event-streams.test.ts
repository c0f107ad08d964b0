import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreams, MOST_STREAMS } from '../../../../src/cli/serve/event-streams.ts';
import { until } from '../../../support/until.ts';

/** What runs for a stream until its reader has left. */
let run: (left: AbortSignal) => Promise<void> | void;
let server: Server;
/** Gets what sends messages, when a stream is opened. */
let feed: (give: (message: string) => void) => void;
/** How many streams are open, as those that feed them see it. */
let fed: { count: number };

beforeEach(async () => {
  // The streams of an earlier test end while this one runs.
  const own = { count: 0 };
  fed = own;
  feed = () => undefined;
  run = (left) => {
    own.count += 1;
    left.addEventListener('abort', () => (own.count -= 1));
  };
  const streams = new EventStreams();
  server = createServer((_, response) =>
    streams.open<string>(response, (give) => {
      give('hello');
      feed(give);
      return run;
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const opened = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    const request = get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.on('error', () => undefined);
      resolve(response);
    });
    request.once('error', reject);
  });
const many = (count: number): Promise<readonly IncomingMessage[]> =>
  Promise.all(Array.from({ length: count }, opened));

test('a reader gets each message as JSON', async () => {
  const stream = await opened();
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  await until(() => text.endsWith('data: "hello"\n\n'));
  expect(stream.headers['content-type']).toBe('text/event-stream');
});

test('a stream says when to come again, and is kept by no browser', async () => {
  const stream = await opened();
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  await until(() => text.startsWith('retry: 1000\n\n'));
  expect(stream.headers['cache-control']).toBe('no-store');
});

test('a reader that reads nothing is cut off, and one that only pauses keeps every message', async () => {
  const message = 'x'.repeat(1_000_000);
  let given = 0;
  let giving = (): void => undefined;
  feed = (give) => {
    giving = () => {
      given += 1;
      give(message);
    };
  };
  const paused = await opened();
  paused.pause();
  for (let count = 0; count < 8; count += 1) giving();
  let length = 0;
  paused.setEncoding('utf8').on('data', (part: string) => (length += part.length));
  paused.resume();
  await until(() => length > 8 * message.length);
  expect(fed.count).toBe(1);
  paused.pause();
  await until(() => {
    giving();
    return fed.count === 0;
  });
  expect(given).toBeLessThan(100);
});

test('one stream too many is sent away, and each that its reader closes makes room for another', async () => {
  const first = await many(MOST_STREAMS);
  expect((await opened()).statusCode).toBe(503);
  for (const stream of first) stream.destroy();
  await until(() => fed.count === 0);
  const second = await many(MOST_STREAMS);
  expect(new Set(second.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  second[0]?.destroy();
  await until(() => fed.count === MOST_STREAMS - 1);
  expect([(await opened()).statusCode, (await opened()).statusCode]).toEqual([200, 503]);
});

test.each([
  ['is over', () => Promise.resolve()],
  ['fails', () => Promise.reject(new Error('the daemon has ended'))],
])('a stream whose feeding %s ends, and makes room', async (_, feeding) => {
  run = feeding;
  for (let at = 0; at < 2 * MOST_STREAMS; at += MOST_STREAMS / 2)
    for (const stream of await many(MOST_STREAMS / 2)) {
      expect(stream.statusCode).toBe(200);
      stream.resume();
      await until(() => stream.complete);
    }
});
