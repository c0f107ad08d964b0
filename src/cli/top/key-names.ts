import type { Key as InkKey } from 'ink';

const NAMED = {
  upArrow: 'up',
  downArrow: 'down',
  leftArrow: 'left',
  rightArrow: 'right',
  pageUp: 'pageup',
  pageDown: 'pagedown',
  home: 'home',
  end: 'end',
  return: 'enter',
  escape: 'escape',
  backspace: 'backspace',
  delete: 'backspace',
  tab: 'tab',
} as const satisfies Partial<Record<keyof InkKey, string>>;

/** What Ink leaves of a sequence that it does not know, such as that of Shift-F1: all but its escape. */
const UNKNOWN = /^\[[\d;<=>?]*[A-Za-z~^$]$/;

/** What it leaves of a key of a keypad in application mode: `O`, and a letter in place of the character. */
const KEYPAD = /^O([MXj-y])$/;
const KEYPAD_LETTERS = 'MXjklmnopqrstuvwxy';
const KEYPAD_CHARACTERS = '\r=*+,-./0123456789';

/** The pressed keys as KEYS names them; several may arrive in one read. */
export function keyNames(input: string, key: Partial<InkKey>): readonly string[] {
  if (key.ctrl === true) return [`ctrl-${input}`];
  for (const [flag, name] of Object.entries(NAMED))
    if (key[flag as keyof typeof NAMED] === true) return [name];
  if (UNKNOWN.test(input)) return [];
  const [, letter] = KEYPAD.exec(input) ?? [];
  if (letter !== undefined) return [nameOf(KEYPAD_CHARACTERS.charAt(KEYPAD_LETTERS.indexOf(letter)))];
  // An Alt key sends an escape before its letter; it is not a key of ours.
  return key.meta === true ? [] : Array.from(input, nameOf);
}

/** The name of a key that arrived together with others. */
function nameOf(character: string): string {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\u007f' || character === '\b') return 'backspace';
  const code = character.charCodeAt(0);
  return code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(code + 96)}` : character;
}
