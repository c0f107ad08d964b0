interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line through points, with round corners. */
export function pathThrough(points: readonly Point[], radius: number): string {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  const parts = rest.map((point, index) => {
    const next = rest[index + 1];
    return next === undefined
      ? `L${pointText(point)}`
      : corner({ before: points[index] ?? first, point, next }, radius);
  });
  return `M${pointText(first)}${parts.join('')}`;
}

/** The point that is so far from one on the way to another. */
export function pointAt(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return {
    x: from.x + ((to.x - from.x) / length) * distance,
    y: from.y + ((to.y - from.y) / length) * distance,
  };
}

function corner(
  { before, point, next }: { readonly before: Point; readonly point: Point; readonly next: Point },
  radius: number,
): string {
  const room =
    Math.min(
      Math.hypot(point.x - before.x, point.y - before.y),
      Math.hypot(next.x - point.x, next.y - point.y),
    ) / 2;
  const by = Math.min(radius, room);
  return (
    `L${pointText(pointAt(point, before, by))}Q${pointText(point)} ` +
    `${pointText(pointAt(point, next, by))}`
  );
}

/** Rounds to a tenth of a pixel. */
export const round = (number: number): number => Math.round(number * 10) / 10;

/** A point as text, for paths and polygons. */
export const pointText = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
