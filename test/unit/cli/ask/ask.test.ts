import type { Reply } from '../../../../src/wire/messages.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { KeptOutput, run, type Outcome } from '../../../support/fake-cli.ts';
import { answer, job, refusal, REPORT, statusOf } from '../../../support/sample-replies.ts';
import { until } from '../../../support/until.ts';

const PROGRESS: Reply = {
  kind: 'progress',
  progress: { done: 1, of: 2, pending: [{ job: 'db', state: 'starting' }] },
};

/** A command, and Ctrl-C once this was asked. */
async function broken(words: string, replies: readonly Reply[]): Promise<Outcome> {
  const daemon = new AskedDaemon().on('status', 'silent');
  for (const name of ['apply', 'start', 'stop', 'restart', 'DIE'] as const) daemon.on(name, [...replies]);
  const [interrupted, err] = [new AbortController(), new KeptOutput({ columns: 80 })];
  const outcome = run(words, daemon.world, {
    ports: daemon.target.ports,
    err,
    interruption: () => interrupted.signal,
  });
  await until(() => daemon.asked.length > 0 && (replies.length === 0 || err.text !== ''));
  interrupted.abort();
  return { ...(await outcome), err: err.text };
}

test('Ctrl-C leaves to the daemon what it has begun, and says so', async () => {
  const { code, err } = await broken('start web', [PROGRESS]);
  expect([code, err]).toEqual([
    130,
    '\r\u001b[Kstarting 1 of 2: db\r\u001b[K' +
      'overseer: the daemon goes on with it; `overseer status` shows how far it is\n',
  ]);
  expect(await broken('start web', [])).toMatchObject({ code: 130, err: '' });
});

test.each(['apply', 'stop web', 'restart web', 'die'])(
  'Ctrl-C leaves to the daemon what `overseer %s` has begun',
  async (words) => {
    const { code, err } = await broken(words, [PROGRESS]);
    expect([code, err]).toEqual([130, expect.stringContaining('the daemon goes on with it')]);
  },
);

test('how far a command is stands on a terminal only, until the answer comes', async () => {
  const asked = async (err: KeptOutput): Promise<string> => {
    const daemon = new AskedDaemon().on('start', [PROGRESS, answer(REPORT)]);
    await run('start web', daemon.world, { ports: daemon.target.ports, err });
    return err.text;
  };
  expect(await asked(new KeptOutput({ columns: 80 }))).toBe('\r\u001b[Kstarting 1 of 2: db\r\u001b[K');
  expect(await asked(new KeptOutput())).toBe('');
});

test('a failure as JSON has its code and its words in place of the answer', async () => {
  const asked = async (words: string, daemon: AskedDaemon): Promise<unknown> => {
    const { code, out } = await run(words, daemon.world, { ports: daemon.target.ports });
    return [code, JSON.parse(out)];
  };
  expect(await asked('status --json', new AskedDaemon().gone())).toEqual([
    3,
    {
      ok: false,
      daemon: null,
      jobs: [],
      error: { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' },
    },
  ]);
  const knowing = new AskedDaemon().on('status', [refusal('no-such-job')], [statusOf(job({}))]);
  expect(await asked('status web --json', knowing)).toEqual([
    4,
    {
      ok: false,
      daemon: expect.objectContaining({ pid: 4000 }),
      jobs: [],
      error: { code: 'no-such-job', message: expect.stringContaining('it is no-such-job') },
    },
  ]);
  expect(await asked('start web --json', new AskedDaemon().on('start', [refusal('degraded')]))).toEqual([
    1,
    { ok: false, changes: [], problems: [], error: { code: 'degraded', message: 'it is degraded' } },
  ]);
});

test('a daemon that goes away before it answers is a failure', async () => {
  const daemon = new AskedDaemon().on('stop', 'closes');
  expect(await run('stop web', daemon.world, { ports: daemon.target.ports })).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^overseer: .*daemon/),
  });
});
