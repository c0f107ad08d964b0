const SHOWN_MS = 1500;
/** From one arrow of a step to the next, so that one sees in which order they were taken. */
const NEXT_MS = 160;

/** The last flash of each arrow that is lit. */
const lastFlash = new WeakMap<Element, symbol>();

/** Lights up for a moment the arrows of a picture that were taken, one after the other. */
export function flashArrows(picture: Element, ids: readonly string[]): void {
  for (const [index, id] of ids.entries()) setTimeout(() => flash(picture, id), index * NEXT_MS);
}

function flash(picture: Element, id: string): void {
  const arrow = picture.querySelector(`[id="${CSS.escape(id)}"]`);
  if (arrow === null) return;
  const thisFlash = Symbol(id);
  lastFlash.set(arrow, thisFlash);
  arrow.classList.add('taken');
  setTimeout(() => {
    if (lastFlash.get(arrow) === thisFlash) arrow.classList.remove('taken');
  }, SHOWN_MS);
}
