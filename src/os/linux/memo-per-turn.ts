/** Asks once a turn of the event loop: whoever asks again within it gets the same answer. */
export function memoPerTurn<T>(ask: () => T): () => T {
  let known: { readonly answer: T } | null = null;
  return () => {
    if (known !== null) return known.answer;
    known = { answer: ask() };
    setImmediate(() => (known = null));
    return known.answer;
  };
}
