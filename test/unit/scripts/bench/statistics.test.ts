import { growthBetween, median, percentile, rounded } from '../../../../scripts/bench/statistics.mjs';

describe('statistics of the benchmark', () => {
  test('the median is the middle sample by value, whatever their order', () =>
    expect(median([100, 9, 20])).toBe(20));

  test('the median of an even number of samples is the mean of the two in the middle', () =>
    expect(median([4, 1, 3, 100])).toBe(3.5));

  test('one sample is its own median and every percentile', () =>
    expect([median([7]), percentile([7], 1), percentile([7], 99)]).toEqual([7, 7, 7]));

  test('the 99th percentile of 200 samples leaves two above it', () => {
    const samples = Array.from({ length: 200 }, (_, at) => 200 - at);
    expect(percentile(samples, 99)).toBe(198);
  });

  test('asking for statistics leaves the samples in their order', () => {
    const samples = [3, 1, 2];
    median(samples);
    percentile(samples, 50);
    expect(samples).toEqual([3, 1, 2]);
  });

  test('what grows as the number of jobs has the exponent 1, with its square 2', () => {
    expect(growthBetween([100, 5], [10_000, 500])).toBeCloseTo(1);
    expect(growthBetween([10, 3], [100, 300])).toBeCloseTo(2);
    expect(growthBetween([10, 7], [1_000, 7])).toBeCloseTo(0);
  });

  test('figures are rounded to three digits, and large ones to a whole number', () =>
    expect([0.0449, 1.325, 27.46, 99.96, 1_203.4, 0].map(rounded)).toEqual([
      '0.04',
      '1.32',
      '27.5',
      '100',
      '1,203',
      '0',
    ]));
});
