import type { AnyStateMachine } from 'xstate';

/** A chart as the JSON that Stately's editor and `createMachine` take. */
export function toJson(machine: AnyStateMachine): string {
  return `${JSON.stringify(machine.config, null, 2)}\n`;
}
