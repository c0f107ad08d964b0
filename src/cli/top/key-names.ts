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

/** What was pressed, in the words of KEYS: one key, or each character of what came at once. */
export function keyNames(input: string, key: Partial<InkKey>): readonly string[] {
  if (key.ctrl === true) return [`ctrl-${input}`];
  for (const [flag, name] of Object.entries(NAMED))
    if (key[flag as keyof typeof NAMED] === true) return [name];
  // What an Alt key sends besides its letter is no letter.
  return key.meta === true ? [] : Array.from(input, nameOf);
}

/** Of several keys that came at once, each is named by its character. */
function nameOf(character: string): string {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\u007f' || character === '\b') return 'backspace';
  const code = character.charCodeAt(0);
  return code >= 1 && code <= 26 ? `ctrl-${String.fromCharCode(code + 96)}` : character;
}
