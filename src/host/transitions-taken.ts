import type { AnyStateMachine, AnyTransitionDefinition } from 'xstate';
import type { Step } from './chart-host.ts';
import { inertActorScope } from './chart-step.ts';
import { transitionId } from './transition-id.ts';

/**
 * Ids of the transitions that a step took, in their order: first that of the event, then those that need no
 * event. This computes the step a second time, so call it only while somebody looks. The first step of a
 * chart takes none.
 */
export function transitionsTaken<M extends AnyStateMachine>({
  event,
  before,
}: Pick<Step<M>, 'event' | 'before'>): readonly string[] {
  if (before === null) return [];
  const taken: string[] = [];
  const scope = inertActorScope(() => undefined);
  scope.system.inspect((seen) => {
    if (seen.type === '@xstate.microstep') taken.push(...seen._transitions.map(idOf));
  });
  const { machine } = before as unknown as { readonly machine: AnyStateMachine };
  machine.transition(before as never, event as never, scope);
  return taken;
}

function idOf(transition: AnyTransitionDefinition): string {
  const { source } = transition;
  const event = String(transition.eventType);
  const alternatives = event === '' ? (source.always ?? []) : (source.transitions.get(event) ?? []);
  return transitionId(source.id, event, alternatives.indexOf(transition));
}
