import type { AnyActorScope, AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { createEmptyActor } from 'xstate';

/** An effect or a timer that a step asked for, by its name; nothing of it is done yet. */
export interface RequestedAction {
  readonly type: string;
  readonly params: unknown;
}

/** The snapshot after a step, and the actions that the step asked for, in order. */
export interface StepResult<M extends AnyStateMachine> {
  readonly after: SnapshotFrom<M>;
  readonly asked: readonly RequestedAction[];
}

let asked: RequestedAction[] = [];

/**
 * XState's `transition` builds an actor, with the chart's first snapshot, for every event, which is half the
 * cost of a step. This scope is made once. One is enough for all charts: an action here is only a name, so no
 * step begins inside another.
 */
const scope = inertActorScope((each) => asked.push(each));

/** Enters the chart's initial state. */
export function firstStep<M extends AnyStateMachine>(machine: M, input: InputFrom<M>): StepResult<M> {
  return taken(() => {
    const after = machine.getInitialSnapshot(scope, input) as {
      readonly status: string;
      readonly error?: unknown;
    };
    // Later steps throw directly; for the first one, XState turns an exception into a status.
    if (after.status === 'error') throw after.error;
    return after as SnapshotFrom<M>;
  });
}

/**
 * Computes the step for one event and performs nothing. Throws when a guard or an assignment throws, which is
 * a bug.
 */
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

/** An inert ActorScope: collects actions in order, does nothing else. */
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
