import type { Transition } from '../../wire/messages.ts';
import { clockWords } from './clock-words.ts';
import { displayWidth, fitInside, pad } from '../../text/display-width.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { eventName, eventWords, moveWords } from './transition-text.ts';
import { NamePaints } from '../terminal/name-paints.ts';
import { printable } from '../../text/printable.ts';
import { paintOf } from './state-paint.ts';
import { wrapped } from '../terminal/wrapped.ts';

const GAP = '  ';
/**
 * The longest word for a state is `starting`. Names up to this length have their column from the first line
 * on.
 */
const STATE_COLUMNS = 8;
const NAME_COLUMNS = 9;
/** The largest share of the width that names may take. */
const NAME_SHARE = 0.25;
/** A reason is wrapped, never cut, and stands in its column where that is so wide. */
const LEAST_REASON = 20;
const NARROW_INDENT = 4;
/** The name shown for the daemon's own transitions. */
const DAEMON = 'overseerd';

/** Prints transitions in columns, each job in its own colour. The columns grow with longer names. */
export class EventLines {
  readonly #context: RenderContext;
  readonly #paints = new NamePaints();
  #nameColumns = NAME_COLUMNS;

  constructor(context: RenderContext, coming: readonly Transition[] = []) {
    this.#context = context;
    for (const event of coming) this.#makeRoom(nameOf(event));
  }

  /** For a change of state: time, job, state and reason. For other transitions: the event. */
  line(transition: Transition): string {
    const name = nameOf(transition);
    this.#makeRoom(name);
    const time = `${clockTime(transition.at, this.#context.now)}${GAP}`;
    const label = pad(fitInside(name, this.#nameColumns), this.#nameColumns);
    const { isChange = false, state, machine } = transition;
    const word = pad(isChange ? (state ?? '') : '', STATE_COLUMNS);
    const column = displayWidth(time + label) + 2 * GAP.length + STATE_COLUMNS;
    // On a narrow page the reason has lines of its own.
    const isNarrow = this.#context.columns - column < LEAST_REASON;
    const indent = isNarrow ? NARROW_INDENT : column;
    const lines = wrapped(printable(this.#reason(transition)), this.#context.columns - indent);
    const [first = '', ...rest] = isNarrow && lines[0] !== '' ? ['', ...lines] : lines;
    const paint = machine === 'job' ? this.#paints.of(name) : 'dim';
    const statePaint = isChange && state !== undefined ? paintOf(state) : null;
    const begin = `${styled(time, 'dim', this.#context)}${styled(label, paint, this.#context)}${GAP}`;
    const head = `${begin}${styled(word, statePaint, this.#context)}${GAP}${first}`;
    return [head.trimEnd(), ...rest.map((line) => `${' '.repeat(indent)}${line}`), ''].join('\n');
  }

  #reason({ event, from, to, detail, isChange = false, nextStartAt, state, machine }: Transition): string {
    const due = state === 'waiting' && nextStartAt != null ? clockWords(nextStartAt, this.#context.now) : '';
    if (isChange) return [detail, due].filter((part) => part !== '').join(', ');
    const words = [eventWords(event), detail].filter((part) => part !== '').join(': ');
    return machine === 'job' ? words : `${words}  ${moveWords(from, to)}`;
  }

  #makeRoom(name: string): void {
    const most = Math.max(NAME_COLUMNS, Math.floor(this.#context.columns * NAME_SHARE));
    this.#nameColumns = Math.min(most, Math.max(this.#nameColumns, displayWidth(name)));
  }
}

/** A transition as `--json` prints it; null where there is nothing to print. */
export function eventJson(transition: Transition): Omit<Transition, 'job' | 'isChange'> {
  const { at, machine, id, event, from, to, detail } = transition;
  const move = { at, machine, id, event: eventName(event), from, to };
  if (machine !== 'job') return { ...move, detail };
  const { state, cause, pid = null, exit = null, file = null, nextStartAt = null } = transition;
  return {
    ...move,
    ...(state && { state }),
    ...(cause && { cause }),
    pid,
    exit,
    file,
    nextStartAt,
    detail,
  };
}

const nameOf = ({ machine, id }: Transition): string => (machine === 'job' ? printable(id) : DAEMON);

/** `14:20:29.299` in local time; with the date where that is not today's. */
function clockTime(at: string, now: number): string {
  return `${clockWords(at, now)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}
