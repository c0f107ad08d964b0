import { execFileSync } from 'node:child_process';
import { splitWords } from '../../../../src/config/values/split-words.ts';
import { Random } from '../../../support/random.ts';
import { complaints } from '../../../support/config-files.ts';

const ROUNDS = 300;

describe('commands of one string', () => {
  test.each([
    ['node server.js', ['node', 'server.js']],
    ['  a   \'b c\'\t"d e" ', ['a', 'b c', 'd e']],
    [`a'b'"c"d`, ['abcd']],
    [`a '' ""`, ['a', '', '']],
    [String.raw`a\ b \'c "\"\\\n"`, ['a b', "'c", '"\\\\n']],
    [`a '|>$*;&' "x;y"`, ['a', '|>$*;&', 'x;y']],
    [String.raw`a "\$HOME" \$x \~`, ['a', '$HOME', '$x', '~']],
    ['a b=~ c#d {x,y}', ['a', 'b=~', 'c#d', '{x,y}']],
    ['[ -e /tmp/x ]', ['[', '-e', '/tmp/x', ']']],
    ['\n a\\\n b \n', ['a', 'b']],
    ['node server.js \\\n  --port 80 \\\n', ['node', 'server.js', '--port', '80']],
    ['a \\\n"" \\\n', ['a', '']],
  ])('%j is split as a POSIX shell does', (text, words) => {
    expect(splitWords(text)).toEqual({ ok: true, value: words });
  });

  test('a backslash before a CRLF continues a command, and a CRLF at its ends means nothing', () => {
    expect(splitWords('\r\na\\\r\nb c\\\r\n d\r\n')).toEqual({ ok: true, value: ['ab', 'c', 'd'] });
    expect(splitWords('a \\\r\n b "c\\\r\nd"')).toEqual({ ok: true, value: ['a', 'b', 'cd'] });
  });

  test('splitting agrees with sh on random words and quotes', () => {
    const seed = Date.now() % 1e6;
    console.info(`seed ${seed}`);
    const random = new Random(seed);
    const texts = Array.from(
      { length: ROUNDS },
      () => `x${some(random, ['a', ' ', "'", '"', '\\', 'b', '-', '\t', '=', '\\\n'], 12)}`,
    );
    const split = texts.flatMap((text) => {
      const words = splitWords(text);
      return words.ok ? [{ text, words: words.value }] : [];
    });
    const script = split.map(({ text }) => `printf '<%s>' ${text}\necho`).join('\n');
    const printed = execFileSync('sh', ['-c', script]).toString();
    expect(printed).toBe(split.map(({ words }) => `${words.map((word) => `<${word}>`).join('')}\n`).join(''));
    expect(split.length).toBeGreaterThan(ROUNDS / 10);
  });

  const TILDE =
    'only a shell expands ~: write the whole path, or { exe = "sh", args = ["-c", "…"] }; ' +
    'if the letter itself is meant, put it in single quotes';
  const SHELL =
    'means something to a shell, and no shell runs this: put it in single quotes, or write { exe = "sh", args = ["-c", "…"] }';

  test.each<[text: string, message: string, at: number]>([
    ...Array.from('|><&;()$`*?', (character): [string, string, number] => [
      `a b${character}c`,
      `${character} ${SHELL}`,
      3,
    ]),
    ['a ~/b', TILDE, 2],
    ['~', TILDE, 0],
    ['a # b', `# ${SHELL}`, 2],
    ['ls x[ab]', `[ ${SHELL}`, 4],
    ['! test -e x', `! ${SHELL}`, 0],
    ['echo "a $HOME"', `$ ${SHELL}`, 8],
    ['echo "`date`"', `\` ${SHELL}`, 6],
    ['a "b', 'the quote " is never closed', 2],
    ["a b'c", "the quote ' is never closed", 3],
    ['a \\', 'nothing follows the last backslash', 2],
    ['', 'expected a program and its arguments, got an empty command', 0],
    [' \n', 'expected a program and its arguments, got an empty command', 0],
    ["'' a", 'expected a program and its arguments, got an empty command', 0],
    ['A=1 node', '"A=1" in front sets a variable only in a shell: use the key "env"', 0],
    [
      'a\nb',
      'a line break ends a command for a shell: write one line, or put it in single quotes, or write { exe = "sh", args = ["-c", "…"] }',
      1,
    ],
  ])('%j is refused', (text, message, at) => {
    const split = splitWords(text);
    expect(split.ok ? split : { message: split.message, at: split.at ?? 0 }).toEqual({ message, at });
  });

  test('the caret is under the wrong character of a plain command, else under its quote', () => {
    const job = (command: string): string => `[[jobs]]\nname = "a"\njob_command = ${command}\n`;
    expect(complaints(job("'a | b'"))[0]).toMatch(/^a\.toml:3:18: /);
    expect(complaints(job('"\\t a | b"'))[0]).toMatch(/^a\.toml:3:15: /);
    expect(complaints(job(`"'~/a' b"`))).toEqual([
      'a.toml:3:15: jobs[0] "a": job_command: ~/a begins with ~, which only a shell expands: write the whole path',
    ]);
    expect(complaints(job('{ exe = "~/a" }'))).toEqual([
      'a.toml:3:23: jobs[0] "a": job_command.exe begins with ~, which only a shell expands: write the whole path',
    ]);
  });
});

/** A random choice of fewer than `most` pieces, joined. */
function some(random: Random, from: readonly string[], most: number): string {
  return Array.from({ length: random.int(0, most - 1) }, () => random.pick(from)).join('');
}
