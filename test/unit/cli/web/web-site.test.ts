import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serveLoopback, type Loopback } from '../../../../src/cli/serve/loopback-server.ts';
import { WebSite } from '../../../../src/cli/web/web-site.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { askPage, type PageAnswer } from '../../../support/asked-page.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';
import { answer, job, refusal, REPORT, statusOf, WHY } from '../../../support/sample-replies.ts';

let daemon: AskedDaemon;
let server: Loopback;
const serve = async (readOnly = false): Promise<void> => {
  const page = { html: '<p>page</p><script>run()</script>', arrows: {}, readOnly };
  const site = new WebSite(daemon.target, page);
  server = await serveLoopback(0, (request, response, path) => site.answer(request, response, path));
};
beforeEach(() => {
  daemon = new AskedDaemon();
  return serve();
});
afterEach(() => server.close());

const get = (path: string): Promise<PageAnswer> => askPage(`${server.url}${path}`);
const post = (body: string, path = 'act', type = 'application/json'): Promise<PageAnswer> =>
  askPage(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': type }, body });

test('the page has a nonce for its script and may show pictures that it holds itself', async () => {
  const { code, text, headers } = await get('');
  expect([code, text]).toEqual([
    200,
    expect.stringMatching(/^<p>page<\/p><script nonce="[^"]+">run\(\)<\/script>$/),
  ]);
  expect(headers['content-security-policy']).toMatch(/img-src data:$/);
});

test('why, the plan and the streams of jobs and charts are those of the daemon', async () => {
  daemon
    .on('why', [answer({ jobs: [WHY] })])
    .on('plan', [answer(REPORT)])
    .on('status', [statusOf(job({ name: 'web' }))])
    .on('events', 'silent')
    .on('inspect', [answer({ charts: 0 })]);
  expect(JSON.parse((await get('why/web%402')).text)).toMatchObject({
    because: [expect.stringMatching(/^Its test says no/), expect.anything()],
  });
  expect(JSON.parse((await get('plan')).text)).toMatchObject({ hasChanges: false });
  const { text } = await askPage(`${server.url}jobs`, { until: (so) => so.includes('"kind":"all"') });
  expect(text).toContain('"name":"web"');
  await get('chart/web%402');
  expect(daemon.asked).toEqual(
    expect.arrayContaining([
      { name: 'why', job: 'web@2' },
      { name: 'inspect', jobs: ['web@2'] },
    ]),
  );
});

test('the log of a copy is found by the name that stands in the address', async () => {
  server.close();
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'logs', 'web@2.log'), 'of the second\n');
  daemon = new AskedDaemon({ ...HOMES, data }).gone();
  await serve();
  const { text } = await askPage(`${server.url}logs/web%402`, { until: (so) => so.includes('second') });
  expect(text).toContain('data: ["of the second"]');
});

test('once every reader of the jobs has left, the daemon is asked for nothing more', async () => {
  daemon.on('status', [statusOf(job({ name: 'web' }))]).on('events', 'silent');
  await askPage(`${server.url}jobs`, { until: (so) => so.includes('"kind":"all"') });
  let before = -1;
  await until(() => {
    const isCalm = daemon.asked.length === before;
    before = daemon.asked.length;
    return isCalm;
  });
});

test('what the page asks for is done, and its report answered', async () => {
  daemon.on('stop', [answer(REPORT)]).on('plan', [answer(REPORT)]);
  expect(await post('{"action":"stop","jobs":["web"]}')).toMatchObject({
    code: 200,
    text: expect.stringMatching(/^\{"ok":true,/),
  });
  expect((await post('{"action":"apply","plan":"another"}')).text).toContain('The plan has changed');
  expect(daemon.asked.map(({ name }) => name)).toEqual(['stop', 'plan']);
});

test.each([
  'nonsense',
  'null',
  '{"action":"die"}',
  '{"action":"stop"}',
  '{"action":"stop","jobs":"web"}',
  '{"action":"stop","jobs":[]}',
  '{"action":"stop","jobs":["web",1]}',
  '{"action":"apply"}',
  '{"action":"apply","plan":1}',
])('a body that is no action is refused: %s', async (body) => {
  expect((await post(body)).code).toBe(400);
  expect(daemon.asked).toEqual([]);
});

test('a request that the page never makes is refused', async () => {
  const action = '{"action":"stop","jobs":["web"]}';
  expect([
    (await get('nothing')).code,
    (await get('why/%E0%A4')).code,
    (await askPage(server.url, { method: 'PUT' })).code,
    (await post(action, 'jobs')).code,
    (await post(action, 'act', 'text/plain')).code,
    (await post(JSON.stringify({ action: 'stop', jobs: ['x'.repeat(70_000)] }))).code,
  ]).toEqual([404, 400, 405, 404, 415, 413]);
  expect(daemon.asked).toEqual([]);
});

test('a page that may only look changes nothing, and shows all', async () => {
  server.close();
  await serve(true);
  daemon.on('plan', [answer(REPORT)]);
  expect([
    (await post('{"action":"stop","jobs":["web"]}')).code,
    (await post('{}', 'jobs')).code,
    (await get('plan')).code,
  ]).toEqual([403, 403, 200]);
  expect(daemon.asked.map(({ name }) => name)).toEqual(['plan']);
});

test('metrics are those of the daemon, also of an older one, and say where none runs', async () => {
  daemon.on('status', [refusal('internal')], [statusOf(job({}))]);
  const metrics = await get('metrics');
  expect(metrics).toMatchObject({
    code: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
  });
  expect(metrics.text).toMatch(/^overseer_up 1$/m);
  expect(daemon.asked).toEqual([
    { name: 'status', jobs: [], counts: true },
    { name: 'status', jobs: [] },
  ]);
  daemon.gone();
  expect(await get('metrics')).toMatchObject({
    code: 200,
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
    text: '# HELP overseer_up Whether the daemon answers.\n# TYPE overseer_up gauge\noverseer_up 0\n',
  });
});
