import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { serveMcp } from '../../../src/cli/mcp-server.ts';
import { AskedDaemon } from '../../support/asked-daemon.ts';

let input: PassThrough;
let output: PassThrough;
let told: string[];
let interruption: AbortController;

beforeEach(() => {
  input = new PassThrough();
  output = new PassThrough();
  told = [];
  interruption = new AbortController();
});
afterEach(() => interruption.abort());

const serve = (): Promise<boolean> =>
  serveMcp(new AskedDaemon().target, {
    readOnly: true,
    interrupted: interruption.signal,
    streams: { input, output },
    tell: (text) => void told.push(text),
  });

async function answered(): Promise<unknown> {
  const [bytes] = (await once(output, 'data')) as [Buffer];
  return JSON.parse(bytes.toString());
}

const PING = { jsonrpc: '2.0', id: 7, method: 'ping' };

test('a line that is no message is reported, and the next message is answered', async () => {
  void serve();
  const answer = JSON.stringify({ jsonrpc: '2.0', id: 7, result: 5 });
  input.write(
    `${answer}\nhello \u001b[2J\n\n {"jsonrpc"\r\n[]\n${'x'.repeat(200)}\n${JSON.stringify(PING)}\n`,
  );
  expect(await answered()).toEqual({ jsonrpc: '2.0', id: 7, result: {} });
  expect(told).toEqual(
    [answer, 'hello \\e[2J', ' {"jsonrpc"', '[]', `${'x'.repeat(60)} …`].map(
      (line) => `this line of the input is left out, since it is no message of the protocol: ${line}`,
    ),
  );
});

test('a message in several pieces is no odd line', async () => {
  void serve();
  const bytes = Buffer.from(`${JSON.stringify({ ...PING, params: { _meta: { is: '語' } } })}\n`);
  for (const byte of bytes) input.write(Buffer.of(byte));
  expect(await answered()).toMatchObject({ id: 7, result: {} });
  expect(told).toEqual([]);
});

test.each([5, 'five'])(
  'a wrong request with the id %j is refused, so that nobody waits for it',
  async (id) => {
    void serve();
    input.write(`${JSON.stringify({ ...PING, id, params: 5 })}\n`);
    expect(await answered()).toEqual({
      jsonrpc: '2.0',
      id,
      error: { code: -32_600, message: 'Invalid Request' },
    });
    expect(told).toHaveLength(1);
  },
);

test('the end of the input ends the server well, and so does an interruption', async () => {
  const served = serve();
  input.end();
  expect(await served).toBe(true);
  input = new PassThrough();
  const other = serve();
  interruption.abort();
  expect(await other).toBe(true);
  expect(told).toEqual([]);
});

test('a line of more than 10 MiB ends the server, with a reason', async () => {
  const served = serve();
  for (let megabytes = 0; megabytes < 11; megabytes += 1) input.write(Buffer.alloc(1024 * 1024, 'x'));
  expect(await served).toBe(false);
  expect(told).toEqual(['a line of the input is longer than 10 MiB']);
});
