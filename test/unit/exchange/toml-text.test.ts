import fc from 'fast-check';
import { parse } from 'toml';
import { envText, shellCommand, shellQuoted, wordsCommand } from '../../../src/exchange/commands.ts';
import { splitWords } from '../../../src/config/values/split-words.ts';
import { expandReferences } from '../../../src/config/values/references.ts';
import { JobDraft, type TomlValue } from '../../../src/exchange/draft.ts';
import { tomlOf } from '../../../src/exchange/toml-text.ts';

const text = fc.string({ unit: 'grapheme' }).filter((each) => !each.includes('\0'));

test('whatever text a job holds is read again as it was', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), fc.dictionary(text, text), (args, env) => {
      const draft = new JobDraft('x', { file: '/a\n/b', line: 1 });
      draft.set('job_command', { exe: 'x', args }).set('env', env).set('watch', args);
      const table = (parse(tomlOf([draft])) as { jobs: Record<string, TomlValue>[] }).jobs[0];
      expect(table).toEqual({ name: 'x', job_command: { exe: 'x', args }, env, watch: args });
    }),
  );
});

test('a command that is written as one string means the same words', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), (words) => {
      const command = wordsCommand(words);
      if (typeof command !== 'string') return;
      expect(splitWords(command)).toEqual({ ok: true, value: words });
    }),
  );
});

test('a line for a shell stays one where a shell would do more than split it', () => {
  for (const line of ['a | b', 'echo $X', 'a && b', 'cd x', 'A=1 b', 'ls *.c', "echo 'open"])
    expect(shellCommand(line)).toEqual({ exe: 'sh', args: ['-c', line] });
  for (const line of ["echo 'a b'", 'node x.js --y=1']) expect(shellCommand(line)).toBe(line);
});

test('a value of env keeps its meaning, whatever dollar signs are in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', '~') }), (value) => {
      fc.pre(!value.startsWith('~/'));
      expect(expandReferences(envText(value), { variables: {}, home: '/h' })).toEqual({ ok: true, value });
    }),
  );
  expect(shellQuoted("it's")).toBe(String.raw`'it'\''s'`);
});
