import { assign, setup } from 'xstate';

/** The daemon's result: the `Result<(), Error>` of the specification. */
export type DaemonResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: DaemonError; readonly detail: string };
type DaemonError = 'InitHomesError' | 'SocketOpenError' | 'SocketReadError' | 'SocketWriteError';

export interface DaemonContext {
  /** The request that is being processed: its number and name, never its content. */
  readonly request: { readonly id: number; readonly name: string } | null;
  readonly result: DaemonResult;
}

export type DaemonEvent =
  | { readonly type: 'Success'; readonly request?: { readonly id: number; readonly name: string } }
  | { readonly type: 'Failure'; readonly detail: string }
  | { readonly type: 'DIE' }
  | { readonly type: 'Other' };

/** Everything that the daemon chart asks of the world. */
export type DaemonEffect =
  | 'initHomes'
  | 'openSocket'
  | 'receiveRequest'
  | 'processRequest'
  | 'sendResponse'
  | 'shutDown'
  | 'end';

/** `overseerd`: the daemon state machine of the specification. */
export const daemonMachine = setup({
  types: { context: {} as DaemonContext, events: {} as DaemonEvent },
  actions: {
    initHomes: () => {},
    openSocket: () => {},
    receiveRequest: () => {},
    processRequest: () => {},
    sendResponse: () => {},
    shutDown: () => {},
    end: () => {},
    noteRequest: assign({
      request: ({ event }) => (event.type === 'Success' ? (event.request ?? null) : null),
    }),
    succeed: assign({ result: () => ({ ok: true }) }),
    failInitHomes: assign({ result: ({ event }) => failed('InitHomesError', event) }),
    failSocketOpen: assign({ result: ({ event }) => failed('SocketOpenError', event) }),
    failSocketRead: assign({ result: ({ event }) => failed('SocketReadError', event) }),
    failSocketWrite: assign({ result: ({ event }) => failed('SocketWriteError', event) }),
  },
}).createMachine({
  id: 'daemon',
  options: { maxIterations: 100 },
  context: { request: null, result: { ok: true } },
  initial: 'Start',
  states: {
    Start: { always: { target: 'InitHomes', meta: { spec: 'D-1' } } },
    InitHomes: {
      entry: 'initHomes',
      on: {
        Success: { target: 'OpenSocket', meta: { spec: 'D-2' } },
        Failure: { target: 'Exit', actions: 'failInitHomes', meta: { spec: 'D-3' } },
      },
    },
    OpenSocket: {
      entry: 'openSocket',
      on: {
        Success: { target: 'ReceiveRequest', meta: { spec: 'D-4' } },
        Failure: { target: 'Exit', actions: 'failSocketOpen', meta: { spec: 'D-5' } },
      },
    },
    ReceiveRequest: {
      entry: 'receiveRequest',
      on: {
        Success: { target: 'ProcessRequest', actions: 'noteRequest', meta: { spec: 'D-6' } },
        Failure: { target: 'Exit', actions: 'failSocketRead', meta: { spec: 'D-7' } },
      },
    },
    ProcessRequest: {
      entry: 'processRequest',
      on: {
        DIE: { target: 'Exit', actions: 'succeed', meta: { spec: 'D-8' } },
        Other: { target: 'SendResponse', meta: { spec: 'D-9' } },
      },
    },
    SendResponse: {
      entry: 'sendResponse',
      on: {
        Success: { target: 'ReceiveRequest', meta: { spec: 'D-10' } },
        Failure: { target: 'Exit', actions: 'failSocketWrite', meta: { spec: 'D-11' } },
      },
    },
    Exit: {
      entry: 'shutDown',
      on: {
        Success: { target: 'Done', meta: { spec: 'D-12' } },
        Failure: {
          target: 'Done',
          meta: {
            refined: 'a shutdown that could not be finished ends all the same, and its log says what is left',
          },
        },
      },
    },
    Done: { type: 'final', entry: 'end' },
  },
});

function failed(error: DaemonError, event: DaemonEvent): DaemonResult {
  return { ok: false, error, detail: event.type === 'Failure' ? event.detail : '' };
}
