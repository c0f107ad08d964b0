import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { splitWords } from '../../../src/config/values/split-words.ts';
import { expandReferences } from '../../../src/config/values/references.ts';
import {
  envText,
  envTexts,
  shellCommand,
  shellQuoted,
  wordsCommand,
} from '../../../src/exchange/commands.ts';
import type { TomlValue } from '../../../src/exchange/draft.ts';

const letter = fc.constantFrom(...Array.from('ab \t\n\'"\\$`{}~#*?|&;<>()[]!=%^é-'));
const text = fc.string({ unit: letter, maxLength: 10 });

/** What would be run, with the words of a string as the config splits them. */
function ran(command: TomlValue): readonly string[] {
  if (typeof command !== 'string') {
    const { exe, args } = command as { readonly exe: string; readonly args: readonly string[] };
    return [exe, ...args];
  }
  const words = splitWords(command);
  if (!words.ok) throw new Error(words.message);
  return words.value;
}

test('a program with its arguments runs with exactly these, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (words) =>
      expect(ran(wordsCommand(words))).toEqual(words),
    ),
  );
  expect([wordsCommand(['a', '-b']), wordsCommand(['a b']), wordsCommand(['a', ''])]).toEqual([
    'a -b',
    { exe: 'a b', args: [] },
    { exe: 'a', args: [''] },
  ]);
});

test('a word that is quoted for a shell means itself to a shell', () => {
  const words = fc.sample(text, 200);
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellQuoted).join(' ')}`]);
  expect(printed.toString().split('\0').slice(0, -1)).toEqual(words);
});

test.each([
  'cd /srv && web',
  'exec web',
  'export A=1',
  'source x',
  '. ./x',
  'set -e',
  'ulimit -n 5',
  'umask 077',
  'trap x EXIT',
  'eval x',
  'if a',
  'for a',
  'while a',
  'case a',
  'exit 3',
  'wait',
  'unset A',
  '{ a',
  'a | b',
  'echo $HOME',
  '',
])('a line that takes a shell is given to one: %j', (line) => {
  expect(shellCommand(line)).toEqual({ exe: 'sh', args: ['-c', line] });
  expect(shellCommand(` ${line} `, ['bash', '-ec'])).toEqual({ exe: 'bash', args: ['-ec', line] });
});

test.each(['web --port 80', 'exit-now', 'setx', 'caseless', './exec', "web 'a b'"])(
  'a line that takes no shell stays as it is: %s',
  (line) => {
    expect(shellCommand(` ${line} `)).toBe(line);
  },
);

test('a value of another tool means the same in env, where a dollar sign begins a reference', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab${}:-A ')), maxLength: 8 }), (value) =>
      expect(expandReferences(envText(value), { variables: { A: 'x' }, home: '/h' })).toEqual({
        ok: true,
        value,
      }),
    ),
  );
  expect(envTexts({ A: '$B', C: '${B}', D: '$$' })).toEqual({ A: '$B', C: '$${B}', D: '$$$$' });
});
