import { execFileSync } from 'node:child_process';
import { OVERSEERD } from './support/home.ts';

/** Runs overseerd in this process, then fills the heap with what lives on, and prints the size of a space. */
const PROGRAM = `
const [, program] = process.argv.splice(1, 2, 'overseerd', '--version');
process.on('exit', () => {
  const kept = Array.from({ length: 300_000 }, (_, index) => ({ index, more: [index] }));
  const spaces = require('node:v8').getHeapSpaceStatistics();
  console.log(kept.length, spaces.find(({ space_name: name }) => name === 'new_space').space_size);
});
require(program);
`;

test('the heap of the daemon keeps little room for new objects, however the daemon is started', () => {
  const out = execFileSync(process.execPath, ['-e', PROGRAM, 'x', OVERSEERD], { encoding: 'utf8' });
  const [, kept, bytes] = /(\d+) (\d+)\n$/.exec(out) ?? [];
  expect(kept).toBe('300000');
  // V8 would take 32 MiB.
  expect(Number(bytes)).toBeLessThanOrEqual(2 * 2 ** 20);
});
