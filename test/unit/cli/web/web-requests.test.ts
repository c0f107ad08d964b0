import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebRequests } from '../../../../src/cli/web/web-requests.ts';
import { planId } from '../../../../src/library/plan-of.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';
import { answer, BAD, change, refusal, REPORT, WHY } from '../../../support/sample-replies.ts';

let daemon: AskedDaemon;
const requests = (): WebRequests => new WebRequests(daemon.target, {});
beforeEach(() => (daemon = new AskedDaemon()));

test('why has the sentences, and below them what is not said elsewhere on the page', async () => {
  daemon.on('why', [answer({ jobs: [WHY] })]);
  const { because, details } = await requests().why('web');
  expect(because[0]).toMatch(/^Its test says no/);
  expect(details).not.toContain('Its test says no');
  expect(details).toContain('node server.js');
  daemon.on('why', [answer({ jobs: [] })]);
  await expect(requests().why('web')).rejects.toThrow('no such job: web');
});

test('a plan says whether there is something to do, and one of a bad config is refused', async () => {
  const start = { ...REPORT, changes: [change({ action: 'start', reason: 'new' })] };
  daemon.on('plan', [answer(start)]);
  expect(await requests().plan()).toMatchObject({ id: planId(start), hasChanges: true, isRefused: false });
  daemon.on('plan', [answer(REPORT)]);
  expect(await requests().plan()).toMatchObject({ hasChanges: false, isRefused: false });
  daemon.on('plan', [answer(BAD)]);
  expect(await requests().plan()).toMatchObject({
    hasChanges: false,
    isRefused: true,
    lines: expect.stringMatching(/unknown key "nam"[^]*Nothing was changed\.\n$/),
  });
});

test('what the page asks for is done as the command of that name does it', async () => {
  for (const name of ['start', 'stop', 'restart', 'apply', 'plan'] as const)
    daemon.on(name, [answer(REPORT)]);
  for (const action of ['start', 'stop', 'restart'] as const)
    expect(await requests().act({ action, jobs: ['web'] })).toMatchObject({ ok: true });
  expect(await requests().act({ action: 'apply', plan: planId(REPORT) })).toMatchObject({ ok: true });
  expect(daemon.asked).toEqual([
    { name: 'start', jobs: ['web'], all: false, wait: true },
    { name: 'stop', jobs: ['web'], all: false },
    { name: 'restart', jobs: ['web'], all: false, wait: true },
    { name: 'plan', configDir: HOMES.config, allowEmpty: false },
    { name: 'apply', configDir: HOMES.config, wait: true, allowEmpty: false },
  ]);
});

test('a plan that has changed since it was shown is not carried out, and a refusal is told', async () => {
  daemon
    .on('plan', [answer(REPORT)])
    .on('stop', [refusal('degraded')])
    .on('start', [answer({ ...REPORT, ok: false })]);
  expect(await requests().act({ action: 'apply', plan: 'another' })).toEqual({
    ok: false,
    lines: 'The plan has changed since you saw it. Look again.',
  });
  expect(daemon.asked.map(({ name }) => name)).toEqual(['plan']);
  expect(await requests().act({ action: 'stop', jobs: ['web'] })).toEqual({
    ok: false,
    lines: 'it is degraded',
  });
  expect(await requests().act({ action: 'start', jobs: ['web'] })).toMatchObject({ ok: false });
});

test('the lines of a log come some at a time until its reader leaves', async () => {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'logs', 'web.log'), 'one\ntwo\n');
  daemon = new AskedDaemon({ ...HOMES, data }).gone();
  const given: string[][] = [];
  const left = new AbortController();
  const reading = requests().logs('web', (lines) => void given.push([...lines]), left.signal);
  await until(() => given.flat().length === 2);
  left.abort();
  await reading;
  expect(given.flat()).toEqual(['one', 'two']);
});

test('a reader of a log who has left leaves no timer behind', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'logs', 'web.log'), 'one\n');
  daemon = new AskedDaemon({ ...HOMES, data }).gone();
  const before = timers();
  const left = new AbortController();
  const given: string[] = [];
  const reading = requests().logs('web', (lines) => void given.push(...lines), left.signal);
  await until(() => given.length === 1);
  left.abort();
  await reading;
  await until(() => timers() <= before);
});

test('a page gets the last thousand lines of a log first, and then every one that follows', async () => {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  const log = join(data, 'logs', 'web.log');
  const lines = (from: number, to: number): readonly string[] =>
    Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);
  writeFileSync(log, `${lines(1, 1_500).join('\n')}\n`);
  daemon = new AskedDaemon({ ...HOMES, data }).gone();
  const given: (readonly string[])[] = [];
  const left = new AbortController();
  const reading = requests().logs('web', (some) => given.push(some), left.signal);
  await until(() => given.flat().length >= 1_000);
  appendFileSync(log, `${lines(1_501, 6_000).join('\n')}\n`);
  await until(() => given.flat().at(-1) === 'line 6000');
  appendFileSync(log, 'line 6001\n');
  await until(() => given.flat().at(-1) === 'line 6001');
  left.abort();
  await reading;
  expect(given.flat()).toEqual(lines(501, 6_001));
  expect(given.filter((some) => some.length === 0 || some.length > 2_000)).toEqual([]);
});

test('the lines of a report are neither cut to a width nor coloured', async () => {
  const why = `command not found: ${'x'.repeat(200)}`;
  daemon.on('start', [
    answer({ ...REPORT, changes: [change({ action: 'start', reason: 'new', detail: why })] }),
  ]);
  expect(await requests().act({ action: 'start', jobs: ['web'] })).toEqual({
    ok: true,
    lines: `+ web  started  ${why}  pid 4242\n\n1 started\n`,
  });
});

test('a plan is told as what would be done, and a report as what was done', async () => {
  const changes = [change({ action: 'restart', reason: 'changed', detail: 'env changed' })];
  daemon.on('plan', [answer({ ...REPORT, changes })]).on('restart', [answer({ ...REPORT, changes })]);
  expect((await requests().plan()).lines).toBe('↻ web  restart  env changed\n\n1 to restart\n');
  expect((await requests().act({ action: 'restart', jobs: ['web'] })).lines).toContain('1 restarted');
});

/** What the daemon tells of a chart whose region `child` is in this state. */
const inspection = (machine: string, child: string, taken: readonly string[] = []): never =>
  ({
    kind: 'inspection',
    inspection: {
      machine,
      id: 'web',
      event: null,
      at: '',
      snapshot: { status: 'active', value: { child }, context: {} },
      taken,
    },
  }) as never;

test('the chart of a job is told with what is lit, and not that of the daemon', async () => {
  daemon.on('inspect', [inspection('daemon', 'x'), inspection('job', 'Gone'), answer({ charts: 2 })]);
  const given: unknown[] = [];
  await requests().chart('web', (chart) => given.push(chart), new AbortController().signal);
  expect(given).toEqual([{ lit: expect.arrayContaining(['job.child.Gone']), taken: [] }]);
  expect(daemon.asked).toEqual([{ name: 'inspect', jobs: ['web'] }]);
});

test('an arrow from wherever the chart was begins where the step before left it', async () => {
  const arrows = {
    start: { from: 'job.child.Down', to: 'job.child.Up' },
    crash: { from: null, to: 'job.child.Gone' },
  };
  daemon.on('inspect', [
    inspection('job', 'Down'),
    inspection('daemon', 'x'),
    inspection('job', 'Up', ['start']),
    inspection('job', 'Gone', ['crash']),
    answer({ charts: 2 }),
  ]);
  const given: (readonly string[])[] = [];
  const web = new WebRequests(daemon.target, arrows);
  await web.chart('web', ({ taken }) => given.push(taken), new AbortController().signal);
  expect(given).toEqual([[], ['job.child.Down..job.child.Up'], ['job.child.Up..job.child.Gone']]);
});
