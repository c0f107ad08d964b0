// What the rows of a benchmark say about their samples.

/** The middle sample; of an even number of samples, the mean of the two in the middle. */
export function median(samples) {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The least sample that is not exceeded by `percent` of all samples. */
export function percentile(samples, percent) {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** The exponent of the power law through two points: 1 if the cost grows as the number of jobs does. */
export const growthBetween = ([x1, y1], [x2, y2]) => Math.log(y2 / y1) / Math.log(x2 / x1);

/** Three digits at most, and no false ones: 0.04, 1.32, 27.5, 1,203. */
export function rounded(value) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits)).toLocaleString('en');
}
