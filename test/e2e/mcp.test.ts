import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Home, OVERSEER, awaited } from './support/home.ts';

let home: Home;
let client: Client;
beforeEach(() => {
  home = new Home();
  client = new Client({ name: 'test', version: '1' });
});
afterEach(async () => {
  await client.close();
  await home.dispose();
});

const JOBS = [
  '[[jobs]]\nname = "web"\njob_command = "sleep 1000"\nstart_seconds = 0\n',
  '[[jobs]]\nname = "once"\njob_command = { exe = "sh", args = ["-c", "echo first; echo oops; exit 3"] }\nrestart = "never"\n',
].join('\n');

async function connect(...words: readonly string[]): Promise<void> {
  const args = [OVERSEER, 'mcp', ...words];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env: { ...home.env } }));
}

interface Answered {
  readonly text: string;
  readonly isError: boolean;
}

async function call(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<Answered> {
  const { content, isError = false } = await client.callTool({ name, arguments: { ...args } });
  const [first] = content;
  if (first?.type !== 'text') throw new Error('no text');
  return { text: first.text, isError };
}

const planId = (text: string): string => /^plan id: (\w+)$/m.exec(text)?.[1] ?? '';

test('T-406 mcp offers tools with hints, and does what they say', async () => {
  home.write('a.toml', JOBS);
  await connect();
  const { tools } = await client.listTools();
  const changing = tools
    .filter(({ annotations }) => annotations?.readOnlyHint !== true)
    .map(({ name }) => name);
  expect(changing.toSorted()).toEqual(['apply', 'restart', 'start', 'stop']);
  expect(await call('status')).toMatchObject({
    isError: true,
    text: expect.stringContaining('Next: `plan` shows'),
  });

  const plan = await call('plan');
  expect(plan.text).toContain('2 to start');
  expect(await call('apply', { plan: planId(plan.text) })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/1 started, 1 down[^]*Next: `why` says why once is down/),
  });
  expect((await call('status')).text).toMatch(
    /^1 failed, 1 running\n[^]*Next: `why` says why once is failed/,
  );
  expect((await call('why', { job: 'once' })).text).toContain('exited with 3');
  expect((await call('logs', { grep: '^oo' })).text).toBe('== once\noops');
  expect(await call('restart', { jobs: ['web'] })).toMatchObject({ isError: false });
  expect(await call('restart', { jobs: ['web'], rolling: true })).toMatchObject({ isError: false });
  expect((await call('wait', { jobs: ['web'] })).text).toBe('web: running');
  expect((await call('stop', { jobs: ['w*'] })).text).toContain('1 stopped');
  expect((await home.job('web')).state).toBe('stopped');
});

test('why of mcp names a job once and shows the end of its log; start says why a job is held', async () => {
  home.write('a.toml', `${JOBS}[[jobs]]\nname = "off"\njob_command = "x"\ntest_command = "false"\n`);
  await connect();
  await call('apply', { plan: planId((await call('plan')).text) });
  const why = (await call('why', { job: 'once' })).text;
  expect(why).toMatch(/^once {2}failed \(exit 3\)\n[^]*\n {2}first\n {2}oops$/);
  expect(await call('start', { jobs: ['off'] })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^· off {2}held {2}test exited with 1\n[^]*Next: `why` says why off is held/),
  });
});

test('the apply tool of mcp refuses a plan that has changed since it was shown', async () => {
  home.write('a.toml', JOBS);
  await connect();
  const { text } = await call('plan');
  home.write('b.toml', '[[jobs]]\nname = "late"\njob_command = "sleep 1000"\n');
  const refused = await call('apply', { plan: planId(text) });
  expect(refused).toMatchObject({ isError: true, text: expect.stringContaining('The plan has changed') });
  expect(refused.text).toContain('late');
  expect((await home.overseer('status')).code).toBe(3);
});

test('T-407 mcp --read-only has no tool that changes something', async () => {
  home.write('a.toml', JOBS);
  await home.apply();
  await connect('--read-only');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
    'status',
    'why',
    'logs',
    'plan',
    'wait',
  ]);
  expect((await call('status')).text).toContain('1 running');
});

test('an mcp tool that fails answers with what to do next', async () => {
  home.write('a.toml', JOBS);
  await home.apply();
  await connect();
  expect(await call('why', { job: 'nobody' })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^no-such-job: [^]*Next: `status` lists the jobs/),
  });
  expect(await call('logs', { grep: '(' })).toMatchObject({ isError: true });
  expect(await call('logs', { since: 'yesterday-ish' })).toMatchObject({ isError: true });
  expect(await call('logs', { jobs: ['nobody'] })).toMatchObject({ isError: true });
  expect(await call('wait', { jobs: ['web'], for: 'failed', timeoutSeconds: 0.1 })).toMatchObject({
    isError: true,
    text: expect.stringContaining('web is running'),
  });
  home.write('b.toml', 'nonsense');
  expect(await call('plan')).toMatchObject({ isError: true, text: expect.stringContaining('b.toml:1') });
});

test('mcp offers the config, the documentation and the charts as resources', async () => {
  home.write('a.toml', JOBS);
  await connect();
  const read = async (uri: string): Promise<string> => {
    const [first] = (await client.readResource({ uri })).contents;
    return first !== undefined && 'text' in first ? first.text : '';
  };
  expect(await read('overseer://config')).toBe(JOBS);
  expect(await read('overseer://docs/configuration')).toMatch(/^# Configuration/);
  expect(await read('overseer://charts/job')).toMatch(/^job/);
});

test('mcp cuts a long answer and says how to ask for the rest', async () => {
  home.write(
    'a.toml',
    '[[jobs]]\nname = "talk"\njob_command = { exe = "sh", args = ["-c", "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -n 3000"] }\nrestart = "never"\n',
  );
  await home.apply();
  await awaited(async () => home.log('talk').split('\n').length > 3000 || null, 'its output');
  await connect();
  const { text } = await call('logs', { lines: 500 });
  expect(text.length).toBeLessThan(25_000);
  expect(text).toMatch(/characters left out; ask for fewer jobs or lines/);
});
