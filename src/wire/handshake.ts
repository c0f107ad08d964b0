import { encodeJson } from './frames.ts';
import { WIRE_VERSION } from './messages.ts';
import { hmacSha256, isSameDigest, randomBytes } from './proof.ts';

/**
 * The first bytes that a client sends. The handshake is the same in every version, so that a version mismatch
 * can always be reported.
 */
export const MAGIC = Buffer.from('OVSR1\n');

/** Both proofs depend on the secret and on the daemon and port that it belongs to. */
export interface Secret {
  /** The `token` of the socket file. */
  readonly token: string;
  readonly port: number;
  readonly instance: string;
  /** A faster one, where node:crypto is loaded already. */
  readonly hmac?: typeof hmacSha256;
}

/** The two nonces of one handshake. */
export interface Nonces {
  readonly client: Buffer;
  readonly server: Buffer;
}

/** The daemon's message after both sides have proved themselves. */
export interface Welcome {
  /** WIRE_VERSION of the daemon. */
  readonly wire: number;
  /** Version of the daemon's program. */
  readonly program: string;
}

const NONCE_BYTES = 32;
const DIGEST_BYTES = 32;

export const newNonce = (): Buffer => randomBytes(NONCE_BYTES);

/** 1, client to server: the magic and a nonce. */
export function hello(clientNonce: Buffer): Buffer {
  return Buffer.concat([MAGIC, encodeJson({ nc: clientNonce.toString('hex') })]);
}

/** The client's nonce; null when this is no hello. */
export function readHello(value: unknown): Buffer | null {
  return hexField(value, 'nc', NONCE_BYTES);
}

/** 2, server to client: its nonce and its proof. */
export function challenge(secret: Secret, nonces: Nonces): Buffer {
  const mac = proof('S', secret, nonces).toString('hex');
  return encodeJson({ ns: nonces.server.toString('hex'), instance: secret.instance, mac });
}

/** The server's nonce; null unless the server holds the token, is that instance and listens on that port. */
export function readChallenge(value: unknown, secret: Secret, clientNonce: Buffer): Buffer | null {
  const server = hexField(value, 'ns', NONCE_BYTES);
  const mac = hexField(value, 'mac', DIGEST_BYTES);
  if (!server || !mac || field(value, 'instance') !== secret.instance) return null;
  return isSameDigest(mac, proof('S', secret, { client: clientNonce, server })) ? server : null;
}

/** 3, client to server: its proof and its wire version. */
export function answer(secret: Secret, nonces: Nonces): Buffer {
  return encodeJson({ mac: proof('C', secret, nonces).toString('hex'), wire: WIRE_VERSION });
}

/** The client's wire version; null unless the client holds the token. */
export function readClientProof(value: unknown, secret: Secret, nonces: Nonces): number | null {
  const mac = hexField(value, 'mac', DIGEST_BYTES);
  const wire = field(value, 'wire');
  if (!mac || !isVersion(wire)) return null;
  return isSameDigest(mac, proof('C', secret, nonces)) ? wire : null;
}

/** 4, server to client: come in. */
export function welcome(program: string): Buffer {
  return encodeJson({ ok: true, wire: WIRE_VERSION, program });
}

export function readWelcome(value: unknown): Welcome | null {
  const wire = field(value, 'wire');
  const program = field(value, 'program');
  if (field(value, 'ok') !== true || !isVersion(wire) || typeof program !== 'string') return null;
  return { wire, program };
}

function proof(side: 'S' | 'C', secret: Secret, nonces: Nonces): Buffer {
  const { token, port, instance, hmac = hmacSha256 } = secret;
  const about = Buffer.from(`overseer/1\0${side}\0${port}\0${instance}\0`);
  return hmac(Buffer.from(token, 'hex'), Buffer.concat([about, nonces.client, nonces.server]));
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function hexField(value: unknown, name: string, bytes: number): Buffer | null {
  const text = field(value, name);
  if (typeof text !== 'string' || text.length !== 2 * bytes || !/^[0-9a-f]+$/.test(text)) return null;
  return Buffer.from(text, 'hex');
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
