import { reportBug } from '../../../../src/cli/call/run-command-line.ts';
import type { Reply } from '../../../../src/wire/messages.ts';
import { answering, KeptOutput, run } from '../../../support/fake-cli.ts';
import {
  job,
  change,
  JOBS,
  DAEMON,
  REPORT,
  BAD,
  answer,
  refusal,
  statusOf,
} from '../../../support/sample-replies.ts';

/** The object for a trouble of this code, with whatever message it has. */
function failure(code: string, out: string): unknown {
  const { error } = JSON.parse(out) as { readonly error: { readonly message: string } };
  return { ok: false, error: { code, message: error.message } };
}

test('results of a command go to stdout, everything else to stderr', async () => {
  expect(await run('', answering(answer(REPORT)))).toEqual({
    code: 0,
    out: 'nothing changed: 1 job running\n',
    err: '',
  });
  expect(await run('status', answering(null))).toEqual({
    code: 3,
    out: '',
    err: 'overseer: no daemon is running; `overseer` starts one\n',
  });
  expect(await run('', answering(answer(BAD)))).toEqual({
    code: 78,
    out: '',
    err: '/c/a.toml:3:1: unknown key "nam"\n   3 | nam\n     | ^\noverseer: the config has a problem; nothing was changed\n',
  });
});

test('--json prints the same facts, and of a problem exactly its four keys', async () => {
  const bad = await run('--json', answering(answer(BAD)));
  expect(JSON.parse(bad.out)).toEqual({
    ok: false,
    changes: [],
    problems: [{ file: '/c/a.toml', line: 3, column: 1, message: 'unknown key "nam"' }],
  });
  const status = await run('status --json', answering(statusOf(...JOBS)));
  expect(JSON.parse(status.out)).toEqual({
    daemon: DAEMON,
    jobs: JOBS.map(({ job: _, ages: __, lastRunFailed: ___, ...shown }) => ({
      ...shown,
      oldConfig: false,
      cpuPercent: null,
      memoryBytes: null,
    })),
  });
  const none = await run('status --json', answering(null));
  expect(JSON.parse(none.out)).toEqual({
    ok: false,
    daemon: null,
    jobs: [],
    error: { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' },
  });
  const refused = await run('stop x --json', answering(refusal('no-such-job')));
  expect(JSON.parse(refused.out)).toEqual({
    ok: false,
    changes: [],
    problems: [],
    error: { code: 'no-such-job', message: 'it is no-such-job' },
  });
});

test.each([
  ['events --json', null, 3, 'no-daemon'],
  ['events -f --json', null, 3, 'no-daemon'],
  ['events nope --json', refusal('no-such-job'), 4, 'no-such-job'],
  ['events --json --nope', null, 64, 'usage'],
  ['logs nope --json', null, 4, 'no-such-job'],
  ['logs -n x --json', null, 64, 'usage'],
  ['run /nowhere/at/all --json', null, 78, 'no-config'],
])('`overseer %s` prints an object a line, and so its trouble', async (line, reply, code, error) => {
  const { out, ...rest } = await run(line, answering(reply));
  expect([rest.code, out.split('\n').length, JSON.parse(out)]).toEqual([code, 2, failure(error, out)]);
  expect(rest.err).not.toBe('');
});

test.each([
  ['--jsn --json', null, 64, 'usage'],
  ['nonsense --json', null, 64, 'usage'],
  ['status --json --nope', null, 64, 'usage'],
  ['stop --json', null, 64, 'usage'],
  ['reload --json', null, 64, 'usage'],
  ['die --json', null, 3, 'no-daemon'],
  ['machines jib --json', null, 64, 'usage'],
  ['completion tcsh --json', null, 64, 'usage'],
  ['init --config /dev/null/x --json', null, 1, 'unwritable'],
  ['--json', null, 70, 'bug'],
])('`overseer %s` prints its trouble as the same object', async (line, reply, code, error) => {
  const { out, err, ...rest } = await run(line, answering(reply));
  expect([rest.code, JSON.parse(out)]).toEqual([code, failure(error, out)]);
  expect(err).not.toBe('');
});

test('a --json after `--` asks for no JSON', async () => {
  expect((await run('status --nope -- --json', answering(null))).out).toBe('');
});

test('a job that did not come up is reported with a next step', async () => {
  const reply = answer({
    ok: false,
    changes: [
      change({ action: 'start', reason: 'new', detail: 'exited with 3', state: 'failed', pid: null }),
    ],
    problems: [],
  });
  expect((await run('', answering(reply))).err).toBe(
    'web did not come up: `overseer why web` says why, `overseer logs web` what it printed\n',
  );
});

test('a daemon that is there and cannot be talked to is not called absent', async () => {
  const world = answering(answer(REPORT));
  world.daemons.set(1, { unreachable: 'version' });
  expect(await run('status', world)).toEqual({ code: 1, out: '', err: 'overseer: it is version\n' });
});

test('colour and progress are for terminals; NO_COLOR, --no-color and TERM=dumb are respected', async () => {
  const progress: Reply = {
    kind: 'progress',
    progress: { done: 0, of: 1, pending: [{ job: 'web', state: 'starting' }] },
  };
  const look = async (line: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    const world = answering(answer(REPORT));
    world.daemons.set(1, { replies: [progress, statusOf(job({}))] });
    const out = new KeptOutput({ columns: 80 });
    const err = new KeptOutput({ columns: 80 });
    await run(line, world, { env, out, err });
    return [out.text, err.text];
  };
  const rewritten = '\r\u001b[Kwaiting for 0 of 1: web\r\u001b[K';
  expect(await look('status', {})).toEqual([
    '\u001b[1mNAME\u001b[0m  \u001b[1mSTATE\u001b[0m\nweb   \u001b[32mrunning\u001b[0m\n',
    rewritten,
  ]);
  for (const [line, env] of [
    ['status --no-color', {}],
    ['status', { NO_COLOR: '1' }],
    ['status', { TERM: 'dumb' }],
  ] as const) {
    expect(await look(line, env)).toEqual(['NAME  STATE\nweb   running\n', rewritten]);
  }
  expect((await run('status', answering(statusOf(job({}))))).out).toBe('NAME  STATE\nweb   running\n');
});

/** What is printed about an error that nobody caught. */
const toldOf = async (error: Error, env: Readonly<Record<string, string>> = {}): Promise<unknown> => {
  const [out, err] = [new KeptOutput(), new KeptOutput()];
  return { code: await reportBug(error, ['status'], { out, err, env }), out: out.text, err: err.text };
};

test.each(['EACCES', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EPERM', 'EROFS', 'ESTALE'])(
  'what the system refuses is no bug of overseer: %s',
  async (code) => {
    const error = Object.assign(new Error(`${code}: write`), { code });
    expect(await toldOf(error)).toEqual({
      code: 1,
      out: '',
      err: `overseer: the system says: ${code}: write\n`,
    });
  },
);

test('a bug of overseer asks for a report, and OVERSEER_DEBUG shows the stack', async () => {
  const error = Object.assign(new Error('x is null'), { code: 'ERR_X', stack: 'at x' });
  const err =
    'overseer: a bug of ours: x is null\nPlease report it; OVERSEER_DEBUG=1 shows where it happened.\n';
  expect(await toldOf(error)).toEqual({ code: 70, out: '', err });
  expect(await toldOf(error, { OVERSEER_DEBUG: '1' })).toEqual({ code: 70, out: '', err: `${err}at x\n` });
});
