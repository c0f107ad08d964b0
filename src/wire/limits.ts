/** Every limit of the wire, by name; docs/internals/protocol.md lists the same ones. Bytes, milliseconds or counts, as the name says. */
export const LIMITS = {
  /** Type byte and body of one frame, either way, until the other side has proved itself. */
  unprovenFrameBytes: 256,
  /** Of one frame that the daemon reads from a proven client. */
  requestFrameBytes: 1024 * 1024,
  /** Of one frame that the client reads from the proven daemon: the status of 10,000 jobs takes 4 MB. */
  replyFrameBytes: 8 * 1024 * 1024,
  /** Arrays and objects within each other. */
  jsonDepth: 64,
  /** From the accepted connection to the client's proof. */
  handshakeTimeoutMs: 2_000,
  /** Beyond it the oldest one goes that has said nothing right yet, so that a real client finds a place also in a flood. */
  unprovenPeers: 64,
  provenPeers: 256,
  /** Places beside those for clients that ask for something short: whoever follows, inspects or waits is refused there. */
  reservedPeers: 32,
  requestsInFlight: 64,
  /** What a peer may leave unread before it is cut off. */
  queuedBytes: 8 * 1024 * 1024,
  /** What all peers together may leave unread; then whoever has the most is cut off. */
  allQueuedBytes: 64 * 1024 * 1024,
  /** A proven peer that waits for nothing and says nothing. */
  idleTimeoutMs: 60_000,
  /** How long a connection that ends may take to read what is queued for it. */
  flushTimeoutMs: 1_000,
  /** RateLimitedLog about peers in one window; more are only counted, so that strangers cannot fill the log. */
  peerErrors: 20,
  peerErrorWindowMs: 10_000,
  clientConnectTimeoutMs: 1_500,
  clientHandshakeTimeoutMs: 1_500,
} as const;

export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
