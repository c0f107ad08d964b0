import { matchingLines } from '../../../../src/job/checks/matching-lines.ts';

/** Where the machine is busy, even a short look may take longer than the daemon allows. */
const match = matchingLines(60_000);

test('lines match an expression as it is written', () => {
  expect([
    match('^b$', ['a', 'b']),
    match('^c$', ['a', 'b']),
    match('c', ['a', 'b']),
    match('x', []),
  ]).toEqual([true, false, false, false]);
});

test('an expression that would take for ever is cancelled', () => {
  const started = performance.now();
  // Which of the two depends on what else the machine does.
  expect(['too-slow', 'too-busy']).toContain(matchingLines()('^(a+)+$', [`${'a'.repeat(60)}b`]));
  // Far below for ever; the bound itself is 50 ms.
  expect(performance.now() - started).toBeLessThan(5_000);
});

test.each([
  [0, 'too-busy'],
  [24, 'too-busy'],
  [25, 'too-slow'],
])('a look cancelled after 50 ms with %s ms of processor time was %s', (usedMs, answer) => {
  let used = 1_000;
  const processorMs = (): number => (used += usedMs) - usedMs;
  expect(matchingLines(50, processorMs)('^(a+)+$', [`${'a'.repeat(60)}b`])).toBe(answer);
});

test('an expression that is refused only when it is used is unusable, and nothing is thrown', () => {
  expect([match('(a|b)'.repeat(20_000), ['ababab']), match('(', ['a'])]).toEqual(['unusable', 'unusable']);
});
