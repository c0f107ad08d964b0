import { FrameDecoder, type Decoded } from '../../src/wire/frames.ts';
import { AFTER } from './wire-daemon.ts';

/** mulberry32: small, seeded, good enough to cut a stream at odd places. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function decodeAll(chunks: readonly Buffer[]): Decoded[] {
  const decoder = new FrameDecoder();
  const frames: Decoded[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let frame = decoder.next(AFTER); frame !== null; frame = decoder.next(AFTER)) {
      frames.push(frame);
      if (frame.kind === 'broken') return frames;
    }
  }
  return frames;
}

export const lengthPrefixed = (length: number, ...body: number[]): Buffer =>
  Buffer.from([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255, ...body]);

export const jsonFrame = (body: Buffer): Buffer => Buffer.concat([lengthPrefixed(1 + body.length, 0), body]);
