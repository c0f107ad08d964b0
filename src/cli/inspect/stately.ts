import type { StatelyActorEvent, StatelyEventEvent, StatelySnapshotEvent } from '@statelyai/inspect';
import type { Inspection } from '../../wire/messages.ts';
import type { ShownStep } from './inspected-charts.ts';

/** The version of @statelyai/inspect whose messages these are. */
const PROTOCOL = '0.7.2';

/** The configs of the machines as JSON. */
export type Definitions = Readonly<Record<Inspection['machine'], string>>;

/**
 * The messages for a step. Of a chart that Stately's inspector does not know yet they say who it is and how
 * it is now; of any other the event and the snapshot.
 */
export function statelyMessages(
  step: ShownStep,
  definitions: Definitions,
): readonly [StatelyActorEvent | StatelyEventEvent, StatelySnapshotEvent] {
  const { at, sessionId, event, name, machine } = step;
  const snapshot = snapshotOf(step);
  const base = {
    _version: PROTOCOL,
    createdAt: String(Date.parse(at)),
    id: sessionId,
    rootId: sessionId,
    sessionId,
  };
  if (event !== null)
    return [
      { ...base, type: '@xstate.event', event, sourceId: undefined },
      { ...base, type: '@xstate.snapshot', event, snapshot },
    ];
  const definition = definitions[machine];
  return [
    { ...base, type: '@xstate.actor', name, definition, snapshot, parentId: undefined },
    { ...base, type: '@xstate.snapshot', event: { type: 'xstate.init' }, snapshot },
  ];
}

function snapshotOf({ snapshot }: ShownStep): StatelySnapshotEvent['snapshot'] {
  const { status, value, context } = snapshot;
  const rest = { output: undefined, error: undefined, children: {}, historyValue: {}, tags: [] };
  return {
    status: status as 'active' | 'stopped',
    value,
    context,
    ...rest,
  } as StatelySnapshotEvent['snapshot'];
}
