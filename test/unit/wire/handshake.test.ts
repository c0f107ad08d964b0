import { createHmac } from 'node:crypto';
import { encodeJson } from '../../../src/wire/frames.ts';
import {
  answer,
  challenge,
  hello,
  readClientProof,
  readChallenge,
  readHello,
  readWelcome,
  welcome,
} from '../../../src/wire/handshake.ts';
import { LIMITS } from '../../../src/wire/limits.ts';
import { WIRE_VERSION } from '../../../src/wire/messages.ts';
import { VECTORS } from '../../support/wire-vectors.ts';

describe('handshake', () => {
  const secret = { token: 'ab'.repeat(32), port: 4711, instance: '01'.repeat(16) };

  const nonces = { client: Buffer.alloc(32, 0x11), server: Buffer.alloc(32, 0x22) };

  const mac = (side: string): string =>
    createHmac('sha256', Buffer.alloc(32, 0xab))
      .update(`overseer/1\0${side}\x004711\0${secret.instance}\0`)
      .update(nonces.client)
      .update(nonces.server)
      .digest('hex');

  const parse = (frame: Buffer): Record<string, unknown> =>
    JSON.parse(frame.toString('utf8', 5)) as Record<string, unknown>;

  test('each message is what docs/internals/protocol.md says', () => {
    expect(hello(nonces.client)).toEqual(
      Buffer.concat([Buffer.from('OVSR1\n'), encodeJson({ nc: '11'.repeat(32) })]),
    );
    expect(parse(challenge(secret, nonces))).toEqual({
      ns: '22'.repeat(32),
      instance: secret.instance,
      mac: mac('S'),
    });
    expect(parse(answer(secret, nonces))).toEqual({ mac: mac('C'), wire: WIRE_VERSION });
    expect(parse(welcome('0.1.0'))).toEqual({ ok: true, wire: WIRE_VERSION, program: '0.1.0' });
    expect([mac('S'), mac('C')]).toEqual([VECTORS.S, VECTORS.C]);
  });

  test('each side reads what the other wrote', () => {
    expect(readHello({ nc: '11'.repeat(32) })).toEqual(nonces.client);
    expect(readChallenge(parse(challenge(secret, nonces)), secret, nonces.client)).toEqual(nonces.server);
    expect(readClientProof(parse(answer(secret, nonces)), secret, nonces)).toBe(WIRE_VERSION);
    expect(readWelcome(parse(welcome('0.1.0')))).toEqual({ wire: WIRE_VERSION, program: '0.1.0' });
  });

  test.each([
    ['another token', { ...secret, token: 'ac'.repeat(32) }],
    ['another port', { ...secret, port: 4712 }],
    ['another instance', { ...secret, instance: '02'.repeat(16) }],
  ])('a proof for %s is no proof', (_, other) => {
    expect(readChallenge(parse(challenge(other, nonces)), secret, nonces.client)).toBeNull();
    expect(
      readChallenge({ ...parse(challenge(other, nonces)), instance: secret.instance }, secret, nonces.client),
    ).toBeNull();
    expect(readClientProof(parse(answer(other, nonces)), secret, nonces)).toBeNull();
  });

  test('a challenge that names another instance is refused, whatever its proof', () => {
    expect(
      readChallenge(
        { ...parse(challenge(secret, nonces)), instance: '02'.repeat(16) },
        secret,
        nonces.client,
      ),
    ).toBeNull();
  });

  test('a proof for other nonces, or turned back on its maker, is no proof', () => {
    const old = { ...nonces, client: Buffer.alloc(32, 0x33) };
    expect(readChallenge(parse(challenge(secret, old)), secret, nonces.client)).toBeNull();
    expect(readClientProof(parse(answer(secret, old)), secret, nonces)).toBeNull();
    expect(readClientProof({ mac: mac('S'), wire: 1 }, secret, nonces)).toBeNull();
    expect(
      readChallenge({ ...parse(challenge(secret, nonces)), mac: mac('C') }, secret, nonces.client),
    ).toBeNull();
  });

  test.each([
    null,
    7,
    'x',
    [],
    {},
    { nc: 7 },
    { nc: '' },
    { nc: '11' },
    { nc: 'zz'.repeat(32) },
    { nc: 'AA'.repeat(32) },
    JSON.parse(`{"__proto__":{"nc":"${'11'.repeat(32)}"}}`),
  ])('%j is no hello', (value) => {
    expect(readHello(value)).toBeNull();
  });

  test.each([
    null,
    'x',
    {},
    { ok: false, wire: 1, program: '0.1.0' },
    { ok: 1, wire: 1, program: '0.1.0' },
    { ok: true, wire: 0, program: '0.1.0' },
    { ok: true, wire: 1.5, program: '0.1.0' },
    { ok: true, wire: '1', program: '0.1.0' },
    { ok: true, program: '0.1.0' },
    { ok: true, wire: 1 },
    { ok: true, wire: 1, program: 7 },
  ])('%j is no welcome', (value) => {
    expect(readWelcome(value)).toBeNull();
  });

  test.each(['ns', 'mac', 'instance'])('a challenge without its %s is none', (field) => {
    const whole = parse(challenge(secret, nonces));
    const rest = Object.fromEntries(Object.entries(whole).filter(([name]) => name !== field));
    expect(readChallenge(rest, secret, nonces.client)).toBeNull();
    expect(readChallenge({ ...rest, [field]: 7 }, secret, nonces.client)).toBeNull();
  });

  test.each([0, -1, 1.5, '1', null])('a proof of the wire version %j is none', (wire) => {
    expect(readClientProof({ mac: mac('C'), wire }, secret, nonces)).toBeNull();
  });

  test('every message fits the limit before the proof', () => {
    const sizes = [
      hello(nonces.client),
      challenge(secret, nonces),
      answer(secret, nonces),
      welcome('10.20.30-beta.40'),
    ].map((frame) => frame.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMITS.unprovenFrameBytes);
  });
});
