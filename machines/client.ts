import { assign, setup } from 'xstate';

/** The client's result: the `Result<(), Error>` of the specification. */
export type ClientResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: ClientError; readonly detail: string };
type ClientError =
  | 'InitHomesError'
  | 'DaemonLaunchError'
  | 'SocketSendError'
  | 'SocketReadError'
  | 'NoDaemonError';

export interface ClientInput {
  /** Whether this command may start a daemon (`overseer`, `start`). */
  readonly mayLaunch: boolean;
}

export interface ClientContext extends ClientInput {
  /** Launches tried so far: the loop OpenSocket, DeleteSocketFile, LaunchDaemon is bounded by it. */
  readonly launches: number;
  /** Decides where CloseSocket goes next: the state that the specification passes as a parameter. */
  readonly answered: boolean;
  readonly result: ClientResult;
}

export type ClientEvent =
  | { readonly type: 'Success' }
  | { readonly type: 'Failure'; readonly detail: string }
  | { readonly type: 'Progress' };

/** Everything that the client chart asks of the world. */
export type ClientEffect =
  | 'initHomes'
  | 'checkSocketExists'
  | 'openSocket'
  | 'sendRequest'
  | 'closeSocket'
  | 'deleteSocketFile'
  | 'launchDaemon'
  | 'readResponse'
  | 'showProgress'
  | 'printResponse'
  | 'end';

/** `overseer`: the client state machine of the specification. */
export const clientMachine = setup({
  types: { context: {} as ClientContext, events: {} as ClientEvent, input: {} as ClientInput },
  guards: {
    mayLaunch: ({ context }) => context.mayLaunch,
    /**
     * The client gives up after this many launches that succeed without leading to a daemon that it can
     * reach.
     */
    mayRetry: ({ context }) => context.mayLaunch && context.launches < 5,
    mayNotLaunch: ({ context }) => !context.mayLaunch,
    hasAnswer: ({ context }) => context.answered,
  },
  actions: {
    initHomes: () => {},
    checkSocketExists: () => {},
    openSocket: () => {},
    sendRequest: () => {},
    closeSocket: () => {},
    deleteSocketFile: () => {},
    launchDaemon: () => {},
    readResponse: () => {},
    showProgress: () => {},
    printResponse: () => {},
    end: () => {},
    countLaunch: assign({ launches: ({ context }) => context.launches + 1 }),
    noteAnswer: assign({ answered: true, result: () => ({ ok: true }) }),
    failInitHomes: assign({ result: ({ event }) => failed('InitHomesError', event) }),
    failNoDaemon: assign({ result: ({ event }) => failed('NoDaemonError', event) }),
    failLaunch: assign({ result: ({ event }) => failed('DaemonLaunchError', event) }),
    failSend: assign({ result: ({ event }) => failed('SocketSendError', event) }),
    failRead: assign({ result: ({ event }) => failed('SocketReadError', event) }),
  },
}).createMachine({
  id: 'client',
  options: { maxIterations: 100 },
  context: ({ input }) => ({
    mayLaunch: input.mayLaunch,
    launches: 0,
    answered: false,
    result: { ok: true },
  }),
  initial: 'Start',
  states: {
    Start: { always: { target: 'InitHomes', meta: { spec: 'C-1' } } },
    InitHomes: {
      entry: 'initHomes',
      on: {
        Success: { target: 'CheckSocketExists', meta: { spec: 'C-2' } },
        Failure: { target: 'Exit', actions: 'failInitHomes', meta: { spec: 'C-3' } },
      },
    },
    CheckSocketExists: {
      entry: 'checkSocketExists',
      on: {
        Success: { target: 'OpenSocket', meta: { spec: 'C-4' } },
        Failure: [
          { guard: 'mayLaunch', target: 'LaunchDaemon', meta: { spec: 'C-5' } },
          {
            target: 'Exit',
            actions: 'failNoDaemon',
            meta: { refined: 'a command that only asks never starts a daemon' },
          },
        ],
      },
    },
    OpenSocket: {
      entry: 'openSocket',
      on: {
        Success: { target: 'SendRequest', meta: { spec: 'C-6' } },
        Failure: [
          {
            guard: 'mayNotLaunch',
            target: 'Exit',
            actions: 'failNoDaemon',
            meta: { refined: 'a command that only asks leaves a stale socket file alone' },
          },
          { guard: 'mayRetry', target: 'DeleteSocketFile', meta: { spec: 'C-7' } },
          {
            target: 'Exit',
            actions: 'failLaunch',
            meta: { refined: 'OpenSocket, DeleteSocketFile, LaunchDaemon must not go round for ever' },
          },
        ],
      },
    },
    SendRequest: {
      entry: 'sendRequest',
      on: {
        Success: { target: 'ReadResponse', meta: { spec: 'C-8' } },
        Failure: { target: 'CloseSocket', actions: 'failSend', meta: { spec: 'C-9' } },
      },
    },
    CloseSocket: {
      entry: 'closeSocket',
      on: {
        Success: [
          { guard: 'hasAnswer', target: 'PrintResponse', meta: { spec: 'C-10' } },
          { target: 'Exit', meta: { spec: 'C-10' } },
        ],
      },
    },
    DeleteSocketFile: {
      entry: 'deleteSocketFile',
      on: {
        Success: { target: 'LaunchDaemon', meta: { spec: 'C-11' } },
        Failure: {
          target: 'LaunchDaemon',
          meta: {
            refined:
              'a file that another client replaced or removed is not ours; the lock decides who serves',
          },
        },
      },
    },
    LaunchDaemon: {
      entry: ['countLaunch', 'launchDaemon'],
      on: {
        Success: { target: 'OpenSocket', meta: { spec: 'C-12' } },
        Failure: { target: 'Exit', actions: 'failLaunch', meta: { spec: 'C-13' } },
      },
    },
    ReadResponse: {
      entry: 'readResponse',
      on: {
        Success: { target: 'CloseSocket', actions: 'noteAnswer', meta: { spec: 'C-14' } },
        Failure: { target: 'CloseSocket', actions: 'failRead', meta: { spec: 'C-15' } },
        Progress: {
          actions: 'showProgress',
          meta: { refined: 'a long request says how far it is before its answer' },
        },
      },
    },
    PrintResponse: {
      entry: 'printResponse',
      on: {
        Success: { target: 'Exit', meta: { spec: 'C-16' } },
        Failure: {
          target: 'Exit',
          meta: { refined: 'a reader that left, such as `| head`, has seen what it wanted' },
        },
      },
    },
    Exit: { always: { target: 'Done', meta: { spec: 'C-17' } } },
    Done: { type: 'final', entry: 'end' },
  },
});

function failed(error: ClientError, event: ClientEvent): ClientResult {
  return { ok: false, error, detail: event.type === 'Failure' ? event.detail : '' };
}
