/** Limit for the expansion of one glob: `{a,b}` twenty times over would be a million. */
const MAX_ALTERNATIVES = 1_000;

/** Longer runs of numbers or letters, such as `{1..100000}`, are a flood as well. */
const RANGE = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))$/;

/**
 * All expansions of a glob's braces, in order; null when there are too many. Braces around a single text are
 * dropped; empty and unclosed braces are literal.
 */
export function withoutBraces(glob: string): readonly string[] | null {
  const done: string[] = [];
  const open = [glob];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    if (done.length + open.length >= MAX_ALTERNATIVES) return null;
    const brace = firstBrace(text);
    if (brace === null) {
      done.push(text);
      continue;
    }
    const { start, end, parts } = brace;
    if (parts.length > MAX_ALTERNATIVES) return null;
    const [head, tail] = [text.slice(0, start), text.slice(end + 1)];
    open.push(...parts.map((part) => head + part + tail).toReversed());
  }
  return done;
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly parts: readonly string[];
}

function firstBrace(text: string): Brace | null {
  for (let start = 0; start < text.length; start += 1) {
    if (text[start] === '\\') start += 1;
    else if (text[start] === '{') {
      const brace = braceAt(text, start);
      if (brace !== null) return brace;
    }
  }
  return null;
}

function braceAt(text: string, start: number): Brace | null {
  const parts: string[] = [];
  let [depth, from] = [0, start + 1];
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) {
      parts.push(text.slice(from, at));
      from = at + 1;
    } else if (char === '}' && (depth -= 1) === 0) {
      if (at === start + 1) return null;
      parts.push(text.slice(from, at));
      return { start, end: at, parts: parts.length === 1 ? ranged(parts[0]!) : parts };
    }
  }
  return null;
}

/** `1..3` and `a..c` are each number or letter of them. */
function ranged(text: string): readonly string[] {
  const [, low, high, first, last] = RANGE.exec(text) ?? [];
  if (low !== undefined && high !== undefined) return between(Number(low), Number(high)).map(String);
  if (first === undefined || last === undefined) return [text];
  return between(first.charCodeAt(0), last.charCodeAt(0)).map((code) => String.fromCharCode(code));
}

function between(from: number, to: number): readonly number[] {
  const count = Math.min(Math.abs(to - from), MAX_ALTERNATIVES) + 1;
  return Array.from({ length: count }, (_, index) => from + (to < from ? -index : index));
}
