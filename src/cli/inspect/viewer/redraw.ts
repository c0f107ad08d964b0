let draw: () => void = () => undefined;
let isPending = false;

/** Sets what `drawSoon` and `drawNow` draw. */
export function onDraw(callback: () => void): void {
  draw = callback;
}

export const drawNow = (): void => draw();

/** Draws in the next frame, once for any number of calls. */
export function drawSoon(): void {
  if (isPending) return;
  isPending = true;
  requestAnimationFrame(() => {
    isPending = false;
    draw();
  });
}
