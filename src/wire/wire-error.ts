/**
 * Why a client has no connection, or lost it. `refused`: nothing listens on the port. `timeout`: no answer in
 * time. `impostor`: the listener is not the daemon that wrote the socket file. `version`: the daemon speaks
 * another wire version. `closed`: the daemon ended the connection. `protocol`: the daemon broke the protocol
 * after its proof. `busy`: a proven daemon closed the connection without accepting this client.
 */
export type WireErrorCode = 'refused' | 'timeout' | 'impostor' | 'version' | 'closed' | 'protocol' | 'busy';

/**
 * A value of the client's side: a promise rejects with it, or a callback is handed it; it is never thrown.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;

  constructor(code: WireErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
