/** Every limit of the wire; docs/internals/protocol.md lists the same ones. */
export const LIMITS = {
  /** Type byte and body of one frame, either way, until the other side has proved itself. */
  unprovenFrameBytes: 256,
  /** For one frame that the daemon reads from a proven client. */
  requestFrameBytes: 1024 * 1024,
  /** For one frame that the client reads from the proven daemon: the status of 10,000 jobs takes 4 MB. */
  replyFrameBytes: 8 * 1024 * 1024,
  /** Arrays and objects within each other. */
  jsonDepth: 64,
  /** Time from accepting a connection to the client's proof. */
  handshakeTimeoutMs: 10_000,
  /**
   * Above this number the oldest connection that has sent nothing valid is closed, so that a real client
   * finds a place even during a flood.
   */
  unprovenPeers: 64,
  provenPeers: 256,
  /** Extra places for clients with short requests. Clients that follow, inspect or wait are refused there. */
  reservedPeers: 32,
  requestsInFlight: 64,
  /** A peer is disconnected when it leaves more than this unread. */
  queuedBytes: 8 * 1024 * 1024,
  /** When all peers together leave more than this unread, the peer with the most is disconnected. */
  allQueuedBytes: 64 * 1024 * 1024,
  /** A proven peer without an open request is disconnected after this long without a message. */
  idleTimeoutMs: 60_000,
  /** How long a closing connection may take to deliver queued replies. */
  flushTimeoutMs: 1_000,
  /**
   * Logged peer errors in one window. Further ones are only counted, so that strangers cannot fill the log.
   */
  peerErrors: 20,
  peerErrorWindowMs: 10_000,
  /** A daemon on a busy machine may be slow; only one that hangs is given up. */
  clientConnectTimeoutMs: 10_000,
  clientHandshakeTimeoutMs: 10_000,
  /** For connect and handshake, if the daemon that wrote the socket file is gone: then a stranger listens. */
  clientStrangerTimeoutMs: 1_500,
} as const;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
