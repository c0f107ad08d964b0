import type { ClientEffect, ClientResult } from '../../machines/client.ts';
import { clientMachine } from '../../machines/client.ts';
import { ChartHost, type Step } from '../host/chart-host.ts';
import type { Reply } from '../wire/messages.ts';
import {
  checkSocketExists,
  closeSocket,
  deleteSocketFile,
  initHomes,
  openSocket,
  printResponse,
  readResponse,
  sendRequest,
  showProgress,
} from './effects.ts';
import { launchDaemon } from './launch-daemon.ts';
import { ReplyInbox } from './reply-inbox.ts';
import type { ClientRun, ClientSession, DeadEnd } from './session.ts';

export type { ClientRun } from './session.ts';

export type ClientStep = Step<typeof clientMachine>;

export interface ClientEnd {
  readonly result: ClientResult;
  /** The daemon's last word; null when there was none. */
  readonly reply: Reply | null;
  /** The socket file that led nowhere last; null when none did. */
  readonly deadEnd: DeadEnd | null;
}

const EFFECTS: { readonly [Effect in Exclude<ClientEffect, 'end'>]: (session: ClientSession) => void } = {
  initHomes,
  checkSocketExists,
  openSocket,
  sendRequest,
  readResponse,
  closeSocket,
  deleteSocketFile,
  launchDaemon,
  showProgress,
  printResponse,
};

/** Runs the client chart from Start to Done for one request. Rejects only for a bug. */
export function runClient(run: ClientRun, onStep: (step: ClientStep) => void = () => {}): Promise<ClientEnd> {
  return new Promise((resolve, reject) => {
    const session: ClientSession = {
      ...run,
      post: (event) => host.post(event),
      inbox: new ReplyInbox(),
      connection: null,
      deadEnd: null,
      news: [],
      unread: 0,
      reply: null,
    };
    const host = new ChartHost({
      machine: clientMachine,
      clock: run.ports.clock,
      keep: onStep,
      perform: (name, { context }) => {
        const effect = name as ClientEffect;
        if (effect === 'end')
          return resolve({ result: context.result, reply: session.reply, deadEnd: session.deadEnd });
        try {
          EFFECTS[effect](session);
        } catch (error) {
          reject(error as Error);
        }
      },
    });
    host.begin({ mayLaunch: run.mayLaunch });
  });
}
