import { madeVisible } from '../../text/invisible.ts';
import { show } from '../checks/show-value.ts';

/** A longer or deeper expression can take seconds to compile, and nothing can interrupt that. */
const MAX_LETTERS = 1_000;
const MAX_DEPTH = 32;

/** The problem with a regular expression, to follow "must be a regular expression"; null for a good one. */
export function patternError(text: string): string | null {
  if (text.length > MAX_LETTERS) return ` of at most ${MAX_LETTERS} characters, got ${text.length}`;
  if (depthOf(text) > MAX_DEPTH)
    return ` with at most ${MAX_DEPTH} groups within each other, got ${show(text)}`;
  const error = refusalOf(text);
  return error === null ? null : `, got ${show(text)}: ${madeVisible(error)}`;
}

/**
 * Matches the expression once, since V8 compiles it only then and refuses some then. Against an empty line
 * this costs nothing.
 */
function refusalOf(pattern: string): string | null {
  try {
    new RegExp(pattern);
    new RegExp(`\\b(?:${pattern})`).test('');
    return null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return error.message;
    throw error;
  }
}

/** The number of open groups. Escaped ones and those in a class count too, which does no harm. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const letter of text) {
    if (letter === '(') depth += 1;
    else if (letter === ')') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
