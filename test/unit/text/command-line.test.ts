import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { commandLine } from '../../../src/text/command-line.ts';

test('words that a shell leaves alone are shown as they are, others in quotes', () => {
  const shown = (...args: readonly string[]): string => commandLine({ exe: 'node', args });
  expect([
    shown(),
    shown('server.js', '--port=80', 'a@b:c%d+e,f', './x-y_z'),
    shown('', 'two words', "it's", '$HOME', 'a;b', '*', '~'),
  ]).toEqual([
    'node',
    'node server.js --port=80 a@b:c%d+e,f ./x-y_z',
    String.raw`node '' 'two words' 'it'\''s' '$HOME' 'a;b' '*' '~'`,
  ]);
});

test('a shell reads a command line as the words from which it was made', () => {
  const word = fc.string({ unit: fc.constantFrom(...Array.from(' \'"\\$`*?~#&;|<>(){}[]!=aB1-./é\t\n')) });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (args) => {
      const line = commandLine({ exe: 'printf', args: [String.raw`%s\0`, ...args] });
      expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })).toBe(
        args.map((each) => `${each}\0`).join(''),
      );
    }),
    { numRuns: 40 },
  );
});
