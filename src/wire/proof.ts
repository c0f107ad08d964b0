import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

// HMAC and random bytes without node:crypto. A client makes two proofs, and loading node:crypto takes longer
// than the rest of the handshake. Tests compare each function with node:crypto.

const BLOCK_BYTES = 64;

/** HMAC-SHA256 as in RFC 2104, for a key of one block at most. */
export function hmacSha256(key: Buffer, message: Buffer): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  if (key.length > BLOCK_BYTES) throw new RangeError('a key of more than 64 bytes');
  key.copy(block);
  const inner = sha256(Buffer.concat([block.map((byte) => byte ^ 0x36), message]));
  return sha256(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner]));
}

/** Whether two digests are the same, in a time that does not depend on where they differ. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  let difference = one.length ^ other.length;
  for (const [at, byte] of one.entries()) difference |= byte ^ (other[at] ?? 0);
  return difference === 0;
}

/** Bytes that nobody can guess, from the kernel. */
export function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  // Without /dev, it is worth the time to load Node's own generator.
  if (!readRandom(bytes)) crypto.getRandomValues(bytes);
  return bytes;
}

function readRandom(bytes: Buffer): boolean {
  let device: number;
  try {
    device = openSync('/dev/urandom', 'r');
  } catch {
    return false;
  }
  try {
    return fstatSync(device).isCharacterDevice() && readSync(device, bytes) === bytes.length;
  } finally {
    closeSync(device);
  }
}

// The names, numbers and shifts below are those of FIPS 180-4, section 6.2.
const INITIAL = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];
const K = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
];

export function sha256(message: Buffer): Buffer {
  const blocks = ((message.length + 8) >> 6) + 1;
  const padded = Buffer.alloc(blocks * BLOCK_BYTES);
  message.copy(padded);
  padded[message.length] = 0x80;
  padded.writeUIntBE(message.length * 8, padded.length - 6, 6);
  const hash = Int32Array.from(INITIAL);
  for (let block = 0; block < blocks; block += 1) addBlock(hash, padded.subarray(block * BLOCK_BYTES));
  const digest = Buffer.alloc(4 * hash.length);
  hash.forEach((word, at) => digest.writeInt32BE(word, 4 * at));
  return digest;
}

// Rotations are written out: this runs only a few times, so nothing is compiled that could inline a call.
function addBlock(hash: Int32Array, block: Buffer): void {
  const w = scheduleOf(block);
  let [a, b, c, d, e, f, g, h] = hash as unknown as Eight;
  for (let t = 0; t < 64; t += 1) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + (K[t] as number) + (w[t] as number)) | 0;
    const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  // An Int32Array keeps the sums modulo 2^32.
  [a, b, c, d, e, f, g, h].forEach((word, at) => (hash[at] = (hash[at] as number) + word));
}

type Eight = readonly [number, number, number, number, number, number, number, number];

function scheduleOf(block: Buffer): Int32Array {
  const w = new Int32Array(64);
  for (let t = 0; t < 16; t += 1) w[t] = block.readInt32BE(4 * t);
  for (let t = 16; t < 64; t += 1) {
    const x = w[t - 15] as number;
    const y = w[t - 2] as number;
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = sigma1 + (w[t - 7] as number) + sigma0 + (w[t - 16] as number);
  }
  return w;
}
