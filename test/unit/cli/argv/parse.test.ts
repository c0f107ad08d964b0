import { parse } from '../../../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { answering, run } from '../../../support/fake-cli.ts';
import { fakePorts, fakeWorld, HOMES } from '../../../support/fake-client.ts';
import { job, REPORT, answer, refusal, statusOf } from '../../../support/sample-replies.ts';

test.each([
  ['stauts', 'unknown command stauts: did you mean "status"?\nTry `overseer --help`.'],
  ['--jsn', 'unknown option --jsn: did you mean "--json"?\nTry `overseer --help`.'],
  [
    '--no-wait plan',
    'plan has no option --no-wait: apply, start, restart have it\nTry `overseer plan --help`.',
  ],
  [
    '--no-wait status web',
    'status has no option --no-wait: apply, start, restart have it\nTry `overseer status --help`.',
  ],
  ['status --timeout 5', 'status has no option --timeout: wait has it\nTry `overseer status --help`.'],
  ['--no-wait plam', 'unknown command plam: did you mean "plan"?\nTry `overseer --help`.'],
  ['site status', 'unknown command site\nTry `overseer --help`.'],
  ['logs --folow', 'unknown option --folow: did you mean "--follow"?\nTry `overseer logs --help`.'],
  ['machines job db', 'unexpected word db\nTry `overseer machines --help`.'],
  ['status --__proto__.x=1', 'unknown option --__proto__.x\nTry `overseer status --help`.'],
  ['logs -n', '-n wants a value\nTry `overseer logs --help`.'],
  ['machines --format --simple', '--format wants a value\nTry `overseer machines --help`.'],
  ['die --keep-jobs=yes', '--keep-jobs takes no value\nTry `overseer die --help`.'],
  ['die --keep-jobs=true', '--keep-jobs takes no value\nTry `overseer die --help`.'],
  ['die --keep-jobs false', 'unexpected word false\nTry `overseer die --help`.'],
  ['plan --exit-code=1', '--exit-code takes no value\nTry `overseer plan --help`.'],
  ['logs -f=no web', '-f takes no value\nTry `overseer logs --help`.'],
  ['--json=foo', '--json takes no value\nTry `overseer --help`.'],
  ['--version=1', '--version takes no value\nTry `overseer --help`.'],
  ['status --help=foo', '--help takes no value\nTry `overseer status --help`.'],
  ['-- status', 'unexpected word status\nTry `overseer --help`.'],
  ['check -', '- is no file: standard input is not read\nTry `overseer check --help`.'],
  ['run -', '- is no file: standard input is not read\nTry `overseer run --help`.'],
  ['-', 'unknown command -\nTry `overseer --help`.'],
  ['help nope', 'unknown command nope\nTry `overseer --help`.'],
  ['help stauts', 'unknown command stauts: did you mean "status"?\nTry `overseer --help`.'],
  [
    'completion tcsh',
    'there is no script for tcsh; there are bash, zsh, fish\nTry `overseer completion --help`.',
  ],
  [
    'wait web --for nope',
    '--for: there is no state nope; there are waiting, testing, held, starting, running, stopping, backoff, finished, failed, stopped\nTry `overseer wait --help`.',
  ],
])('`overseer %s` is told what is wrong', async (line, message) => {
  expect(await run(line, answering(null))).toEqual({ code: 64, out: '', err: `overseer: ${message}\n` });
});

test.each<[string, object]>([
  ['--allow-empty plan', { name: 'plan', configDir: HOMES.config, allowEmpty: true }],
  ['--for stopped wait web', { name: 'wait', jobs: ['web'], state: 'stopped' }],
])('an option may stand before the command that it belongs to: %s', async (line, request) => {
  const asked: unknown[] = [];
  const ports = fakePorts(answering(answer({ ...REPORT, jobs: [] })));
  const connect: typeof ports.connect = async (file) => {
    const connection = await ports.connect(file);
    return {
      ...connection,
      request: (each, ...rest) => (asked.push(each), connection.request(each, ...rest)),
    };
  };
  await run(line, fakeWorld(), { ports: { ...ports, connect } });
  expect(asked).toEqual([request]);
});

test('a job may be called like a command, an option or a number', async () => {
  const asked: unknown[] = [];
  const ports = fakePorts(answering(statusOf(job({}))));
  const connect: typeof ports.connect = async (file) => {
    const connection = await ports.connect(file);
    return {
      ...connection,
      request: (request, ...rest) => (asked.push(request), connection.request(request, ...rest)),
    };
  };
  for (const line of [
    'status help',
    'status 007 1e3 007',
    'status -- status',
    'status --json true',
    'status web - -- db',
  ])
    await run(line, fakeWorld(), { ports: { ...ports, connect } });
  const words = [['help'], ['007', '1e3'], ['status'], ['true'], ['web', '-', 'db']];
  expect(asked).toEqual(words.map((jobs) => ({ name: 'status', jobs })));
});

test('after `--` a word is a job, whatever it looks like, also where one alone is taken', async () => {
  const refused = answering(refusal('no-such-job'));
  expect((await run('why -- --json', refused)).code).toBe(4);
  expect((await run('show web -- db', refused)).err).toContain('unexpected word db');
});

test('`reload` is refused with what may be meant, whatever follows', async () => {
  const { err } = await run('reload', answering(null));
  expect(err).toMatch(/^overseer: there is no `reload`: .*overseer restart JOB/);
  for (const line of [
    'reload --all',
    'reload -f web',
    '--no-color reload x --nonsense',
    'reload --config',
    'reload --help',
    'reload --all=1',
    'reload -',
  ])
    expect(await run(line, answering(null))).toEqual({ code: 64, out: '', err });
});

test.each([
  ['--no-wait start web', { jobs: ['web'], 'no-wait': true }],
  ['--all status', { all: true }],
  ['-f logs status', { jobs: ['status'], follow: true }],
])('`overseer %s`: an option before the command takes no word for its value', async (line, meant) => {
  const parsed = await parse(line.split(' '), COMMANDS, 80);
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  const { args } = parsed;
  const found = Object.fromEntries(
    Object.keys(meant).map((name) => [name, name === 'jobs' ? args.words(name) : args.flag(name)]),
  );
  expect(found).toEqual(meant);
});
