import type { AnyActorScope, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { createEmptyActor } from 'xstate';

/** An effect or a timer that a step asked for, by its name; nothing of it is done yet. */
export interface RequestedAction {
  readonly type: string;
  readonly params: unknown;
}

/** What a step led to, and what it asked for, in order. */
export interface StepResult<M extends AnyStateMachine> {
  readonly after: SnapshotFrom<M>;
  readonly asked: readonly RequestedAction[];
}

let asked: RequestedAction[] = [];

/**
 * What XState's `transition` gives a machine, but made once: it builds an actor, with the chart's first snapshot, for each event, and that
 * is half of what a step costs. One is enough for all charts, since an action here is only a name, so that no step begins inside another.
 */
const scope = inertActorScope((each) => asked.push(each));

/** Enters the chart's initial state. */
export function firstStep<M extends AnyStateMachine>(machine: M, input: InputFrom<M>): StepResult<M> {
  return taken(() => {
    const after = machine.getInitialSnapshot(scope, input) as {
      readonly status: string;
      readonly error?: unknown;
    };
    // Later steps throw by themselves; here XState turns what was thrown into a status.
    if (after.status === 'error') throw after.error;
    return after as SnapshotFrom<M>;
  });
}

/** Takes one event, without doing anything. Throws what a guard or an assignment throws, which is a bug of ours. */
export function nextStep<M extends AnyStateMachine>(
  machine: M,
  before: SnapshotFrom<M>,
  event: EventFromLogic<M>,
): StepResult<M> {
  return taken(() => machine.transition(before as never, event as never, scope) as SnapshotFrom<M>);
}

function taken<M extends AnyStateMachine>(take: () => SnapshotFrom<M>): StepResult<M> {
  asked = [];
  return { after: take(), asked };
}

/** What a machine's own functions take a step in; nothing happens by itself in it but that actions are told, in order. XState calls it inert. */
export function inertActorScope(actionExecutor: (asked: RequestedAction) => void): AnyActorScope {
  const self = createEmptyActor();
  const nothing = (): void => undefined;
  return {
    self,
    system: self.system,
    actionExecutor,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    stopChild: nothing,
    emit: nothing,
  } as AnyActorScope;
}
