/** The result of parsing a small text. `at` is the offset of the wrong character. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string; readonly at?: number };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const refused = (message: string, at?: number): Parsed<never> =>
  at === undefined ? { ok: false, message } : { ok: false, message, at };
