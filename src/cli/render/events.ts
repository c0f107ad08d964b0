import type { Transition } from '../../wire/messages.ts';
import { clockWords } from './clock-words.ts';
import { displayWidth, fit, fitInside, pad } from '../../text/display-width.ts';
import { styled, type RenderContext } from '../terminal/render-context.ts';
import { eventWords, shortMove } from './transition-text.ts';
import { NamePaints } from '../terminal/name-paints.ts';
import { printable } from '../../text/printable.ts';

const GAP = '  ';
/** The longest that the job chart has, `after stableTime`, and names up to this length, stand in columns from the first line on. */
const EVENT_COLUMNS = 16;
const NAME_COLUMNS = 9;
/** How much of the page the names may take. */
const NAME_SHARE = 0.25;
/** What the daemon's own transitions stand under. */
const DAEMON = 'overseerd';

/** Transitions as lines in columns, each job in a colour of its own. The columns grow with the names that come. */
export class EventLines {
  readonly #context: RenderContext;
  readonly #paints = new NamePaints();
  #nameColumns = NAME_COLUMNS;

  constructor(context: RenderContext, coming: readonly Transition[] = []) {
    this.#context = context;
    for (const event of coming) this.#makeRoom(nameOf(event));
  }

  line(transition: Transition): string {
    const { at, machine, event, from, to, detail } = transition;
    const name = nameOf(transition);
    this.#makeRoom(name);
    const begin = `${clockTime(at, this.#context.now)}${GAP}`;
    const label = pad(fitInside(name, this.#nameColumns), this.#nameColumns);
    const rest = `${GAP}${pad(printable(eventWords(event)), EVENT_COLUMNS)}${GAP}${printable(shortMove(from, to))}`;
    const room = this.#context.columns - displayWidth(begin + label);
    const shown = fit(rest, room);
    const after = detail === '' ? '' : fit(`${GAP}${printable(detail)}`, room - displayWidth(shown));
    const paint = machine === 'job' ? this.#paints.of(name) : 'dim';
    return `${styled(begin, 'dim', this.#context)}${styled(label, paint, this.#context)}${shown}${styled(after, 'dim', this.#context)}\n`;
  }

  #makeRoom(name: string): void {
    const most = Math.max(NAME_COLUMNS, Math.floor(this.#context.columns * NAME_SHARE));
    this.#nameColumns = Math.min(most, Math.max(this.#nameColumns, displayWidth(name)));
  }
}

/** What `--json` has of a transition. */
export function eventJson({
  at,
  machine,
  id,
  event,
  from,
  to,
  cause,
  file,
}: Transition): Omit<Transition, 'job' | 'detail'> {
  const why = { ...(cause === undefined ? {} : { cause }), ...(file === undefined ? {} : { file }) };
  return { at, machine, id, event, from, to, ...why };
}

const nameOf = ({ machine, id }: Transition): string => (machine === 'job' ? printable(id) : DAEMON);

/** `14:20:29.299` in local time; with the date where that is not today's. */
function clockTime(at: string, now: number): string {
  return `${clockWords(at, now)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}
