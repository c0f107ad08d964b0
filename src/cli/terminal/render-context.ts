import type { Output } from './output.ts';

/** The properties of the page that a renderer writes to. */
export interface RenderContext {
  readonly columns: number;
  readonly color: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

interface Wishes {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: number;
  /** Whether the call asks for no colour. */
  readonly isPlain: boolean;
}

/** The page that an output is. */
export function contextOf({ isTerminal, columns }: Output, { env, now, isPlain }: Wishes): RenderContext {
  const isColorful = !isPlain && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return { columns, color: isTerminal && isColorful, now };
}

const CODES = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, bold: 1, dim: 2 } as const;
export type Paint = keyof typeof CODES;

/** The text in a colour, where the page has any. */
export function styled(text: string, paint: Paint | null, { color }: Pick<RenderContext, 'color'>): string {
  return color && paint !== null && text !== '' ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text;
}

/** The text in inverted colours; unchanged without colours. */
export const inverted = (text: string, { color }: Pick<RenderContext, 'color'>): string =>
  color ? `\u001b[7m${text}\u001b[0m` : text;
