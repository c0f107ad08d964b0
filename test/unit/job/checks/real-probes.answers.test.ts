import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ProbeDone } from '../../../../src/job/ports.ts';
import { realProbes } from '../../../../src/job/checks/real-probes.ts';
import { NoRoom } from '../../../../src/job/no-room.ts';
import { withDescriptorsLeft } from '../../../support/few-descriptors.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A page that answers with this code, or not at all. */
async function page(code: number | null, seen: string[] = []): Promise<number> {
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers['user-agent']}`);
    if (code !== null) response.writeHead(code, { location: '/elsewhere' }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const asked = (begin: (done: ProbeDone) => unknown): Promise<unknown> =>
  new Promise((resolve) => void begin(resolve));
const request = (port: number, path = '/'): Promise<unknown> =>
  asked((done) => realProbes.request(`http://127.0.0.1:${port}${path}`, done));

test.each([200, 204, 301, 399])('a page that answers %i is ready', async (code) => {
  const seen: string[] = [];
  expect(await request(await page(code, seen), '/health?at=https:')).toBeNull();
  expect(seen).toEqual(['GET /health?at=https: overseer']);
});

test.each([400, 404, 500, 503])('a page that answers %i is not ready', async (code) => {
  expect(await request(await page(code))).toBe(`answered ${code}`);
});

(process.platform === 'linux' ? test : test.skip)(
  'a probe for which no descriptor is left tells nothing of who would answer',
  async () => {
    const port = await page(200);
    const to = { host: '127.0.0.1', port };
    const answers = await withDescriptorsLeft(0, () =>
      Promise.all([request(port), asked((done) => realProbes.connect(to, done))]),
    );
    expect(answers).toEqual([new NoRoom('EMFILE'), new NoRoom('EMFILE')]);
    expect([await request(port), await asked((done) => realProbes.connect(to, done))]).toEqual([null, null]);
  },
);

test('a port where somebody listens is ready, and one where nobody does says so', async () => {
  const port = await page(null);
  expect(await asked((done) => realProbes.connect({ host: '127.0.0.1', port }, done))).toBeNull();
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  expect([
    await asked((done) => realProbes.connect({ host: '127.0.0.1', port }, done)),
    await request(port),
  ]).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
});

test('a probe that was ended says nothing any more', async () => {
  const seen: string[] = [];
  const port = await page(200, seen);
  const heard: unknown[] = [];
  const probes = [
    realProbes.request(`http://127.0.0.1:${port}/`, (trouble) => heard.push(trouble)),
    realProbes.connect({ host: '127.0.0.1', port }, (trouble) => heard.push(trouble)),
    realProbes.connect({ host: '127.0.0.1', port: 99_999 }, (trouble) => heard.push(trouble)),
  ];
  for (const probe of probes) probe.end();
  await request(port, '/last');
  expect([heard, seen]).toEqual([[], ['GET /last overseer']]);
});

test('a request that is ended before its answer leaves no connection open', async () => {
  const seen: string[] = [];
  const port = await page(null, seen);
  const heard: unknown[] = [];
  const probe = realProbes.request(`http://127.0.0.1:${port}/`, (trouble) => heard.push(trouble));
  await until(() => seen.length === 1);
  probe.end();
  // Closing waits for every connection.
  await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
  expect(heard).toEqual([]);
});

test('an address of https is asked by TLS', async () => {
  const port = await page(200);
  expect(await asked((done) => realProbes.request(`https://127.0.0.1:${port}/`, done))).toMatch(/SSL|EPROTO/);
});

test('a log tells its size, its kind and its bytes, and nothing where it is not there', () => {
  const folder = newFolder();
  const log = join(folder, 'log');
  const none = [0, '', null, null];
  const seen = (): unknown => [
    realProbes.logSize(log),
    realProbes.logId(log),
    realProbes.logKind(log),
    realProbes.readLog(log, 0, 10),
  ];
  expect(seen()).toEqual(none);
  writeFileSync(log, 'one\ntwo\n');
  const id = realProbes.logId(log);
  expect([realProbes.logSize(log), realProbes.logKind(log), id]).toEqual([
    8,
    'file',
    expect.stringMatching(/^\d+ /),
  ]);
  const read = (from: number, limit: number): string =>
    Buffer.from(realProbes.readLog(log, from, limit) ?? []).toString();
  expect([read(0, 3), read(4, 100), read(99, 5)]).toEqual(['one', 'two\n', '']);
  appendFileSync(log, 'three\n');
  rmSync(log);
  mkdirSync(log);
  expect([realProbes.logKind(log), read(0, 5)]).toEqual(['folder', '']);
  rmSync(log, { recursive: true });
  symlinkSync('/dev/null', log);
  expect(read(0, 5)).toBe('');
});
