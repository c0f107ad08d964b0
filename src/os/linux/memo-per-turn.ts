/** Caches an answer for one turn of the event loop. */
export function memoPerTurn<T>(ask: () => T): () => T {
  let known: { readonly answer: T } | null = null;
  return () => {
    if (known !== null) return known.answer;
    known = { answer: ask() };
    setImmediate(() => (known = null));
    return known.answer;
  };
}
