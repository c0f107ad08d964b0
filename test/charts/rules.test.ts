import type { ClientEvent } from '../../machines/client.ts';
import { clientMachine } from '../../machines/client.ts';
import type { DaemonEvent } from '../../machines/daemon.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { Bench } from '../support/bench.ts';

const OK = { type: 'Success' } as const;
const NO = { type: 'Failure', detail: 'because' } as const;
const DIE = { type: 'DIE' } as const;
const OTHER = { type: 'Other' } as const;

describe('the daemon', () => {
  test('D-1 Start -> InitHomes', () => {
    expect(ended(daemonAfter())).toEqual(['InitHomes', ['initHomes']]);
  });

  test('D-2 InitHomes: Success -> OpenSocket(Homes)', () => {
    expect(ended(daemonAfter(OK))).toEqual(['OpenSocket', ['openSocket']]);
  });

  test('D-3 InitHomes: Failure -> Exit(Err(InitHomesError))', () => {
    const daemon = daemonAfter(NO);
    expect(ended(daemon)).toEqual(['Exit', ['shutDown']]);
    expect(daemon.context.result).toEqual({ ok: false, error: 'InitHomesError', detail: 'because' });
  });

  test('D-4 OpenSocket(Homes): Success -> ReceiveRequest(Socket)', () => {
    expect(ended(daemonAfter(OK, OK))).toEqual(['ReceiveRequest', ['receiveRequest']]);
  });

  test('D-5 OpenSocket(Homes): Failure -> Exit(Err(SocketOpenError))', () => {
    const daemon = daemonAfter(OK, NO);
    expect(ended(daemon)).toEqual(['Exit', ['shutDown']]);
    expect(daemon.context.result).toEqual({ ok: false, error: 'SocketOpenError', detail: 'because' });
  });

  test('D-6 ReceiveRequest(Socket): Success -> ProcessRequest(Socket, Request)', () => {
    const daemon = daemonAfter(OK, OK, { type: 'Success', request: { id: 7, name: 'status' } });
    expect(ended(daemon)).toEqual(['ProcessRequest', ['processRequest']]);
    expect(daemon.context.request).toEqual({ id: 7, name: 'status' });
  });

  test('D-7 ReceiveRequest(Socket): Failure -> Exit(Err(SocketReadError))', () => {
    const daemon = daemonAfter(OK, OK, NO);
    expect(ended(daemon)).toEqual(['Exit', ['shutDown']]);
    expect(daemon.context.result).toEqual({ ok: false, error: 'SocketReadError', detail: 'because' });
  });

  test('D-8 ProcessRequest(Socket, Request): "DIE" -> Exit(Ok(()))', () => {
    const daemon = daemonAfter(OK, OK, OK, DIE);
    expect(ended(daemon)).toEqual(['Exit', ['shutDown']]);
    expect(daemon.context.result).toEqual({ ok: true });
  });

  test('D-9 ProcessRequest(Socket, Request): other -> SendResponse(Socket)', () => {
    expect(ended(daemonAfter(OK, OK, OK, OTHER))).toEqual(['SendResponse', ['sendResponse']]);
  });

  test('D-10 SendResponse(Socket): Success -> ReceiveRequest(Socket)', () => {
    expect(ended(daemonAfter(OK, OK, OK, OTHER, OK))).toEqual(['ReceiveRequest', ['receiveRequest']]);
  });

  test('D-11 SendResponse(Socket): Failure -> Exit(Err(SocketWriteError))', () => {
    const daemon = daemonAfter(OK, OK, OK, OTHER, NO);
    expect(ended(daemon)).toEqual(['Exit', ['shutDown']]);
    expect(daemon.context.result).toEqual({ ok: false, error: 'SocketWriteError', detail: 'because' });
  });

  test.each([OK, NO])('D-12 Exit(Result<(), Error>) -> Done', (ending) => {
    const daemon = daemonAfter(OK, OK, NO, ending);
    expect(ended(daemon)).toEqual(['Done', ['end']]);
    expect(daemon.context.result).toEqual({ ok: false, error: 'SocketReadError', detail: 'because' });
  });
});

describe('the client', () => {
  test('C-1 Start -> InitHomes', () => {
    expect(ended(clientAfter())).toEqual(['InitHomes', ['initHomes']]);
  });

  test('C-2 InitHomes: Success -> CheckSocketExists(Homes)', () => {
    expect(ended(clientAfter(OK))).toEqual(['CheckSocketExists', ['checkSocketExists']]);
  });

  test('C-3 InitHomes: Failure -> Exit(Err(InitHomesError))', () => {
    const client = clientAfter(NO);
    expect(ended(client)).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: false, error: 'InitHomesError', detail: 'because' });
  });

  test('C-4 CheckSocketExists(Homes): Success -> OpenSocket(Homes)', () => {
    expect(ended(clientAfter(OK, OK))).toEqual(['OpenSocket', ['openSocket']]);
  });

  test('C-5 CheckSocketExists(Homes): Failure -> LaunchDaemon', () => {
    expect(ended(clientAfter(OK, NO))).toEqual(['LaunchDaemon', ['launchDaemon']]);
  });

  test('C-5 a command that only asks does not launch one', () => {
    const client = asked(OK, NO);
    expect(ended(client)).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: false, error: 'NoDaemonError', detail: 'because' });
  });

  test('C-6 OpenSocket(Homes): Success -> SendRequest(Socket)', () => {
    expect(ended(clientAfter(OK, OK, OK))).toEqual(['SendRequest', ['sendRequest']]);
  });

  test('C-7 OpenSocket(Homes): Failure -> DeleteSocketFile(Homes)', () => {
    expect(ended(clientAfter(OK, OK, NO))).toEqual(['DeleteSocketFile', ['deleteSocketFile']]);
  });

  test('C-7 a command that only asks deletes nothing', () => {
    const client = asked(OK, OK, NO);
    expect(ended(client)).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: false, error: 'NoDaemonError', detail: 'because' });
  });

  test('C-7 a daemon that five launches do not bring is given up', () => {
    const again: readonly ClientEvent[] = [NO, OK, OK];
    const client = clientAfter(OK, OK, ...again, ...again, ...again, ...again, ...again);
    expect(client.value).toBe('OpenSocket');
    expect(ended(client.post(NO))).toEqual(['Done', ['end']]);
    expect(client.context).toMatchObject({
      launches: 5,
      result: { ok: false, error: 'DaemonLaunchError', detail: 'because' },
    });
  });

  test('C-8 SendRequest(Socket): Success -> ReadResponse(Socket)', () => {
    expect(ended(clientAfter(OK, OK, OK, OK))).toEqual(['ReadResponse', ['readResponse']]);
  });

  test('C-9 SendRequest(Socket): Failure -> CloseSocket(Socket, Exit(Err(SocketSendError)))', () => {
    const client = clientAfter(OK, OK, OK, NO);
    expect(ended(client)).toEqual(['CloseSocket', ['closeSocket']]);
    expect(ended(client.post(OK))).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: false, error: 'SocketSendError', detail: 'because' });
  });

  test('C-10 CloseSocket(Socket, State) -> param state', () => {
    expect(ended(clientAfter(OK, OK, OK, OK, OK, OK))).toEqual(['PrintResponse', ['printResponse']]);
    expect(ended(clientAfter(OK, OK, OK, OK, NO, OK))).toEqual(['Done', ['end']]);
  });

  test.each([OK, NO])('C-11 DeleteSocketFile(Homes) -> LaunchDaemon(Homes)', (deleted) => {
    expect(ended(clientAfter(OK, OK, NO, deleted))).toEqual(['LaunchDaemon', ['launchDaemon']]);
  });

  test('C-12 LaunchDaemon(Homes): Success -> OpenSocket(Homes)', () => {
    expect(ended(clientAfter(OK, NO, OK))).toEqual(['OpenSocket', ['openSocket']]);
  });

  test('C-13 LaunchDaemon(Homes): Failure -> Exit(Err(DaemonLaunchError))', () => {
    const client = clientAfter(OK, NO, NO);
    expect(ended(client)).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: false, error: 'DaemonLaunchError', detail: 'because' });
  });

  test('C-14 ReadResponse(Socket): Success -> CloseSocket(Socket, PrintResponse(Response))', () => {
    const client = clientAfter(OK, OK, OK, OK, OK);
    expect(ended(client)).toEqual(['CloseSocket', ['closeSocket']]);
    expect(ended(client.post(OK))).toEqual(['PrintResponse', ['printResponse']]);
  });

  test('C-14 progress is shown while the response is awaited', () => {
    const client = clientAfter(OK, OK, OK, OK);
    client.effects();
    expect(client.post({ type: 'Progress' }, { type: 'Progress' }).effects()).toEqual([
      'showProgress',
      'showProgress',
    ]);
    expect(client.value).toBe('ReadResponse');
  });

  test('C-15 ReadResponse(Socket): Failure -> CloseSocket(Socket, Exit(Err(SocketReadError)))', () => {
    const client = clientAfter(OK, OK, OK, OK, NO);
    expect(ended(client)).toEqual(['CloseSocket', ['closeSocket']]);
    expect(ended(client.post(OK))).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: false, error: 'SocketReadError', detail: 'because' });
  });

  test.each([OK, NO])('C-16 PrintResponse(Response) -> Exit(Ok(()))', (printed) => {
    const client = clientAfter(OK, OK, OK, OK, OK, OK, printed);
    expect(ended(client)).toEqual(['Done', ['end']]);
    expect(client.context.result).toEqual({ ok: true });
  });

  test('C-17 Exit(Result<(), Error>) -> Done', () => {
    const client = clientAfter(NO);
    expect(client.value).toBe('Done');
    expect(client.snapshot.status).toBe('done');
  });
});

function daemonAfter(...events: readonly DaemonEvent[]): Bench<typeof daemonMachine> {
  return new Bench(daemonMachine).begin().post(...events);
}

/** A client of a command that may launch a daemon. */
function clientAfter(...events: readonly ClientEvent[]): Bench<typeof clientMachine> {
  return new Bench(clientMachine).begin({ mayLaunch: true }).post(...events);
}

/** A client of a command that only asks. */
function asked(...events: readonly ClientEvent[]): Bench<typeof clientMachine> {
  return new Bench(clientMachine).begin({ mayLaunch: false }).post(...events);
}

/** Where a chart is after its last step, and what that step asked for. */
function ended({
  value,
  steps,
}: {
  readonly value: unknown;
  readonly steps: readonly { readonly effects: readonly string[] }[];
}): readonly [unknown, readonly string[] | undefined] {
  return [value, steps.at(-1)?.effects];
}
