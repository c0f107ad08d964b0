import { encodeJson } from './frames.ts';
import type { Reply, Request } from './messages.ts';

/**
 * A client numbers its requests; each reply repeats the number. Null answers a request whose number could not
 * be read.
 */
export type RequestId = number;

/** Who asks, as it says itself: for the log, and nothing depends on it. */
export interface Client {
  readonly pid: number;
  /** The name of its program. */
  readonly program: string;
}

/** A frame from a client: a request number to answer, and a body that may be a valid request. */
export type IncomingRequest =
  | {
      readonly ok: true;
      readonly id: RequestId;
      readonly request: unknown;
      /** Null for one of an older version, or one that does not say. */
      readonly client: Client | null;
    }
  | { readonly ok: false; readonly why: string };

export interface Answered {
  readonly id: RequestId | null;
  readonly reply: Reply;
}

/** A `last` reply ends its request. */
const REPLY_KINDS: { readonly [Kind in Reply['kind']]: 'more' | 'last' } = {
  progress: 'more',
  event: 'more',
  inspection: 'more',
  answer: 'last',
  refusal: 'last',
};

/** Whether a reply ends its request. */
export function isLast({ kind }: Reply): boolean {
  return REPLY_KINDS[kind] === 'last';
}

export function encodeRequest(id: RequestId, request: Request, client?: Client): Buffer {
  return encodeJson({ id, request, ...(client === undefined ? {} : { client }) });
}

export function encodeReply(id: RequestId | null, reply: Reply): Buffer {
  return encodeJson({ id, reply });
}

export function readAsked(value: unknown): IncomingRequest {
  if (!isObject(value) || !isId(value['id']))
    return { ok: false, why: 'a message must be {"id": N, "request": {…}} with a whole number N from 1 on' };
  return { ok: true, id: value['id'], request: value['request'], client: clientIn(value['client']) };
}

/** Longer names of programs are nobody's. */
const PROGRAM_MAX = 64;

function clientIn(value: unknown): Client | null {
  if (!isObject(value)) return null;
  const { pid, program } = value;
  if (!Number.isSafeInteger(pid) || typeof program !== 'string' || program.length > PROGRAM_MAX) return null;
  return { pid: pid as number, program };
}

/**
 * Null for a frame that no daemon of this version sends. The content of an answer is not checked: the daemon
 * has proved itself.
 */
export function readAnswered(value: unknown): Answered | null {
  if (!isObject(value) || !isObject(value['reply'])) return null;
  const { id, reply } = value;
  const kind = reply['kind'];
  if (id !== null && !isId(id)) return null;
  if (typeof kind !== 'string' || !Object.hasOwn(REPLY_KINDS, kind) || !isObject(reply[kind])) return null;
  return { id, reply: reply as unknown as Reply };
}

function isId(value: unknown): value is RequestId {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
