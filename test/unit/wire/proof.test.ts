import * as node from 'node:crypto';
import fc from 'fast-check';
import { openBelow } from '../../support/open-files.ts';
import { hmacSha256, isSameDigest, randomBytes, sha256 } from '../../../src/wire/proof.ts';

const bytes = (limits: fc.IntArrayConstraints): fc.Arbitrary<Buffer> =>
  fc.uint8Array(limits).map((array) => Buffer.from(array));

test('random bytes leave nothing open', () => {
  const open = openBelow('/dev/urandom').length;
  randomBytes(32);
  expect(openBelow('/dev/urandom').length).toBe(open);
});

test('T-1400 SHA-256 of any bytes is that of node:crypto', () => {
  const reference = (message: Buffer): Buffer => node.createHash('sha256').update(message).digest();
  // Where the padding takes a block of its own, and where it does not.
  for (let length = 0; length <= 260; length += 1) {
    const message = node.randomBytes(length);
    expect(sha256(message)).toEqual(reference(message));
  }
  const long = Buffer.alloc(1_000_000, 'a');
  expect(sha256(long)).toEqual(reference(long));
  fc.assert(fc.property(bytes({ maxLength: 500 }), (message) => sha256(message).equals(reference(message))));
});

test('T-1401 HMAC-SHA256 of any key and message is that of node:crypto', () => {
  fc.assert(
    fc.property(bytes({ maxLength: 64 }), bytes({ maxLength: 500 }), (key, message) =>
      hmacSha256(key, message).equals(node.createHmac('sha256', key).update(message).digest()),
    ),
  );
  expect(() => hmacSha256(Buffer.alloc(65), Buffer.alloc(0))).toThrow('64 bytes');
});

test('two digests are the same only if every byte is', () => {
  const digest = node.randomBytes(32);
  expect(isSameDigest(digest, Buffer.from(digest))).toBe(true);
  for (let bit = 0; bit < 256; bit += 1) {
    const other = Buffer.from(digest);
    other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(isSameDigest(digest, other)).toBe(false);
  }
  expect(isSameDigest(digest, digest.subarray(1))).toBe(false);
  expect(isSameDigest(digest, Buffer.concat([digest, Buffer.alloc(1)]))).toBe(false);
});

test('random bytes are never the same twice, and every value of a byte comes up', () => {
  const many = Array.from({ length: 200 }, () => randomBytes(32));
  expect(new Set(many.map((each) => each.toString('hex'))).size).toBe(200);
  expect(new Set(Buffer.concat(many)).size).toBe(256);
});
