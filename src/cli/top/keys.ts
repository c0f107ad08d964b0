/** What a key of the table does. */
export type Act =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'why'
  | 'logs'
  | 'start'
  | 'stop'
  | 'restart'
  | 'plan'
  | 'text'
  | 'state'
  | 'tag'
  | 'sort'
  | 'reverse'
  | 'mark'
  | 'fold'
  | 'clear'
  | 'help'
  | 'suspend'
  | 'redraw'
  | 'quit';

export interface TopKey {
  readonly act: Act;
  /** Names as `keyNames` gives them; a printable key is named by its character. */
  readonly keys: readonly string[];
  /** The label in footer and help. */
  readonly label: string;
  /** Footer text; null hides the key there. */
  readonly short: string | null;
  /** Help text. */
  readonly about: string;
  /** Changes something, so --read-only removes it. */
  readonly isSteering?: true;
}

/** Every key of the table: the footer, the help, the manual and what is done are made of this list. */
const KEYS: readonly TopKey[] = [
  { act: 'why', keys: ['enter', 'w'], label: 'Enter', short: 'why', about: 'why the job is in its state' },
  { act: 'logs', keys: ['l'], label: 'l', short: 'logs', about: 'the log of the job as it grows' },
  { act: 'start', keys: ['s'], label: 's', short: 'start', about: 'start', isSteering: true },
  { act: 'stop', keys: ['x'], label: 'x', short: 'stop', about: 'stop, after a question', isSteering: true },
  {
    act: 'restart',
    keys: ['r'],
    label: 'r',
    short: 'restart',
    about: 'restart, after a question',
    isSteering: true,
  },
  {
    act: 'plan',
    keys: ['p'],
    label: 'p',
    short: 'plan',
    about: 'what a trigger would do, and then, after a question, the trigger',
  },
  { act: 'text', keys: ['/'], label: '/', short: 'find', about: 'only names and descriptions with a text' },
  {
    act: 'state',
    keys: ['f'],
    label: 'f',
    short: 'state',
    about: 'only jobs in one state, then in the next',
  },
  { act: 'tag', keys: ['t'], label: 't', short: 'tag', about: 'only jobs with one tag, then with the next' },
  { act: 'sort', keys: ['o'], label: 'o', short: 'order', about: 'the next order: by trouble, name, cpu …' },
  { act: 'help', keys: ['?', 'h'], label: '?', short: 'help', about: 'these keys' },
  { act: 'quit', keys: ['q', 'ctrl-c'], label: 'q', short: 'quit', about: 'leave; Ctrl-C too' },
  { act: 'reverse', keys: ['O'], label: 'O', short: null, about: 'the order turned round' },
  {
    act: 'mark',
    keys: [' '],
    label: 'Space',
    short: null,
    about: 'mark the job: start, stop and restart then act on all that are marked',
    isSteering: true,
  },
  {
    act: 'fold',
    keys: ['right', 'left'],
    label: '→ ←',
    short: null,
    about: 'show or fold the copies of a job; Enter does so too on the row of a job with copies',
  },
  { act: 'clear', keys: ['escape'], label: 'Esc', short: null, about: 'every job again, nothing marked' },
  { act: 'up', keys: ['up', 'k'], label: '↑ k', short: null, about: 'one row up' },
  { act: 'down', keys: ['down', 'j'], label: '↓ j', short: null, about: 'one row down' },
  { act: 'pageUp', keys: ['pageup', 'ctrl-b'], label: 'PageUp', short: null, about: 'a page up' },
  { act: 'pageDown', keys: ['pagedown', 'ctrl-f'], label: 'PageDown', short: null, about: 'a page down' },
  { act: 'first', keys: ['home', 'g'], label: 'Home g', short: null, about: 'the first row' },
  { act: 'last', keys: ['end', 'G'], label: 'End G', short: null, about: 'the last row; a log goes on' },
  {
    act: 'suspend',
    keys: ['ctrl-z'],
    label: 'Ctrl-Z',
    short: null,
    about: 'back to the shell; `fg` goes on',
  },
  { act: 'redraw', keys: ['ctrl-l'], label: 'Ctrl-L', short: null, about: 'draw the screen anew' },
];

/** All keys, or without those that change something. */
export const keysFor = (isReadOnly: boolean): readonly TopKey[] =>
  isReadOnly ? KEYS.filter(({ isSteering }) => isSteering !== true) : KEYS;

/** The action of a key; null for an unknown key. */
export const actOf = (key: string, isReadOnly: boolean): Act | null =>
  keysFor(isReadOnly).find(({ keys }) => keys.includes(key))?.act ?? null;
