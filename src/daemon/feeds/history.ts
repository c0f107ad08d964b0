import type { StateValue } from 'xstate';
import type { Why } from '../../wire/messages.ts';
import type { JobStep } from '../../fleet/job-instance.ts';

type Entry = Why['history'][number];

/** How many transitions of one instance are remembered. */
const LENGTH = 30;

/** The last transitions of every instance; the daemon's log has those before. */
export class History {
  readonly #entries = new Map<string, Entry[]>();

  note(name: string, at: string, step: JobStep): Entry | null {
    const from = step.before === null ? '' : inWords(step.before.value);
    const to = inWords(step.after.value);
    if (from === to) return null;
    const entry: Entry = { at, event: step.event.type, from, to, ...causeOf(step.event) };
    const entries = this.#entries.get(name) ?? [];
    entries.push(entry);
    this.#entries.set(name, entries.slice(-LENGTH));
    return entry;
  }

  of(name: string): readonly Entry[] {
    return this.#entries.get(name) ?? [];
  }

  forget(name: string): void {
    this.#entries.delete(name);
  }
}

/** What is behind an event, as users see it. */
function causeOf(event: JobStep['event']): Pick<Entry, 'cause' | 'file'> {
  if (event.type !== 'Restart' || event.cause === undefined) return {};
  return { cause: event.cause, ...(event.file === undefined ? {} : { file: event.file }) };
}

/** `{ want: 'Yes', child: { Up: 'Running' } }` as `want.Yes child.Up.Running`. */
export function inWords(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([key, inner]) => (inner === undefined ? key : `${key}.${inWords(inner)}`))
    .join(' ');
}
