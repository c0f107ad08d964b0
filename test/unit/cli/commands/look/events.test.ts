import { answering, KeptOutput, run, type Outcome } from '../../../../support/fake-cli.ts';
import { fakeWorld, socketText } from '../../../../support/fake-client.ts';
import { answer, before } from '../../../../support/sample-replies.ts';
import type { Reply, Transition } from '../../../../../src/wire/messages.ts';

const event = (given: Partial<Transition>): Transition => ({
  at: before(0),
  machine: 'job',
  id: 'web',
  job: 'web',
  event: 'Spawned',
  from: 'a',
  to: 'b',
  detail: 'pid 42',
  isChange: true,
  state: 'running',
  cause: 'by-hand',
  pid: 42,
  ...given,
});
const asked = (replies: readonly Reply[], words: string, thenCloses = false, given = {}): Promise<Outcome> =>
  run(
    `events ${words}`,
    fakeWorld({
      socket: { kind: 'text', text: socketText(1) },
      daemons: new Map([[1, { replies, thenCloses }]]),
    }),
    given,
  );

test('the last changes are printed in lines, each with its job, its state and its reason', async () => {
  const { code, out, err } = await asked(
    [
      answer({
        events: [event({}), event({ id: 'a-longer-name', state: 'failed', detail: 'exited with 3' })],
      }),
    ],
    '',
  );
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n').map((line) => line.replace(/^\S* ?\S*\.\d{3} +/, ''))).toEqual([
    'web            running   pid 42',
    'a-longer-name  failed    exited with 3',
    '',
  ]);
});

test('with --json each event is a line of its own, with all that is known', async () => {
  const { out } = await asked([answer({ events: [event({})] })], '--json');
  expect(JSON.parse(out)).toEqual({
    at: before(0),
    machine: 'job',
    id: 'web',
    event: 'Spawned',
    from: 'a',
    to: 'b',
    state: 'running',
    cause: 'by-hand',
    pid: 42,
    exit: null,
    file: null,
    nextStartAt: null,
    detail: 'pid 42',
  });
});

test('what is followed is printed as it happens, until the daemon ends or the reader leaves', async () => {
  const events = ['one', 'two', 'three'].map((detail): Reply => ({
    kind: 'event',
    event: event({ detail }),
  }));
  const { code, out } = await asked([...events, answer({ events: [] })], '-f');
  expect([code, out.match(/one|two|three/g)]).toEqual([0, ['one', 'two', 'three']]);
  const json = await asked([...events, answer({ events: [] })], '-f --json');
  expect(
    json.out
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as Transition).detail),
  ).toEqual(['one', 'two', 'three']);
  const out2 = new KeptOutput({ leavesAfter: 1 });
  expect((await asked(events, '-f', false, { out: out2 })).code).toBe(0);
  expect(out2.text).toContain('one');
});

test('events of the daemon have their transition, and a scheduled job its next time', async () => {
  const { out } = await asked(
    [
      answer({
        events: [
          event({
            machine: 'daemon',
            id: '42',
            job: null,
            isChange: false,
            event: 'Success',
            detail: 'status',
          }),
          event({ state: 'waiting', detail: 'exited with 0', nextStartAt: before(-3_600_000) }),
        ],
      }),
    ],
    '--verbose',
  );
  const [daemon, waiting] = out.split('\n');
  expect(daemon).toMatch(/  overseerd +Success: status  a → b$/);
  expect(waiting).toMatch(/waiting +exited with 0, 01:00:00$/);
});

test('a daemon that is not there is told of', async () => {
  expect(await run('events', answering(null))).toEqual({
    code: 3,
    out: '',
    err: 'overseer: no daemon is running; `overseer` starts one\n',
  });
});
