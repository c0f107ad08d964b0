/**
 * A text as `ps` of macOS prints it in the C locale: it passes command lines and environments through
 * strvis(3) with VIS_TAB, VIS_NL and VIS_NOSLASH, so that no line is broken and every byte beyond ASCII
 * becomes a word like `M-C`.
 */
export function vis(text: string): string {
  return [...Buffer.from(text)].map(visible).join('');
}

const TAB = 0x09;
const NEWLINE = 0x0a;
const BLANK = 0x20;
const DELETE = 0x7f;

function visible(byte: number): string {
  if (byte >= BLANK && byte < DELETE) return String.fromCharCode(byte);
  const low = byte % 0x80;
  if (low === BLANK || byte === TAB || byte === NEWLINE) return `\\${byte.toString(8).padStart(3, '0')}`;
  const meta = byte === low ? '' : 'M';
  if (low === DELETE) return `${meta}^?`;
  return low < BLANK ? `${meta}^${String.fromCharCode(low + 0x40)}` : `${meta}-${String.fromCharCode(low)}`;
}
