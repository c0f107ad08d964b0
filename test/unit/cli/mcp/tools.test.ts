import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { registerTools } from '../../../../src/cli/mcp/tools.ts';
import { planId } from '../../../../src/library/plan-of.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import {
  answer,
  BAD,
  change,
  job,
  JOBS,
  refusal,
  REPORT,
  statusOf,
  WHY,
} from '../../../support/sample-replies.ts';

interface Registered {
  readonly config: {
    readonly title: string;
    readonly description: string;
    readonly inputSchema: { parse(input: unknown): object };
    readonly annotations: object;
  };
  readonly run: (input: object) => Promise<CallToolResult>;
}

/** What is registered of a daemon's tools. */
function toolsOf(daemon: AskedDaemon, readOnly = false): ReadonlyMap<string, Registered> {
  const tools = new Map<string, Registered>();
  const registerTool = (name: string, config: Registered['config'], run: Registered['run']): void =>
    void tools.set(name, { config, run });
  registerTools({ registerTool } as never as McpServer, daemon.target, { readOnly });
  return tools;
}

let daemon: AskedDaemon;
beforeEach(() => (daemon = new AskedDaemon()));

/** The text that a tool answers, and whether it is an error. */
async function call(name: string, input: object = {}): Promise<readonly [string, boolean]> {
  const tool = toolsOf(daemon).get(name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const { content, isError = false } = await tool.run(tool.config.inputSchema.parse(input));
  return [content.map((each) => ('text' in each ? each.text : each.type)).join(), isError];
}

test('what only reads and what changes something are told apart, and may be left out', () => {
  const kinds = [...toolsOf(daemon)].map(([name, { config }]) => {
    const { readOnlyHint, destructiveHint, idempotentHint } = config.annotations as Record<string, boolean>;
    return [name, readOnlyHint, destructiveHint, idempotentHint];
  });
  expect(kinds).toEqual([
    ['status', true, false, true],
    ['why', true, false, true],
    ['logs', true, false, true],
    ['plan', true, false, true],
    ['wait', true, false, true],
    ['apply', false, true, true],
    ['start', false, false, true],
    ['stop', false, true, true],
    ['restart', false, true, false],
  ]);
  expect([...toolsOf(daemon, true).keys()]).toEqual(['status', 'why', 'logs', 'plan', 'wait']);
});

test('each tool has a title and a description, and so has each thing that it is given', () => {
  for (const [name, { config }] of toolsOf(daemon)) {
    expect([name, config.title]).toEqual([name, expect.stringMatching(/^[A-Z][a-z]+ ./)]);
    expect([name, config.description]).toEqual([name, expect.stringMatching(/^[A-Z`].*\.$/)]);
    expect(config.annotations).toMatchObject({ openWorldHint: false });
  }
  const schema = (name: string): string =>
    JSON.stringify(z.toJSONSchema(toolsOf(daemon).get(name)?.config.inputSchema as never));
  for (const said of ['How many lines of each job', 'that match this regular expression', '10m, 14:30'])
    expect(schema('logs')).toContain(said);
  expect([schema('why'), schema('apply'), schema('restart'), schema('stop')]).toEqual([
    expect.stringContaining('One job or instance'),
    expect.stringContaining('The id that `plan` gave'),
    expect.stringContaining('a copy that does not come up stops the roll'),
    expect.stringContaining('patterns such as web*'),
  ]);
});

test('the status counts the jobs, tells those in trouble first and names one to ask about', async () => {
  daemon.on('status', [statusOf(...JOBS)]);
  const [text, isError] = await call('status', { jobs: ['web'] });
  expect(isError).toBe(false);
  expect(text.split('\n')[0]).toBe('1 backoff, 1 held, 2 running');
  expect(
    text
      .split('\n')
      .slice(2, 6)
      .map((line) => line.split(' ')[0]),
  ).toEqual(['import', 'mail', 'api', 'web']);
  expect(text).toMatch(/\n\nNext: `why` says why import is backoff\.$/);
  expect(daemon.asked).toEqual([{ name: 'status', jobs: ['web'] }]);
});

test('the status of many jobs shows sixty of them, and that of none says so', async () => {
  const many = Array.from({ length: 62 }, (_, at) => job({ name: `job-${at}` }));
  daemon.on('status', [statusOf(...many)]);
  const [text] = await call('status');
  expect(text).toMatch(/… and 2 more: name jobs or a pattern$/);
  expect(text.includes('job-59')).toBe(true);
  expect(text.includes('job-60')).toBe(false);
  daemon.on('status', [statusOf()]);
  expect(await call('status')).toEqual(['no jobs', false]);
});

test('why tells each instance by its name', async () => {
  daemon.on('why', [answer({ jobs: [WHY, WHY] })]);
  const [text] = await call('why', { job: 'web' });
  expect(text.split('\n').filter((line) => line.startsWith('web  held')).length).toBe(2);
  expect(text).toContain('Its test says no');
});

test('a plan has an id, and apply does it only where it is still the same', async () => {
  const plan = { ...REPORT, changes: [change({ action: 'start', reason: 'new', state: 'stopped' })] };
  daemon.on('plan', [answer(plan)]).on('apply', [answer(REPORT)]);
  const id = planId(plan);
  const [planned, isError] = await call('plan');
  expect([isError, planned.includes(`\nplan id: ${id}`)]).toEqual([false, true]);
  expect(planned).toMatch(/Next: show this to the user; `apply` with the plan id does it\.$/);
  const [refused, isRefused] = await call('apply', { plan: 'another' });
  expect([isRefused, daemon.asked.some(({ name }) => name === 'apply')]).toEqual([true, false]);
  expect(refused).toMatch(/^The plan has changed\. Now it is:\n/);
  expect(refused).toContain(`plan id: ${id}`);
  expect((await call('apply', { plan: id }))[1]).toBe(false);
  expect(daemon.asked.at(-1)).toEqual({
    name: 'apply',
    configDir: HOMES.config,
    wait: true,
    allowEmpty: false,
  });
});

test('a config with problems has no plan', async () => {
  daemon.on('plan', [answer(BAD)]);
  const [text, isError] = await call('plan');
  expect(isError).toBe(true);
  expect(text).toContain('unknown key "nam"');
  expect(text).toMatch(/Nothing was changed\.\n\nNext: mend the config, then `plan` again\.$/);
});

test('a job that does not come up makes a change an error, which says what to ask next', async () => {
  const down = { ...REPORT, ok: false, changes: [change({ action: 'start', state: 'failed' })] };
  daemon
    .on('start', [answer(down)])
    .on('stop', [answer(REPORT)])
    .on('restart', [answer(REPORT)]);
  const [text, isError] = await call('start', { jobs: ['web'] });
  expect([isError, text.endsWith('Next: `why` says why web is down.')]).toEqual([true, true]);
  expect((await call('stop', { jobs: ['web'] }))[1]).toBe(false);
  await call('restart', { jobs: ['web'] });
  await call('restart', { jobs: ['web'], rolling: true });
  expect(daemon.asked).toEqual([
    { name: 'start', jobs: ['web'], all: false, wait: true },
    { name: 'stop', jobs: ['web'], all: false },
    { name: 'restart', jobs: ['web'], all: false, wait: true },
    { name: 'restart', jobs: ['web'], all: false, wait: true, rolling: true },
  ]);
  expect((await call('stop', { jobs: ['web'] }))[0]).not.toContain('Next:');
});

test('a job in backoff is down as well', async () => {
  daemon.on('start', [answer({ ...REPORT, ok: false, changes: [change({ state: 'backoff' })] })]);
  expect((await call('start', { jobs: ['web'] }))[0]).toMatch(/Next: `why` says why web is down\.$/);
});

test('only apply and start begin a daemon', async () => {
  daemon.gone().on('start', [answer(REPORT)]);
  for (const [name, input] of [
    ['stop', { jobs: ['web'] }],
    ['restart', { jobs: ['web'] }],
    ['wait', { jobs: ['web'] }],
    ['status', {}],
    ['why', { job: 'web' }],
    ['plan', {}],
  ] as const)
    expect([name, ...(await call(name, input))]).toEqual([
      name,
      expect.stringMatching(/^no-daemon: [^]*Next: `plan` shows what would be started/),
      true,
    ]);
  expect((await call('start', { jobs: ['web'] }))[1]).toBe(false);
});

test('a report tells what was done, and a plan what would be done', async () => {
  const report = { ...REPORT, changes: [change({ action: 'start', reason: 'new' })] };
  daemon.on('start', [answer(report)]).on('plan', [answer(report)]);
  expect((await call('start', { jobs: ['web'] }))[0]).toMatch(/\n1 started$/);
  expect((await call('plan'))[0]).toMatch(/\n1 to start\n/);
});

test('a start that leaves a job held is an error, which gives the reason', async () => {
  const held = change({ state: 'held', pid: null, detail: 'its test says no' });
  daemon.on('start', [answer({ ...REPORT, ok: false, changes: [held] })]);
  const [text, isError] = await call('start', { jobs: ['web'] });
  expect([isError, text.split('\n')[0]]).toEqual([true, expect.stringContaining('its test says no')]);
  expect(text).toMatch(/Next: `why` says why web is held\.$/);
});

test('a wait may be for any state', async () => {
  daemon.on('wait', [answer({ ok: true, stuck: [], jobs: [job({ name: 'web', state: 'stopped' })] })]);
  expect(await call('wait', { jobs: ['web'], for: 'stopped' })).toEqual(['web: stopped', false]);
  expect(daemon.asked).toEqual([{ name: 'wait', jobs: ['web'], state: 'stopped' }]);
});

test('what is not said has a value: 50 lines, and a wait of a minute until a job runs', () => {
  const whole = (name: string, input: object): unknown =>
    toolsOf(daemon).get(name)?.config.inputSchema.parse(input);
  expect([whole('logs', {}), whole('wait', { jobs: ['web'] })]).toEqual([
    { lines: 50 },
    { jobs: ['web'], for: 'running', timeoutSeconds: 60 },
  ]);
});

test('a wait tells what was reached, or how the jobs are when the time is up', async () => {
  daemon.on('wait', [answer({ ok: true, stuck: [], jobs: [job({ name: 'web' }), job({ name: 'db' })] })]);
  expect(await call('wait', { jobs: ['web', 'db'] })).toEqual(['web, db: running', false]);
  expect(daemon.asked).toEqual([{ name: 'wait', jobs: ['web', 'db'], state: 'running' }]);
  daemon.on('wait', 'silent').on('status', [statusOf(job({ name: 'web', state: 'backoff' }))]);
  expect(await call('wait', { jobs: ['web'], timeoutSeconds: 0.005 })).toEqual([
    'timeout: timed out after 0.005 s: web is backoff\n\n' +
      'Next: `why` says what it waits for; `wait` again goes on waiting.',
    true,
  ]);
  daemon.on('wait', [refusal('no-such-job')]);
  expect(await call('wait', { jobs: ['web'] })).toEqual([
    'no-such-job: it is no-such-job\n\nNext: `status` lists the jobs.',
    true,
  ]);
});

test('what an assistant may ask is bounded', () => {
  const tools = toolsOf(daemon);
  const takes = (name: string, input: object): boolean => {
    try {
      tools.get(name)?.config.inputSchema.parse(input);
      return true;
    } catch {
      // It is refused.
      return false;
    }
  };
  expect([
    takes('status', { jobs: [] }),
    takes('logs', { lines: 500 }),
    takes('logs', { lines: 501 }),
    takes('logs', { lines: 0 }),
    takes('logs', { grep: 'x'.repeat(1001) }),
    takes('wait', { jobs: ['web'], timeoutSeconds: 600 }),
    takes('wait', { jobs: ['web'], timeoutSeconds: 601 }),
    takes('wait', { jobs: ['web'], for: 'flying' }),
    takes('apply', {}),
  ]).toEqual([false, true, false, false, false, true, false, false, false]);
});

/** A daemon of a home with these logs, which does not run. */
function withLogs(logs: Readonly<Record<string, string>>): void {
  const data = newFolder();
  mkdirSync(join(data, 'logs'));
  for (const [name, text] of Object.entries(logs)) writeFileSync(join(data, 'logs', `${name}.log`), text);
  daemon = new AskedDaemon({ ...HOMES, data }).gone();
}

test('the last lines of each job are told, or those that match', async () => {
  withLogs({ db: 'ready\n', web: 'one\ntwo\nthree\nodd \u001b[2J\n' });
  expect(await call('logs', { lines: 2 })).toEqual(['== db\nready\n== web\nthree\nodd \\e[2J', false]);
  expect(await call('logs', { jobs: ['web'], lines: 1, grep: '^t' })).toEqual(['== web\nthree', false]);
  expect(await call('logs', { jobs: ['web'], grep: 'nowhere' })).toEqual(['No line matches.', false]);
  expect(await call('logs', { jobs: ['none'] })).toEqual([
    'no-such-job: no such job and no log of one: none\n\nNext: `status` lists the jobs.',
    true,
  ]);
});

test('a pattern or a time that is none is an error, and no lines are no error', async () => {
  withLogs({ web: '' });
  expect(await call('logs')).toEqual(['Nothing was printed.', false]);
  expect(await call('logs', { grep: '(' })).toEqual([expect.stringMatching(/^grep: Invalid regular/), true]);
  expect(await call('logs', { since: 'soon' })).toEqual([
    'since: no time such as 10m, 14:30 or 2026-01-31T14:30: soon',
    true,
  ]);
  expect(await call('logs', { since: '10m' })).toEqual(['Nothing was printed.', false]);
});

test('a log that ends before the time that is asked for has no lines', async () => {
  withLogs({ web: 'old\n' });
  const anHourAgo = Date.now() / 1000 - 3600;
  utimesSync(join(daemon.target.homes.data, 'logs/web.log'), anHourAgo, anHourAgo);
  expect(await call('logs', { since: '10m' })).toEqual(['Nothing was printed.', false]);
  expect(await call('logs', { since: '2h' })).toEqual(['== web\nold', false]);
});

test('letters of a pattern match only in their own case', async () => {
  withLogs({ web: 'error\nError\n' });
  expect(await call('logs', { grep: 'E' })).toEqual(['== web\nError', false]);
});

test('why shows the last lines of each instance', async () => {
  withLogs({ 'web@1': 'first says\n', 'web@2': 'second says\n' });
  const { homes } = daemon.target;
  daemon = new AskedDaemon(homes);
  const instance = (name: string) => ({ ...WHY, status: { ...WHY.status, name } });
  daemon.on('why', [answer({ jobs: [instance('web@1'), instance('web@2')] })]);
  expect((await call('why', { job: 'web' }))[0]).toMatch(/web@1[^]*first says[^]*web@2[^]*second says/);
});
