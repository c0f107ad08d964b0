import { encodeReply, encodeRequest, isLast, readAnswered, readAsked } from '../../../src/wire/envelope.ts';
import type { Request } from '../../../src/wire/messages.ts';

const STATUS: Request = { name: 'status', jobs: [] };
const sent = (frame: Buffer): unknown => JSON.parse(frame.subarray(5).toString());
const NOT_ASKED = {
  ok: false,
  why: 'a message must be {"id": N, "request": {…}} with a whole number N from 1 on',
};

test('a request has its number, its content and, optionally, who asks', () => {
  const client = { pid: 7, program: 'overseer' };
  expect([sent(encodeRequest(3, STATUS)), sent(encodeRequest(3, STATUS, client))]).toEqual([
    { id: 3, request: STATUS },
    { id: 3, request: STATUS, client },
  ]);
  expect(readAsked(sent(encodeRequest(3, STATUS, client)))).toEqual({
    ok: true,
    id: 3,
    request: STATUS,
    client,
  });
  expect(readAsked(sent(encodeRequest(3, STATUS)))).toMatchObject({ client: null });
});

test.each<[unknown]>([
  [{ id: 0, request: STATUS }],
  [{ id: -1, request: STATUS }],
  [{ id: 1.5, request: STATUS }],
  [{ id: '1', request: STATUS }],
  [{ id: 2 ** 53, request: STATUS }],
  [{ request: STATUS }],
  [null],
  [7],
  [[]],
])('the message %j asks nothing', (value) => {
  expect(readAsked(value)).toEqual(NOT_ASKED);
});

test.each<[unknown, unknown]>([
  [
    { pid: 7, program: 'x'.repeat(64) },
    { pid: 7, program: 'x'.repeat(64) },
  ],
  [
    { pid: 7, program: 'x', more: 1 },
    { pid: 7, program: 'x' },
  ],
  [{ pid: 7, program: 'x'.repeat(65) }, null],
  [{ pid: 7.5, program: 'x' }, null],
  [{ pid: '7', program: 'x' }, null],
  [{ pid: 7 }, null],
  [{ program: 'x' }, null],
  ['overseer', null],
  [null, null],
])('who says of itself %j is known as %j', (client, known) => {
  expect(readAsked({ id: 1, request: STATUS, client })).toEqual({
    ok: true,
    id: 1,
    request: STATUS,
    client: known,
  });
});

test('a reply is read as it was sent, also one to no request', () => {
  const reply = { kind: 'refusal', refusal: { code: 'busy', message: '' } } as const;
  expect([readAnswered(sent(encodeReply(3, reply))), readAnswered(sent(encodeReply(null, reply)))]).toEqual([
    { id: 3, reply },
    { id: null, reply },
  ]);
});

test.each<[unknown]>([
  [null],
  [5],
  [{ id: 1 }],
  [{ id: 1, reply: null }],
  [{ id: 1, reply: 'answer' }],
  [{ id: 0, reply: { kind: 'answer', answer: {} } }],
  [{ reply: { kind: 'answer', answer: {} } }],
  [{ id: 1, reply: { kind: 'answer' } }],
  [{ id: 1, reply: { kind: 'answer', answer: 5 } }],
  [{ id: 1, reply: { kind: 'other', other: {} } }],
  [{ id: 1, reply: { kind: 'toString', toString: {} } }],
  [{ id: 1, reply: { kind: 7, 7: {} } }],
  [{ id: 1, reply: { answer: {} } }],
])('the message %j is no reply', (value) => {
  expect(readAnswered(value)).toBeNull();
});

test('an answer and a refusal end a request, and news do not', () => {
  const kinds = ['progress', 'event', 'inspection', 'answer', 'refusal'] as const;
  expect(kinds.filter((kind) => isLast({ kind } as never))).toEqual(['answer', 'refusal']);
});
