import type { StateValue } from 'xstate';
import type { Why } from '../../wire/messages.ts';
import type { Clock } from '../../host/clock.ts';
import type { JobStep } from '../../fleet/job-instance.ts';

type Entry = Omit<Why['history'][number], 'age'>;

interface Dated extends Entry {
  readonly sinceBoot: number;
}

/** How many transitions of one instance are remembered. */
const LENGTH = 30;

/** The last transitions of every instance; the daemon's log has those before. */
export class History {
  readonly #entries = new Map<string, Dated[]>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(name: string, step: JobStep): Entry | null {
    const from = step.before === null ? '' : stateText(step.before.value);
    const to = stateText(step.after.value);
    if (from === to) return null;
    const at = new Date(this.#clock.wall()).toISOString();
    const entry: Entry = { at, event: step.event.type, from, to, ...causeOf(step.event) };
    const entries = this.#entries.get(name) ?? [];
    entries.push({ ...entry, sinceBoot: this.#clock.sinceBoot() });
    this.#entries.set(name, entries.slice(-LENGTH));
    return entry;
  }

  of(name: string): Why['history'] {
    const now = this.#clock.sinceBoot();
    return (this.#entries.get(name) ?? []).map(({ sinceBoot, ...entry }) => ({
      ...entry,
      age: Math.max(0, now - sinceBoot),
    }));
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
function stateText(value: StateValue): string {
  if (typeof value === 'string') return value;
  return Object.entries(value)
    .map(([key, inner]) => (inner === undefined ? key : `${key}.${stateText(inner)}`))
    .join(' ');
}
