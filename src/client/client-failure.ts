import type { ClientEnd } from './run-client.ts';

/** Why a request got no answer. `code` is the one in `--json`. */
export interface ClientFailure {
  readonly code: 'unreachable' | 'no-daemon' | 'homes' | 'launch' | 'send' | 'read';
  readonly message: string;
}

/**
 * A daemon that is there and cannot be talked to is something else than none. Throws for a request that was
 * answered.
 */
export function failureOf({ result, deadEnd }: Pick<ClientEnd, 'result' | 'deadEnd'>): ClientFailure {
  if (result.ok) throw new Error('a request that was answered has no failure');
  const { error, detail } = result;
  switch (error) {
    case 'NoDaemonError':
      if (deadEnd?.code === 'version' || deadEnd?.code === 'timeout')
        return { code: 'unreachable', message: detail };
      return { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' };
    case 'InitHomesError':
      return { code: 'homes', message: detail };
    case 'DaemonLaunchError':
      return { code: 'launch', message: `cannot reach or start the daemon: ${detail}` };
    case 'SocketSendError':
      return { code: 'send', message: `the request could not be sent: ${detail}` };
    case 'SocketReadError':
      return { code: 'read', message: `no answer: ${detail}; \`overseer status\` says how things are` };
    default:
      return error satisfies never;
  }
}
