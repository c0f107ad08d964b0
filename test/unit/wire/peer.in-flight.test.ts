import { LIMITS } from '../../../src/wire/limits.ts';
import type { Reply, Request } from '../../../src/wire/messages.ts';
import { RequestsInFlight, type Peer } from '../../../src/wire/peer.ts';

const ANSWER: Reply = { kind: 'answer', answer: { events: [] } };
const PROGRESS: Reply = { kind: 'progress', progress: { done: 0, of: 1, pending: [] } };
const STATUS: Request = { name: 'status', jobs: [] };

/** The requests of one connection: what the peer is sent, and which requests are handed on. */
function connection({ isGuest = false, limits = {} } = {}) {
  const sent: { readonly id: number | null; readonly reply: Reply }[] = [];
  const asked: { readonly request: Request; readonly peer: Peer }[] = [];
  const outlet = {
    open: true,
    isGuest,
    send: (frame: Buffer) => sent.push(JSON.parse(frame.subarray(5).toString()) as (typeof sent)[number]),
  };
  const requests = new RequestsInFlight(outlet, { ...LIMITS, ...limits }, (request, peer) =>
    asked.push({ request, peer }),
  );
  const ask = (id: number, request: unknown = STATUS, more: object = {}): void =>
    requests.take({ kind: 'json', value: { id, request, ...more } });
  const told = (): readonly string[] =>
    sent.map(({ id, reply }) =>
      reply.kind === 'refusal'
        ? `${id} ${reply.refusal.code}: ${reply.refusal.message}`
        : `${id} ${reply.kind}`,
    );
  return { requests, outlet, asked, ask, told, sent };
}

test('a request is in flight until its last reply, and hears nothing after it', () => {
  const { requests, asked, ask, told } = connection();
  ask(1, STATUS, { client: { pid: 7, program: 'x' } });
  const { peer } = asked[0]!;
  expect([requests.count, peer.client, peer.gone]).toEqual([1, { pid: 7, program: 'x' }, false]);
  peer.reply(PROGRESS);
  expect(requests.count).toBe(1);
  peer.reply(ANSWER);
  peer.reply(PROGRESS);
  expect([requests.count, told()]).toEqual([0, ['1 progress', '1 answer']]);
  let calls = 0;
  peer.onGone(() => (calls += 1));
  requests.abandon();
  expect(calls).toBe(0);
  ask(1);
  expect(asked.length).toBe(2);
});

test('an unreadable request, or one whose number is in use, is refused without a number', () => {
  const { requests, ask, told, asked } = connection();
  requests.take({ kind: 'unreadable', why: 'not JSON' });
  requests.take({ kind: 'json', value: {} });
  ask(1);
  ask(1);
  ask(2, { name: 'statsu' });
  expect(told()).toEqual([
    'null bad-request: not JSON',
    expect.stringMatching(/^null bad-request: a message must be/),
    'null bad-request: request 1 has not been answered yet',
    expect.stringMatching(/^2 bad-request: unknown request "statsu"/),
  ]);
  expect([asked.length, requests.count]).toEqual([1, 1]);
});

test('no more requests than allowed are in flight at once', () => {
  const { asked, ask, told } = connection({ limits: { requestsInFlight: 2 } });
  ask(1);
  ask(2);
  ask(3);
  expect(told()).toEqual(['3 busy: 2 requests are in flight on this connection; wait for an answer']);
  asked[0]?.peer.reply(ANSWER);
  ask(4);
  expect(asked.length).toBe(3);
});

test('a guest is served what ends by itself, and nothing that lasts', () => {
  const { asked, ask, told } = connection({ isGuest: true });
  const events = { name: 'events', jobs: [], verbose: false };
  ask(1);
  ask(2, { ...events, follow: false });
  ask(3, { ...events, follow: true });
  ask(4, { name: 'wait', jobs: ['web'], state: 'running' });
  ask(5, { name: 'inspect', jobs: [] });
  expect(asked.map(({ request: { name } }) => name)).toEqual(['status', 'events']);
  expect(told().map((each) => each.slice(0, 6))).toEqual(['3 busy', '4 busy', '5 busy']);
  const member = connection();
  member.ask(1, { ...events, follow: true });
  expect(member.asked.length).toBe(1);
});

test('an answer that is too long becomes a refusal; progress that is too long is left out', () => {
  const { asked, ask, told, requests } = connection({ limits: { replyFrameBytes: 100 } });
  const long = (kind: 'progress' | 'answer'): Reply => ({ kind, [kind]: { text: 'x'.repeat(100) } }) as never;
  ask(1);
  asked[0]?.peer.reply(long('progress'));
  asked[0]?.peer.reply(long('answer'));
  expect([told(), requests.count]).toEqual([
    [
      expect.stringMatching(
        /^1 internal: the answer takes \d+ bytes, more than 100; ask for fewer jobs at once$/,
      ),
    ],
    0,
  ]);
});

test('a peer that leaves is reported once, at once if it has left already', () => {
  const { asked, ask, requests, outlet, told } = connection();
  const calls: string[] = [];
  ask(1);
  const { peer } = asked[0]!;
  peer.onGone(() => calls.push('a'));
  peer.onGone(() => calls.push('b'));
  expect(calls).toEqual([]);
  outlet.open = false;
  expect(peer.gone).toBe(true);
  peer.onGone(() => calls.push('late'));
  peer.reply(ANSWER);
  expect([calls, told()]).toEqual([['late'], []]);
  requests.abandon();
  requests.abandon();
  expect([calls, requests.count]).toEqual([['late', 'a', 'b'], 0]);
});
