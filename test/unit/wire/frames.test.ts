import { randomBytes } from 'node:crypto';
import { FrameDecoder, encodeJson, frameBytes } from '../../../src/wire/frames.ts';
import { AFTER, BEFORE } from '../../support/wire-daemon.ts';
import { random, decodeAll, lengthPrefixed, jsonFrame } from '../../support/wire-frames.ts';

describe('frames', () => {
  const seed = Number(process.env['WIRE_SEED'] ?? randomBytes(4).readUInt32BE());

  test(`a stream decodes to the same frames wherever it is cut (WIRE_SEED=${seed})`, () => {
    const below = random(seed);
    for (let round = 0; round < 60; round += 1) {
      const values = Array.from({ length: 1 + below(6) }, (_, index) => ({
        index,
        text: 'ü€😀"\\{['.repeat(below(300)),
        deep: [[{ ok: [true] }]],
      }));
      const stream = Buffer.concat([...values, 'end'].map(encodeJson));
      const chunks: Buffer[] = [];
      for (let at = 0; at < stream.length;) {
        const size = below(4) === 0 ? below(4) : below(3_000);
        chunks.push(Buffer.from(stream.subarray(at, at + size)));
        at += size;
      }
      expect(decodeAll(chunks)).toEqual([
        ...values.map((value) => ({ kind: 'json', value })),
        { kind: 'json', value: 'end' },
      ]);
    }
  });

  test('the layout is length, type, body', () => {
    expect(encodeJson({ a: 'ü' })).toEqual(Buffer.from('0000000b007b2261223a22c3bc227d', 'hex'));
  });

  test.each([
    ['0', lengthPrefixed(0), BEFORE],
    ['257 before the proof', lengthPrefixed(257), BEFORE],
    ['1 MiB + 1 after the proof', lengthPrefixed(1024 * 1024 + 1), AFTER],
    ['4 GiB - 1', lengthPrefixed(2 ** 32 - 1), AFTER],
  ])('a length of %s is refused as soon as it is read', (_, header, limits) => {
    const decoder = new FrameDecoder();
    decoder.push(header.subarray(0, 3));
    expect(decoder.next(limits)).toBeNull();
    decoder.push(header.subarray(3));
    expect(decoder.next(limits)).toMatchObject({ kind: 'broken' });
  });

  test('a frame of exactly the limit is read', () => {
    const decoder = new FrameDecoder();
    decoder.push(jsonFrame(Buffer.from(`"${'x'.repeat(253)}"`)));
    expect(decoder.next(BEFORE)).toEqual({ kind: 'json', value: 'x'.repeat(253) });
  });

  test('a length of 0 or over the limit is told as such', () => {
    expect([decodeAll([lengthPrefixed(0)]), decodeAll([lengthPrefixed(2 ** 21)])]).toEqual([
      [{ kind: 'broken', why: 'a frame of length 0' }],
      [{ kind: 'broken', why: 'a frame of 2097152 bytes where 1048576 are allowed' }],
    ]);
    expect(frameBytes(encodeJson('abc'))).toBe(6);
  });

  test('any number of arrays and objects may follow each other, only not within each other', () => {
    const value = [Array(100).fill([]), Array(100).fill({}), [[[[]]]], {}];
    expect(decodeAll([encodeJson(value)])).toEqual([{ kind: 'json', value }]);
  });

  test('an unknown type breaks the stream', () => {
    expect(decodeAll([lengthPrefixed(2, 2, 0)])).toEqual([
      { kind: 'broken', why: 'a frame of unknown type 2' },
    ]);
  });

  test.each([
    ['no JSON', Buffer.from('{"a":'), 'not JSON'],
    ['nothing', Buffer.alloc(0), 'not JSON'],
    ['no UTF-8', Buffer.from('22c32822', 'hex'), 'not UTF-8'],
    ['a lone surrogate', Buffer.from('22eda08022', 'hex'), 'not UTF-8'],
    ['a byte order mark', Buffer.from('\ufeff{}'), 'not JSON'],
    ['65 arrays', Buffer.from('['.repeat(65) + ']'.repeat(65)), 'JSON nested more than 64 deep'],
    ['a million openers', Buffer.from('[{"":'.repeat(200_000)), 'JSON nested more than 64 deep'],
  ])('a body of %s is unreadable, and the stream goes on', (_, body, why) => {
    expect(decodeAll([jsonFrame(body), encodeJson(1)])).toEqual([
      { kind: 'unreadable', why },
      { kind: 'json', value: 1 },
    ]);
  });

  test('brackets within strings are no nesting, and 64 levels are allowed', () => {
    const value = ['[{'.repeat(100) + '\\"[', JSON.parse('['.repeat(63) + ']'.repeat(63))];
    expect(decodeAll([encodeJson(value)])).toEqual([{ kind: 'json', value }]);
  });
});
