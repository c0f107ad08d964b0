import { everyText, secondsIn } from '../../../../src/exchange/syntax/durations.ts';
import { readIni } from '../../../../src/exchange/syntax/ini.ts';
import { mergedCron } from '../../../../src/exchange/syntax/merged-cron.ts';
import { quotedWords, unitWords } from '../../../../src/exchange/syntax/quoted-words.ts';

test.each<[string, readonly string[] | null]>([
  ['', []],
  ['  a  b\tc\n', ['a', 'b', 'c']],
  [`a'b c'"d e"f`, ['ab cd ef']],
  [`'' ""`, ['', '']],
  [String.raw`a\ b \'c \\`, ['a b', "'c", '\\']],
  ['a\\\nb', ['a\nb']],
  [String.raw`'a\b'`, [String.raw`a\b`]],
  [String.raw`"a\"b\\c\$d\n"`, [String.raw`a"b\c$d\n`]],
  ['"a\nb" \'c\nd\'', ['a\nb', 'c\nd']],
  [`a "b`, null],
  [`a 'b`, null],
  ['a\\', null],
])('the words of a command line are those of a shell: %j', (text, words) => {
  expect(quotedWords(text)).toEqual(words);
});

test.each<[string, readonly string[] | null]>([
  [String.raw`a\x41\u0042\103\n\s\t`, ['aABC\n \t']],
  [String.raw`'a\'b' "c\"d" e\ f`, ["a'b", 'c"d', 'e f']],
  [String.raw`\a\b\f\r\v\z`, ['\u0007\b\f\r\vz']],
  ['a\\\nb "c\nd"', ['a\nb', 'c\nd']],
  [`'' x`, ['', 'x']],
  [`a "b`, null],
  ['a\\', null],
])('the words of a unit have the escapes of C: %j', (text, words) => {
  expect(unitWords(text)).toEqual(words);
});

test.each<[string, number | null]>([
  ['90', 90],
  [' 1.5 ', 1.5],
  ['1min 30s', 90],
  ['1h30m', 5400],
  ['2 Hours', 7200],
  ['1500ms', 1.5],
  ['250us', 0],
  ['1w 1d', 691_200],
  ['', null],
  ['soon', null],
  ['5 parsecs', null],
  ['5s later', null],
  ['5s 3', null],
])('a time is read as other tools write it: %j', (text, seconds) => {
  expect(secondsIn(text)).toBe(seconds);
});

test.each([
  [1, 'every 1s'],
  [90, 'every 90s'],
  [120, 'every 2m'],
  [7200, 'every 2h'],
  [172_800, 'every 2d'],
  [0, 'every 0s'],
])('a time is written as a schedule has it: %s s', (seconds, text) => {
  expect(everyText(seconds)).toBe(text);
});

test.each<[readonly string[], string | null]>([
  [[], null],
  [['5 4 * * *'], '5 4 * * *'],
  [['5 4 * * *', '5 4 * * *'], '5 4 * * *'],
  [['5 4 * * *', '5 6 * * *'], '5 4,6 * * *'],
  [['5 4 * * *', '5 6 * * *', '7 4 * * *'], null],
  [['5 4 * * *', '5 6 * * *', '7 4 * * *', '7 6 * * *'], '5,7 4,6 * * *'],
  [['5 4 * * *', '5 * * * *'], null],
  [['5 4 1 * *', '5 4 * * 1'], '5 4 1 * 1'],
  [['5 4 1 * *', '5 4 2 * *', '5 4 * * 1'], '5 4 1,2 * 1'],
  [['5 4 1 * *', '6 4 * * 1'], null],
  [['5 4 1 2 *', '5 4 * * 1'], null],
  [['5 4 * 2 *', '5 4 * * 1'], null],
  [['5 4 1 * *', '5 4 2 * 1'], null],
])('several times are one schedule where one can say them all: %j', (crons, merged) => {
  expect(mergedCron(crons)).toBe(merged);
});

test('what is no section and no entry is a stray line, by the rules of each dialect', () => {
  const text = 'a=1\n [s] \nKey : x=y\nUpper= z \n[t\nplain\n=v\n';
  const { sections, strays } = readIni(text, 'systemd');
  expect(sections).toEqual([
    {
      name: 's',
      line: 2,
      entries: [
        { key: 'Key : x', value: 'y', line: 3 },
        { key: 'Upper', value: 'z', line: 4 },
      ],
    },
  ]);
  expect(strays.map(({ line, text: stray }) => `${line} ${stray}`)).toEqual([
    '1 a=1',
    '5 [t',
    '6 plain',
    '7 =v',
  ]);
  expect(readIni('[s]\nKey : x=y\nUpper= z # no\n', 'supervisord').sections[0]?.entries).toEqual([
    { key: 'key', value: 'x=y', line: 2 },
    { key: 'upper', value: 'z # no', line: 3 },
  ]);
});

test('an indented line goes on with nothing at the begin of a file or a section', () => {
  expect(readIni('  a=1\n[s]\n  b=2\n', 'supervisord')).toEqual({
    sections: [{ name: 's', line: 2, entries: [{ key: 'b', value: '2', line: 3 }] }],
    strays: [{ line: 1, text: 'a=1' }],
  });
});
