/**
 * Why a client has no connection, or no longer one.
 *
 * `refused`: nothing listens there. `timeout`: it is silent. `impostor`: what listens is not the daemon that wrote the socket file.
 * `version`: it is, and speaks another wire version. `closed`: it ended the connection. `protocol`: it broke the rules after its proof.
 * `busy`: it has proved itself, and closed the connection without taking this client in.
 */
export type WireErrorCode = 'refused' | 'timeout' | 'impostor' | 'version' | 'closed' | 'protocol' | 'busy';

/** A value of the client's side: a promise rejects with it, or a callback is handed it; it is never thrown. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
