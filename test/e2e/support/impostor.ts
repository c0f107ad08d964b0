import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** Another program on the port that a socket file names; keeps what it is sent. */
export class Impostor {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #received: Buffer[] = [];

  private constructor(behave: (socket: Socket) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('data', (chunk) => this.#received.push(chunk));
      // A client that breaks off is what is wanted.
      socket.on('error', () => undefined);
      behave(socket);
    });
  }

  /** Listens on a port that the kernel chooses. */
  static async begin(behave: (socket: Socket) => void): Promise<Impostor> {
    const impostor = new Impostor(behave);
    await new Promise<void>((resolve) => impostor.#server.listen(0, '127.0.0.1', resolve));
    return impostor;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** All that clients have sent so far. */
  get received(): string {
    return Buffer.concat(this.#received).toString('latin1');
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** What may listen where a daemon once did. */
export const BEHAVIOURS: Readonly<Record<string, (socket: Socket) => void>> = {
  'sends garbage': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'is silent': () => undefined,
  echoes: (socket) => socket.pipe(socket),
  'closes at once': (socket) => socket.end(),
  'announces 4 GiB': (socket) => socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x01])),
};
