import { EVERYTHING } from '../web/jobs-now.ts';
import type { WebAction } from '../web/messages.ts';
import { atNextHit, withText, type Room } from './find.ts';
import { actOf, type Act } from './keys.ts';
import { leadOf, SORTS } from './rows.ts';
import {
  chosenRow,
  indexOfChosen,
  meantJobs,
  pageTop,
  statesOf,
  tagsOf,
  withRows,
  type ScreenPage,
  type TopState,
} from './top-state.ts';

/** Something to do outside the screen: ask the daemon, or leave. */
export type Wish =
  | { readonly kind: 'why' | 'logs'; readonly job: string }
  | { readonly kind: 'plan' }
  | { readonly kind: 'help' }
  | { readonly kind: 'steer'; readonly action: WebAction }
  | { readonly kind: 'suspend' | 'redraw' | 'quit' };

export interface Pressed {
  readonly state: TopState;
  readonly wish: Wish | null;
}

const still = (state: TopState): Pressed => ({ state, wish: null });

/** The state after a key, and what the caller is to do. */
export function pressed(before: TopState, key: string, room: Room): Pressed {
  const state = before.message === null ? before : { ...before, message: null };
  if (key === 'ctrl-c') return { state, wish: { kind: 'quit' } };
  if (key === 'ctrl-z') return { state, wish: { kind: 'suspend' } };
  if (key === 'ctrl-l') return { state, wish: { kind: 'redraw' } };
  if (state.isTyping)
    return still(state.page === null ? typed(state, key) : typedInPage(state, state.page, key, room));
  if (state.ask !== null && isAnswer(key)) return answered(state, key);
  if (state.page !== null) return inPage(state, state.page, key, room);
  if (state.ask !== null) return still(state);
  const act = actOf(key, state.isReadOnly);
  return act === null ? still(state) : done(state, { act, key }, room);
}

const isAnswer = (key: string): boolean => ['y', 'Y', 'n', 'N', 'escape', 'q', 'enter'].includes(key);

/** Only y is yes. */
function answered(state: TopState, key: string): Pressed {
  const { ask } = state;
  const isYes = key === 'y' || key === 'Y';
  const after = { ...state, ask: null, page: null };
  if (isYes && ask !== null) return { state: after, wish: { kind: 'steer', action: ask.action } };
  return still({ ...after, message: { text: 'Nothing was done.', isBad: false } });
}

/** Letters go to the text of the filter, which acts at once. */
function typed(state: TopState, key: string): TopState {
  const { text } = state.filter;
  if (key === 'enter' || key === 'up' || key === 'down') return { ...state, isTyping: false };
  const withText = (next: string): TopState => withRows(state, { filter: { ...state.filter, text: next } });
  if (key === 'escape') return { ...withText(''), isTyping: false };
  if (key === 'backspace') return text === '' ? { ...state, isTyping: false } : withText(withoutLast(text));
  if (key === 'ctrl-u') return withText('');
  return Array.from(key).length === 1 ? withText(text + key) : state;
}

function typedInPage(state: TopState, page: ScreenPage, key: string, room: Room): TopState {
  const looking = (text: string): TopState => ({ ...state, page: withText(page, text, room) });
  if (key === 'enter' || key === 'up' || key === 'down') return { ...state, isTyping: false };
  if (key === 'escape') return { ...looking(''), isTyping: false };
  if (key === 'backspace')
    return page.find === '' ? { ...state, isTyping: false } : looking(withoutLast(page.find));
  if (key === 'ctrl-u') return looking('');
  return Array.from(key).length === 1 ? looking(page.find + key) : state;
}

const withoutLast = (text: string): string => Array.from(text).slice(0, -1).join('');

function inPage(state: TopState, page: ScreenPage, key: string, room: Room): Pressed {
  const act = actOf(key, state.isReadOnly);
  if (page.find !== '' && (key === 'n' || key === 'N'))
    return still({ ...state, page: atNextHit(page, key === 'n' ? 'above' : 'below', room) });
  if (page.find !== '' && key === 'escape') return still({ ...state, page: withText(page, '', room) });
  if (act === 'text') return still({ ...state, isTyping: true, page: withText(page, '', room) });
  if (key === 'q' || key === 'escape' || act === 'quit') return still({ ...state, page: null, ask: null });
  if (act === 'suspend' || act === 'redraw') return { state, wish: { kind: act } };
  // One page leads to the other.
  if (page.job !== null && key !== 'enter' && (act === 'why' || act === 'logs'))
    return { state, wish: { kind: act, job: page.job } };
  const count = page.rows(room.columns).length;
  const from = pageTop(page, count, room.height);
  const last = Math.max(0, count - room.height);
  const to = moved(act, { at: from, last, page: Math.max(1, room.height - 1) });
  if (to === null) return still(state);
  // At its end a log goes on.
  const isFollowing = page.kind === 'logs' && to >= last;
  return still({ ...state, page: { ...page, top: to, isFollowing } });
}

function done(
  state: TopState,
  { act, key }: { readonly act: Act; readonly key: string },
  { height }: Room,
): Pressed {
  const chosen = chosenRow(state);
  switch (act) {
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
    case 'first':
    case 'last':
      return still(choiceMoved(state, act, height));
    case 'why':
    case 'logs':
      if (chosen === null) return still(state);
      if (chosen.copies !== null && key === 'enter') return still(folded(state));
      return { state, wish: { kind: act, job: act === 'why' ? leadOf(chosen).name : chosen.name } };
    case 'fold':
      return still(folded(state));
    case 'start':
    case 'stop':
    case 'restart':
      return steered(state, act);
    case 'plan':
    case 'help':
    case 'suspend':
    case 'redraw':
    case 'quit':
      return { state, wish: { kind: act } };
    case 'text':
      return still({ ...state, isTyping: true });
    case 'state':
    case 'tag':
      return still(filteredNext(state, act));
    case 'sort': {
      const sort = SORTS[(SORTS.indexOf(state.sort) + 1) % SORTS.length] ?? SORTS[0];
      return still(withRows(state, { sort, isReversed: false }));
    }
    case 'reverse':
      return still(withRows(state, { isReversed: !state.isReversed }));
    case 'mark':
      return still(choiceMoved(markToggled(state), 'down', height));
    case 'clear':
      return still({ ...withRows(state, { filter: EVERYTHING }), marked: new Set() });
    default:
      return act satisfies never;
  }
}

/** Every job, then those in each state or with each tag, then every job again. */
function filteredNext(state: TopState, by: 'state' | 'tag'): TopState {
  const all: readonly (string | null)[] = [null, ...(by === 'state' ? statesOf(state) : tagsOf(state))];
  const next = all[(all.indexOf(state.filter[by]) + 1) % all.length] ?? null;
  return withRows(state, { filter: { ...state.filter, [by]: next } });
}

/** Shows or folds the copies of the chosen job. */
function folded(state: TopState): TopState {
  const row = chosenRow(state);
  if (row === null || (row.copies === null && !row.isInside)) return state;
  const open = new Set(state.open);
  if (!open.delete(row.job)) open.add(row.job);
  return withRows(state, { open });
}

function markToggled(state: TopState): TopState {
  if (state.chosen === null) return state;
  const marked = new Set(state.marked);
  if (!marked.delete(state.chosen)) marked.add(state.chosen);
  return { ...state, marked };
}

/** A start harms nothing; the others ask first. */
function steered(state: TopState, action: 'start' | 'stop' | 'restart'): Pressed {
  const jobs = meantJobs(state);
  if (jobs.length === 0) return still(state);
  if (action === 'start') return { state, wish: { kind: 'steer', action: { action, jobs } } };
  return still({ ...state, ask: { question: `${action} ${namesText(jobs)}?`, action: { action, jobs } } });
}

/** `web`, `web and 3 more`. */
export function namesText(jobs: readonly string[]): string {
  const [first = ''] = jobs;
  return jobs.length > 1 ? `${first} and ${jobs.length - 1} more` : first;
}

function choiceMoved(state: TopState, act: Act, height: number): TopState {
  const at = Math.max(0, indexOfChosen(state));
  const last = state.rows.length - 1;
  const to = moved(act, { at, last, page: Math.max(1, height - 1) });
  return to === null ? state : { ...state, chosen: state.rows[to]?.name ?? null };
}

function moved(
  act: Act | null,
  { at, last, page }: { readonly at: number; readonly last: number; readonly page: number },
): number | null {
  const targets: Partial<Record<Act, number>> = {
    up: at - 1,
    down: at + 1,
    pageUp: at - page,
    pageDown: at + page,
    first: 0,
    last,
  };
  const target = act === null ? undefined : targets[act];
  return target === undefined ? null : Math.max(0, Math.min(last, target));
}
