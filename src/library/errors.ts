/** `code` is the one in `--json` and is stable; `message` gives the reason and the remedy. */
export class OverseerError extends Error {
  override readonly name: string = 'OverseerError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** No daemon is running. */
export class NoDaemonError extends OverseerError {
  override readonly name = 'NoDaemonError';
}

/** A daemon is there and cannot be talked to: it speaks another version of the protocol, or is too slow. */
export class UnreachableError extends OverseerError {
  override readonly name = 'UnreachableError';
}

/** The connection ended before the answer came. Changes that have begun go on. */
export class ConnectionError extends OverseerError {
  override readonly name = 'ConnectionError';
}

/** No job has this name. */
export class NoSuchJobError extends OverseerError {
  override readonly name = 'NoSuchJobError';
}

/**
 * The daemon refused the request, for the reason in `code`: `busy`, `not-running`, `shutting-down`,
 * `degraded`, `bad-request`, `internal`.
 */
export class RefusedError extends OverseerError {
  override readonly name = 'RefusedError';
}

/** The awaited state can no longer be reached without help. */
export class StuckError extends OverseerError {
  override readonly name = 'StuckError';
}

/** The time was up. */
export class TimedOutError extends OverseerError {
  override readonly name = 'TimedOutError';
}

/** The caller broke the request off, or has closed the client. */
export class ClosedError extends OverseerError {
  override readonly name = 'ClosedError';
}
