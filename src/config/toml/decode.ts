import { parsed, refused, type Parsed } from '../result.ts';

const BYTE_ORDER_MARK = '\ufeff';

const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;

/**
 * UTF-8 bytes as text without a byte order mark. `at` of a refusal is an offset in `lossy`, which shows the
 * bad bytes as U+FFFD.
 */
export function decode(bytes: Buffer): Parsed<string> & { readonly lossy: string } {
  const decoded = bytes.toString('utf8');
  const lossy = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded;
  return { ...check(bytes, decoded, lossy), lossy };
}

function check(bytes: Buffer, decoded: string, lossy: string): Parsed<string> {
  const bad = firstDifference(bytes, Buffer.from(decoded));
  if (bad !== null) {
    const at = bytes.toString('utf8', 0, bad).replace(BYTE_ORDER_MARK, '').length;
    return refused(`byte ${hex(bytes[bad] ?? 0)} is not valid UTF-8 here: save the file as UTF-8`, at);
  }
  const nul = lossy.indexOf('\0');
  return nul < 0 ? parsed(lossy) : refused('unexpected NUL character: expected a text file', nul);
}

/**
 * A decoder replaces bad bytes by U+FFFD, so re-encoding differs first inside that character. The bad bytes
 * may share its first bytes, so step back to the start of the character.
 */
function firstDifference(bytes: Buffer, again: Buffer): number | null {
  if (bytes.equals(again)) return null;
  let at = 0;
  while (bytes[at] === again[at]) at += 1;
  while (((again[at] ?? 0) & CONTINUATION_MASK) === CONTINUATION) at -= 1;
  return at;
}

const hex = (byte: number): string => `0x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
