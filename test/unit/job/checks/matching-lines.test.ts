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
  expect(matchingLines()('^(a+)+$', [`${'a'.repeat(60)}b`])).toBe('too-slow');
  // Far below for ever; the bound itself is 50 ms.
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('an expression that is refused only when it is used is unusable, and nothing is thrown', () => {
  expect([match('(a|b)'.repeat(20_000), ['ababab']), match('(', ['a'])]).toEqual(['unusable', 'unusable']);
});
