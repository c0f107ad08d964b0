/**
 * Globs for a single name without slashes: `*`, `?`, `[a-z]`, `[[:alpha:]]`, and `@(a|b)`, `?(…)`, `*(…)`,
 * `+(…)`, `!(…)`. A regular expression could take exponential time for `*a*a*a…`. This matcher carries sets
 * of reachable positions from part to part, so the work grows only with the product of both lengths.
 */
export interface NameGlob {
  /** The name that it means, when there is nothing but plain characters; null otherwise. */
  readonly plain: string | null;
  isMatch(name: string): boolean;
}

/** Alternatives within alternatives: each level multiplies the work. */
const MAX_DEPTH = 2;

type Part =
  | { readonly type: 'char'; readonly char: string }
  | { readonly type: 'any' | 'star' }
  | { readonly type: 'class'; readonly has: (char: string) => boolean }
  | Group;
interface Group {
  readonly type: 'group';
  readonly op: string;
  readonly choices: readonly Parts[];
}
type Parts = readonly Part[];

/** A literal name such as `[id]` also matches itself: it is more often the name of a folder than a glob. */
export function nameGlob(text: string): NameGlob {
  const parts = partsOf(text, 0);
  if (parts.every((part) => part.type === 'char')) {
    const plain = parts.map(({ char }) => char).join('');
    return { plain, isMatch: (name) => name === plain || name === text };
  }
  return { plain: null, isMatch: (name) => name === text || isMatch(parts, name) };
}

function isMatch(parts: Parts, name: string): boolean {
  const chars = Array.from(name);
  if (chars[0] === '.' && !writesDot(parts)) return false;
  const end = 1n << BigInt(chars.length);
  return (new Matching(chars).after(parts, 1n) & end) !== 0n;
}

/** A name with a leading dot is matched only by a literal dot. */
function writesDot([first]: Parts): boolean {
  if (first?.type === 'group') return first.op !== '!' && first.choices.some(writesDot);
  return first?.type === 'char' && first.char === '.';
}

/** Places in a name, a bit for each: the first character begins at bit 0. */
type Places = bigint;

/** Matches one name. */
class Matching {
  readonly #chars: readonly string[];
  /** Every place but the end. */
  readonly #inside: Places;
  readonly #every: Places;
  /** The positions of the characters that a part accepts. */
  readonly #masks = new Map<Part, Places>();
  /** The positions that a `!(…)` reaches from each start. */
  readonly #without = new Map<Part, Map<Places, Places>>();

  constructor(chars: readonly string[]) {
    this.#chars = chars;
    this.#every = (1n << BigInt(chars.length + 1)) - 1n;
    this.#inside = this.#every >> 1n;
  }

  /** The places that parts lead to from those where they may begin. */
  after(parts: Parts, starts: Places): Places {
    let places = starts;
    for (const part of parts) {
      if (places === 0n) return places;
      places = this.#afterOne(part, places);
    }
    return places;
  }

  #afterOne(part: Part, starts: Places): Places {
    switch (part.type) {
      case 'char':
        return (starts & this.#mask(part, (char) => char === part.char)) << 1n;
      case 'any':
        return (this.#notAtDot(starts) & this.#inside) << 1n;
      case 'class':
        return (this.#notAtDot(starts) & this.#mask(part, part.has)) << 1n;
      case 'star':
        return starts | this.#from(lowest(this.#notAtDot(starts)));
      case 'group':
        return this.#group(part, starts);
      default:
        return part satisfies never;
    }
  }

  /** A wildcard does not take the dot with which a name begins. */
  #notAtDot(places: Places): Places {
    return this.#chars[0] === '.' ? places & ~1n : places;
  }

  /** This position and all later ones. */
  #from(place: Places): Places {
    return place === 0n ? 0n : this.#every & ~(place - 1n);
  }

  #mask(part: Part, has: (char: string) => boolean): Places {
    let mask = this.#masks.get(part);
    if (mask === undefined) {
      mask = this.#chars.reduce((all, char, at) => (has(char) ? all | (1n << BigInt(at)) : all), 0n);
      this.#masks.set(part, mask);
    }
    return mask;
  }

  #group(part: Group, starts: Places): Places {
    switch (part.op) {
      case '?':
        return starts | this.#once(part, starts);
      case '*':
        return starts | this.#repeated(part, starts);
      case '+':
        return this.#repeated(part, starts);
      case '!':
        return this.#otherThan(part, starts);
      default:
        return this.#once(part, starts);
    }
  }

  #once({ choices }: Group, starts: Places): Places {
    return choices.reduce((all, choice) => all | this.after(choice, starts), 0n);
  }

  #repeated(part: Group, starts: Places): Places {
    let reached = 0n;
    for (let fresh = starts; fresh !== 0n;) {
      fresh = this.#once(part, fresh) & ~reached;
      reached |= fresh;
    }
    return reached;
  }

  /** The excluded texts depend on the start, so each start is computed separately, once. */
  #otherThan(part: Group, starts: Places): Places {
    const known = this.#without.get(part) ?? new Map<Places, Places>();
    this.#without.set(part, known);
    let reached = 0n;
    for (let left = starts; left !== 0n;) {
      const start = lowest(left);
      left &= ~start;
      const ends = known.get(start) ?? this.#from(start) & ~this.#once(part, start);
      known.set(start, ends);
      reached |= ends;
    }
    return reached;
  }
}

/** The lowest of these places alone. */
const lowest = (places: Places): Places => places & -places;

function partsOf(text: string, depth: number): Parts {
  const parts: Part[] = [];
  const chars = Array.from(text);
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at]!;
    const group = depth < MAX_DEPTH && '@?*+!'.includes(char) ? groupAt(chars, at, depth) : null;
    const set = char === '[' ? classAt(chars, at) : null;
    if (group !== null || set !== null) {
      const { part, end } = (group ?? set)!;
      parts.push(part);
      at = end;
    } else if (char === '*') {
      if (parts.at(-1)?.type !== 'star') parts.push({ type: 'star' });
    } else if (char === '?') parts.push({ type: 'any' });
    else if (char === '\\' && at + 1 < chars.length) {
      at += 1;
      parts.push({ type: 'char', char: chars[at]! });
    } else parts.push({ type: 'char', char });
  }
  return parts;
}

interface Found {
  readonly part: Part;
  /** The index of the last character. */
  readonly end: number;
}

function groupAt(chars: readonly string[], start: number, depth: number): Found | null {
  if (chars[start + 1] !== '(') return null;
  const choices: string[] = [];
  let [open, from] = [0, start + 2];
  for (let at = start + 1; at < chars.length; at += 1) {
    const char = chars[at];
    if (char === '\\') at += 1;
    else if (char === '(') open += 1;
    else if (char === '|' && open === 1) {
      choices.push(chars.slice(from, at).join(''));
      from = at + 1;
    } else if (char === ')' && (open -= 1) === 0) {
      choices.push(chars.slice(from, at).join(''));
      const op = chars[start]!;
      return {
        part: { type: 'group', op, choices: choices.map((choice) => partsOf(choice, depth + 1)) },
        end: at,
      };
    }
  }
  return null;
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /^[\p{L}\p{N}]$/u,
  alpha: /^\p{L}$/u,
  blank: /^[ \t]$/,
  digit: /^[0-9]$/,
  lower: /^\p{Ll}$/u,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^\s$/,
  upper: /^\p{Lu}$/u,
  word: /^[\p{L}\p{N}_]$/u,
  xdigit: /^[0-9A-Fa-f]$/,
};

/** `[abc]`, `[a-z]`, `[!a]`, `[^a]`, `[[:alpha:]]`; a leading `]` is literal. */
function classAt(chars: readonly string[], start: number): Found | null {
  const isNot = chars[start + 1] === '!' || chars[start + 1] === '^';
  const first = start + (isNot ? 2 : 1);
  const tests: ((char: string) => boolean)[] = [];
  for (let at = first; at < chars.length; at += 1) {
    if (chars[at] === ']' && at > first) {
      const has = (char: string): boolean => tests.some((test) => test(char)) !== isNot;
      return { part: { type: 'class', has }, end: at };
    }
    const named = chars[at] === '[' ? /^\[:([a-z]+):\]/.exec(chars.slice(at, at + 12).join('')) : null;
    const known = named === null ? undefined : POSIX[named[1]!];
    if (named !== null && known !== undefined && Object.hasOwn(POSIX, named[1]!)) {
      tests.push((char) => known.test(char));
      at += named[0].length - 1;
      continue;
    }
    if (chars[at] === '\\' && at + 1 < chars.length) at += 1;
    const low = chars[at]!;
    let high = low;
    if (chars[at + 1] === '-' && chars[at + 2] !== undefined && chars[at + 2] !== ']') {
      at += chars[at + 2] === '\\' && chars[at + 3] !== undefined ? 3 : 2;
      high = chars[at]!;
    }
    tests.push((char) => char >= low && char <= high);
  }
  return null;
}
