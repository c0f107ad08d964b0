import type { Explored } from './explorer.ts';
import { problemOf, restProblem } from './rules.ts';
import type { World } from './world.ts';

/** How a composition breaks a rule: the shortest story that leads there, and which rule it is. */
export interface Violation {
  readonly rule: string;
  readonly story: readonly string[];
  /** What goes on for ever after it; empty when it has an end. */
  readonly round: readonly string[];
}

/** The first rule that is broken; null when all of them hold. */
export function violationOf(model: Explored<World>): Violation | null {
  return problemIn(model) ?? loopIn(model) ?? unrestIn(model) ?? unendingIn(model);
}

function problemIn(model: Explored<World>): Violation | null {
  const at = model.find((world) => problemOf(world) !== null);
  return at === null ? null : told(model, at, problemOf(model.states[at] as World) ?? '');
}

/**
 * Where nothing happens any more without a fault, both clients must be over, and a daemon that is left must
 * be there for the next one.
 */
function unrestIn(model: Explored<World>): Violation | null {
  const isAtEnd = (number: number): boolean => model.waysFrom(number).every(({ kind }) => kind === 'fault');
  const at = model.find((world, number) => restProblem(world) !== null && isAtEnd(number));
  return at === null ? null : told(model, at, restProblem(model.states[at] as World) ?? '');
}

function loopIn(model: Explored<World>): Violation | null {
  const at = model.loop;
  if (at === null) return null;
  const round = model.round(at).map(({ story }) => story);
  return {
    ...told(model, at, 'the steps repeat for ever'),
    round: round.filter((sentence) => sentence !== ''),
  };
}

/** Whether, from every state, each client ends if no fault comes and the other request does no work. */
function unendingIn(model: Explored<World>): Violation | null {
  for (const index of [1, 0] as const) {
    const otherWork = index === 0 ? 'work B' : 'work A';
    const isOver = ({ clients }: World): boolean => clients[index].fate !== 'alive';
    const isToDie = ({ clients }: World): boolean => clients[1 - index]?.asked === 'DIE';
    const ending = model.canReach(isOver, ({ kind }) => kind !== 'fault' && kind !== otherWork);
    const isStuck = (world: World, number: number): boolean =>
      !ending.has(number) && !isToDie(world) && !areAlike(world);
    const isTold = ({ clients }: World): boolean => clients[index].doing === 'readResponse';
    const at = model.find((world, number) => isStuck(world, number) && isTold(world)) ?? model.find(isStuck);
    if (at !== null)
      return told(
        model,
        at,
        `${(model.states[at] as World).clients[index].name} must wait until the request of the other client is done`,
      );
  }
  return null;
}

/** Two that ask for the same are told apart by nobody, so that whose work it is cannot be said. */
function areAlike({ clients: [a, b] }: World): boolean {
  return a.asked === b.asked;
}

function told(model: Explored<World>, at: number, rule: string): Violation {
  return { rule, story: model.storyOf(at), round: [] };
}
