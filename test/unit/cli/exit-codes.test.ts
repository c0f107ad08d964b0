import type { Reply } from '../../../src/wire/messages.ts';
import { answering, run } from '../../support/fake-cli.ts';
import { fakeWorld, launchOf } from '../../support/fake-client.ts';
import { job, change, REPORT, BAD, answer, refusal, statusOf } from '../../support/sample-replies.ts';

describe('exit codes', () => {
  const down = answer({
    ...REPORT,
    ok: false,
    changes: [change({ action: 'start', state: 'failed', pid: null })],
  });

  const pending = answer({ ...REPORT, changes: [change({ action: 'start', reason: 'new' })] });

  test.each<[line: string, reply: Reply | null, code: number]>([
    ['', answer(REPORT), 0],
    ['apply --no-wait', answer(REPORT), 0],
    ['', down, 1],
    ['', answer(BAD), 78],
    ['', refusal('degraded'), 1],
    ['', refusal('internal'), 1],
    ['', refusal('shutting-down'), 1],
    ['status', refusal('shutting-down'), 1],
    ['plan', pending, 0],
    ['plan --exit-code', pending, 2],
    ['plan --exit-code', answer(REPORT), 0],
    ['plan --exit-code', answer(BAD), 78],
    ['plan', null, 3],
    ['status', statusOf(), 0],
    ['status', null, 3],
    ['ls', statusOf(job({ state: 'failed' })), 0],
    ['status web', statusOf(job({})), 0],
    ['status web', statusOf(job({ state: 'held' })), 3],
    ['status web', statusOf(job({ name: 'web@1' }), job({ name: 'web@2', state: 'stopped' })), 3],
    ['status web', refusal('no-such-job'), 4],
    ['status web --all', statusOf(job({})), 64],
    ['status web db', statusOf(job({}), job({ name: 'db', state: 'held' })), 0],
    ['why web', refusal('no-such-job'), 4],
    ['why web', null, 3],
    ['why', answer(REPORT), 64],
    ['start web', answer(REPORT), 0],
    ['start web', down, 1],
    ['restart --all', answer(REPORT), 0],
    ['stop web', answer({ ...REPORT, changes: [change({ action: 'stop', state: 'stopped' })] }), 0],
    ['stop web', null, 3],
    ['stop', answer(REPORT), 64],
    ['stop web --all', answer(REPORT), 64],
    ['signal HUP web', answer({ signalled: ['web'] }), 0],
    ['signal HUP web', refusal('not-running'), 1],
    ['send web hello', refusal('no-stdin'), 1],
    ['signal FOO web', null, 64],
    ['signal 0 web', null, 64],
    ['signal HUP web', null, 3],
    ['signal HUP', null, 64],
    ['die', answer({ stopped: ['web'], kept: [] }), 0],
    ['shutdown --keep-jobs', answer({ stopped: [], kept: ['web'] }), 0],
    ['die', null, 3],
    ['reload', answer(REPORT), 64],
    ['logs -n many', null, 64],
    ['logs nope', null, 4],
    ['--help', null, 0],
    ['stop --help', null, 0],
    ['--version', null, 0],
    ['nonsense', null, 64],
    ['status --nonsense', null, 64],
  ])('`overseer %s` with %j exits with its code', async (line, reply, code) => {
    expect((await run(line, answering(reply))).code).toBe(code);
  });

  test('70 is a bug of ours, said in a line; the stack is for those who ask', async () => {
    const short = await run('', fakeWorld());
    expect({ ...short, isTraced: short.err.includes('    at ') }).toEqual({
      code: 70,
      out: '',
      err: 'overseer: a bug of ours: one launch more than the test foresaw\nPlease report it; OVERSEER_DEBUG=1 shows where it happened.\n',
      isTraced: false,
    });
    expect((await run('', fakeWorld(), { env: { OVERSEER_DEBUG: '1' } })).err).toContain('    at ');
  });

  test('an error of the disk is a failure, not a bug of ours', async () => {
    const world = fakeWorld({
      launches: [
        () => {
          throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
        },
      ],
    });
    expect(await run('', world)).toMatchObject({
      code: 1,
      err: 'overseer: the system says: EIO: i/o error, read\n',
    });
  });

  test('only `overseer` and `start` launch a daemon', async () => {
    const launching: string[] = [];
    for (const line of [
      '',
      'plan',
      'status',
      'why web',
      'start web',
      'stop web',
      'restart web',
      'signal HUP web',
      'wait web',
      'die',
    ]) {
      const world = fakeWorld({
        launches: [launchOf(1)],
        daemons: new Map([[1, { replies: [answer(REPORT)] }]]),
      });
      await run(line, world);
      if (world.log.includes('launch')) launching.push(line);
    }
    expect(launching).toEqual(['', 'start web']);
  });
});
