// Runs in a browser, in the place of Stately's site: the real receiver, and a machine of each definition.
import { createBrowserReceiver } from '@statelyai/inspect';
import { createMachine } from 'xstate';

const machines = new Map<string, ReturnType<typeof createMachine>>();

createBrowserReceiver().subscribe((message) => {
  if (message.type === '@xstate.actor')
    machines.set(message.sessionId, createMachine(JSON.parse(message.definition ?? '') as never));
  const machine = machines.get(message.sessionId);
  const seen = {
    type: message.type,
    sessionId: message.sessionId,
    event: 'event' in message ? message.event.type : null,
    // The machine refuses a snapshot that does not fit it.
    value: 'snapshot' in message ? machine?.resolveState(message.snapshot as never).value : null,
  };
  void fetch('/saw', { method: 'POST', body: JSON.stringify(seen) });
});
