import {
  answerJson,
  decoded,
  namedFrame,
  serveLoopback,
  writePage,
  type Loopback,
} from '../../../../src/cli/serve/loopback-server.ts';
import { askPage } from '../../../support/asked-page.ts';

let server: Loopback;
const paths: string[] = [];
beforeEach(async () => {
  paths.length = 0;
  server = await serveLoopback(0, (_, response, path) => {
    paths.push(path);
    if (path === 'page') return writePage(response, (nonce) => `<script nonce="${nonce}">`, 'img-src data:');
    if (path === 'bad') return answerJson(response, Promise.reject(new Error('no daemon')));
    return answerJson(response, Promise.resolve({ path }));
  });
});
afterEach(() => server.close());

const codeOf = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
  (await askPage(url, { headers })).code;

test('what stands behind the secret is answered, without its query', async () => {
  expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/);
  expect(await askPage(`${server.url}jobs/web?x=1`)).toMatchObject({
    code: 200,
    text: '{"path":"jobs/web"}',
  });
  expect(await askPage(server.url)).toMatchObject({ code: 200, text: '{"path":""}' });
});

test('who does not know the secret gets nothing', async () => {
  const { origin, pathname } = new URL(server.url);
  const wrong = `${pathname.slice(0, -2)}${pathname.at(-2) === '0' ? '1' : '0'}/`;
  for (const path of [
    '/',
    '/jobs',
    wrong,
    pathname.slice(0, -1),
    `${pathname.slice(0, -1)}x`,
    `/x${pathname}`,
  ])
    expect([path, await codeOf(`${origin}${path}`)]).toEqual([path, 404]);
  expect(paths).toEqual([]);
});

test('a page of another site, or another name of this machine, is refused', async () => {
  const { host, port } = new URL(server.url);
  const origin = (of: string): Promise<number> => codeOf(server.url, { origin: of });
  expect([
    await origin(`http://${host}`),
    await origin(`http://localhost:${port}`),
    await codeOf(server.url, { host: `localhost:${port}` }),
  ]).toEqual([200, 200, 200]);
  expect([
    await origin('https://evil.example'),
    await origin(`https://${host}`),
    await origin('null'),
    await codeOf(server.url, { host: 'evil.example' }),
    await codeOf(server.url, { host: `127.0.0.1:1` }),
  ]).toEqual([403, 403, 403, 403, 403]);
});

test('a page may load nothing from elsewhere, and its one script has a new nonce each time', async () => {
  const [one, other] = [await askPage(`${server.url}page`), await askPage(`${server.url}page`)];
  const nonce = /nonce="([^"]+)"/.exec(one.text)?.[1] ?? '';
  expect(nonce.length).toBeGreaterThanOrEqual(20);
  expect(other.text).not.toBe(one.text);
  expect(one.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
      `frame-ancestors 'none'; script-src 'nonce-${nonce}'; img-src data:`,
  });
});

test('no answer is kept by a browser, whatever it is', async () => {
  for (const path of ['page', 'bad', 'jobs'])
    expect([path, (await askPage(`${server.url}${path}`)).headers['cache-control']]).toEqual([
      path,
      'no-store',
    ]);
});

test('the page is served at the loopback address alone', async () => {
  const { port, pathname } = new URL(server.url);
  await expect(askPage(`http://127.0.0.2:${port}${pathname}`)).rejects.toThrow(/ECONNREFUSED|EADDRNOTAVAIL/);
});

test('an answer that fails says why, with a code of its own', async () => {
  expect(await askPage(`${server.url}bad`)).toMatchObject({
    code: 502,
    text: '{"error":"no daemon"}',
    headers: { 'content-type': 'application/json' },
  });
});

test('a port that is taken is the error of the system, and a closed server takes no more', async () => {
  const { port } = new URL(server.url);
  await expect(serveLoopback(Number(port), () => undefined)).rejects.toMatchObject({
    code: 'EADDRINUSE',
    syscall: 'listen',
  });
  server.close();
  await expect(askPage(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a name in a path is decoded where it can be, and a message has its name', () => {
  expect([decoded('web%402'), decoded('%E0%A4')]).toEqual(['web@2', null]);
  expect(namedFrame('lost', { why: 'x' })).toBe('event: lost\ndata: {"why":"x"}\n\n');
});
