import { failureOf } from '../client/client-failure.ts';
import type { ClientPorts, ClientScreen } from '../client/ports.ts';
import { runClient } from '../client/run-client.ts';
import type { Homes } from '../homes.ts';
import type { Answers, Refusal, Request } from '../wire/messages.ts';
import {
  ClosedError,
  ConnectionError,
  NoDaemonError,
  NoSuchJobError,
  OverseerError,
  RefusedError,
  UnreachableError,
} from './errors.ts';

/** The daemon's folders, and whether a daemon may be started. */
export interface Target {
  readonly homes: Homes;
  readonly ports: ClientPorts;
  readonly mayLaunch: boolean;
}

export interface Requested<Name extends Request['name']> {
  readonly request: Request & { readonly name: Name };
  readonly mayLaunch?: boolean;
  readonly signals: readonly AbortSignal[];
  readonly screen?: Partial<ClientScreen>;
}

/** Walks the client chart for one request. Rejects with an OverseerError where there is no answer. */
export async function requestOf<Name extends Request['name']>(
  { homes, ports }: Target,
  { request, mayLaunch = false, signals, screen }: Requested<Name>,
): Promise<Answers[Name]> {
  const interrupted = AbortSignal.any([...signals]);
  if (interrupted.aborted) throw closed();
  const end = await runClient({
    request,
    mayLaunch,
    homes,
    ports,
    interrupted,
    screen: { showProgress: () => {}, print: () => Promise.resolve(true), ...screen },
  });
  if (interrupted.aborted) throw closed();
  if (!end.result.ok) throw errorOf(failureOf(end));
  const { reply } = end;
  if (reply?.kind === 'answer') return reply.answer as Answers[Name];
  throw refused(reply?.kind === 'refusal' ? reply.refusal : { code: 'internal', message: 'no answer came' });
}

const closed = (): ClosedError => new ClosedError('closed', 'the request was broken off by its caller');

function refused({ code, message }: Refusal): OverseerError {
  return code === 'no-such-job' ? new NoSuchJobError(code, message) : new RefusedError(code, message);
}

function errorOf({ code, message }: ReturnType<typeof failureOf>): OverseerError {
  switch (code) {
    case 'no-daemon':
      return new NoDaemonError(code, message);
    case 'unreachable':
      return new UnreachableError(code, message);
    case 'send':
    case 'read':
      return new ConnectionError(code, message);
    case 'homes':
    case 'launch':
      return new OverseerError(code, message);
    default:
      return code satisfies never;
  }
}
