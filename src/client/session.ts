import type { ClientEvent } from '../../machines/client.ts';
import type { Homes } from '../homes.ts';
import type { ClientConnection, WireErrorCode } from '../wire/client.ts';
import type { Reply, Request } from '../wire/messages.ts';
import type { ClientPorts, ClientScreen } from './ports.ts';
import type { ReplyInbox } from './reply-inbox.ts';

/** The input of one command's run of the client chart. */
export interface ClientRun {
  readonly request: Request;
  readonly mayLaunch: boolean;
  readonly homes: Homes;
  readonly ports: ClientPorts;
  readonly screen: ClientScreen;
  /** Aborted when the user ends the request before its answer. */
  readonly interrupted?: AbortSignal;
}

/** Replies that come before the answer. */
type News = Extract<Reply, { readonly kind: 'progress' | 'event' | 'inspection' }>;

/** A socket file that was read and led nowhere. */
export interface DeadEnd {
  /** Null when the file could not be read. */
  readonly text: string | null;
  readonly code: WireErrorCode | 'unreadable';
  readonly detail: string;
}

/**
 * State that the effects of one run share. The chart's context is plain JSON, so sockets and answers are kept
 * here.
 */
export interface ClientSession extends ClientRun {
  readonly post: (event: ClientEvent) => void;
  readonly inbox: ReplyInbox;
  connection: ClientConnection | null;
  deadEnd: DeadEnd | null;
  /** Not shown yet, oldest first. */
  readonly news: News[];
  /** Shown, and not yet taken by the reader. */
  unread: number;
  reply: Reply | null;
}
