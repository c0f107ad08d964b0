/**
 * Widths of the letters from space to tilde in thousandths of their size: Helvetica's, and so Arial's and
 * Liberation Sans'.
 */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const SPACE = 32;
const WIDEST = 1015;

/** Bold letters are wider by at most this factor. */
const BOLD = 1.1;

/** Where Helvetica and its like are missing, a wider font such as DejaVu Sans takes their place. */
const FALLBACK = 1.13;

/** The approximate width of a text in a picture. */
export function widthOf(
  text: string,
  { size, isBold = false }: { readonly size: number; readonly isBold?: boolean },
): number {
  const thousandths = Array.from(text, (letter) => WIDTHS[letter.charCodeAt(0) - SPACE] ?? WIDEST).reduce(
    (sum, width) => sum + width,
    0,
  );
  return (thousandths / 1000) * size * FALLBACK * (isBold ? BOLD : 1);
}
