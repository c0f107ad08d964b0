import type { DaemonEvent } from '../../../../machines/daemon.ts';
import { RequestLoop } from '../../../../src/daemon/serving/request-loop.ts';
import type { Reply, Request } from '../../../../src/wire/messages.ts';
import { SHUTTING_DOWN } from '../../../../src/wire/shutting-down.ts';

const STATUS: Request = { name: 'status', jobs: [] };
const APPLY: Request = { name: 'apply', configDir: '/c', wait: true, allowEmpty: false };
const DIE: Request = { name: 'DIE', keepJobs: false };
const DIED = { name: 'died' } as never;

/** The loop with a chart that is asked nothing, and what each client hears. */
function loopOf() {
  const posted: DaemonEvent[] = [];
  const heard: string[] = [];
  const admitted: string[] = [];
  const bugs: unknown[] = [];
  const replies = new Map<string, Reply>();
  const state = { isExiting: false, answer: Promise.resolve<Reply>({ kind: 'answer', answer: {} as never }) };
  const loop = new RequestLoop({
    post: (event) => posted.push(event),
    isExiting: () => state.isExiting,
    requests: () => ({ handle: () => state.answer }) as never,
    onAdmitted: (request, by) =>
      admitted.push(`${request.name} by ${by === null ? 'nobody' : JSON.stringify(by)}`),
    onBug: (error) => bugs.push(error),
  });
  const peer = (name: string) => ({
    client: null,
    onGone: () => undefined,
    reply: (reply: Reply) => {
      heard.push(`${name}: ${reply.kind}`);
      replies.set(name, reply);
    },
  });
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { loop, posted, heard, admitted, bugs, replies, peer, state, settled };
}

test('a request that arrives while the chart waits is taken at once, further ones in order', () => {
  const { loop, posted, peer, admitted } = loopOf();
  loop.receive();
  expect(posted).toEqual([]);
  loop.admit(STATUS, peer('a'));
  loop.admit(APPLY, peer('b'), 'SIGHUP');
  expect(posted).toEqual([{ type: 'Success', request: { id: 1, name: 'status' } }]);
  loop.process();
  loop.send();
  loop.receive();
  expect(posted.slice(1)).toEqual([
    { type: 'Other' },
    { type: 'Success' },
    { type: 'Success', request: { id: 2, name: 'apply' } },
  ]);
  expect(admitted).toEqual(['status by nobody', 'apply by "SIGHUP"']);
});

test('a daemon that exits refuses requests, and takes only another that ends it', () => {
  const { loop, peer, state, heard, replies, admitted } = loopOf();
  state.isExiting = true;
  loop.admit(STATUS, peer('a'));
  loop.admit(DIE, peer('b'));
  expect([heard, replies.get('a'), admitted]).toEqual([['a: refusal'], SHUTTING_DOWN, ['DIE by nobody']]);
});

test('a socket failure is reported at the next request, whether the chart waits or not', () => {
  const waiting = loopOf();
  waiting.loop.receive();
  waiting.loop.failSocket('EMFILE');
  expect(waiting.posted).toEqual([{ type: 'Failure', detail: 'EMFILE' }]);
  const busy = loopOf();
  busy.loop.receive();
  busy.loop.admit(STATUS, busy.peer('a'));
  busy.loop.process();
  busy.loop.failSocket('EMFILE');
  expect(busy.posted.length).toBe(2);
  busy.loop.send();
  expect(busy.posted.at(-1)).toEqual({ type: 'Failure', detail: 'EMFILE' });
});

test('an answer is sent as soon as it is ready; a bug is reported to the client and in the log', async () => {
  const { loop, peer, state, heard, replies, bugs, settled } = loopOf();
  loop.admit(STATUS, peer('a'));
  loop.receive();
  loop.process();
  loop.send();
  expect(heard).toEqual([]);
  await settled();
  expect(heard).toEqual(['a: answer']);
  state.answer = Promise.reject(new Error('planted'));
  loop.admit(STATUS, peer('b'));
  loop.receive();
  loop.process();
  loop.send();
  await settled();
  expect([bugs.length, replies.get('b')]).toEqual([
    1,
    {
      kind: 'refusal',
      refusal: {
        code: 'internal',
        message: expect.stringMatching(
          /^a bug of overseer's: planted; overseerd\.log in the data folder says where/,
        ),
      },
    },
  ]);
});

test('only the first report to a client says what part of the state was lost', async () => {
  const { loop, peer, state, replies, settled } = loopOf();
  const ask = async (name: string, request: Request, own: string | null = null): Promise<unknown> => {
    loop.admit(request, peer(name), own);
    loop.receive();
    loop.process();
    loop.send();
    await settled();
    const reply = replies.get(name);
    return reply?.kind === 'answer' ? (reply.answer as { readonly notes?: unknown }).notes : reply?.kind;
  };
  loop.reportDamage(['lost']);
  const told = [await ask('a', APPLY, 'autostart'), await ask('b', STATUS)];
  state.answer = Promise.resolve({ kind: 'refusal', refusal: { code: 'internal', message: '' } });
  told.push(await ask('c', APPLY));
  state.answer = Promise.resolve({ kind: 'answer', answer: { ok: true } as never });
  told.push(await ask('d', APPLY), await ask('e', APPLY));
  expect(told).toEqual([undefined, undefined, 'refusal', ['lost'], undefined]);
  expect(replies.get('d')).toEqual({ kind: 'answer', answer: { ok: true, notes: ['lost'] } });
});

test('the client that asked for the end gets an answer, and all others may ask again', () => {
  const { loop, peer, replies, posted } = loopOf();
  loop.receive();
  loop.admit(DIE, peer('a'));
  loop.process();
  expect([posted.at(-1), loop.keepsJobs]).toEqual([{ type: 'DIE' }, false]);
  loop.admit(STATUS, peer('b'));
  loop.admit({ ...DIE, keepJobs: true }, peer('c'));
  loop.reportEnding({ done: 1, of: 2, pending: [] });
  expect([replies.get('a')?.kind, replies.get('b'), replies.get('c')?.kind]).toEqual([
    'progress',
    undefined,
    'progress',
  ]);
  loop.answerDie(DIED, true);
  expect(['a', 'b', 'c'].map((name) => replies.get(name))).toEqual([
    { kind: 'answer', answer: DIED },
    SHUTTING_DOWN,
    SHUTTING_DOWN,
  ]);
  loop.answerDie(DIED, false);
  expect(replies.get('a')).toEqual(SHUTTING_DOWN);
});

test('jobs are kept only by a request that says so', () => {
  const { loop, peer } = loopOf();
  expect(loop.keepsJobs).toBe(false);
  loop.receive();
  loop.admit({ ...DIE, keepJobs: true }, peer('a'));
  expect(loop.keepsJobs).toBe(true);
});
