import { parseWriters } from '../../../../src/os/darwin/parse-lsof.ts';

const lines = (...fields: readonly string[]): string => `${fields.join('\n')}\n`;

test('those write to a file whose stdout or stderr it is, opened for writing', () => {
  const text = [
    'p70 f1 aw n/logs/web.log f2 au n/logs/web.log f3 aw n/logs/other.log',
    'p71 f1 ar n/logs/web.log f2 aw n/logs/api.log',
    'p72 f2 au n/logs/web.log',
  ]
    .join(' ')
    .replaceAll(' ', '\n');
  expect(parseWriters(text)).toEqual(
    new Map([
      ['/logs/web.log', [70, 72]],
      ['/logs/api.log', [71]],
    ]),
  );
});

test('a descriptor without its access, and a line without its process, tell nothing', () => {
  expect(parseWriters('')).toEqual(new Map());
  expect(parseWriters(lines('f1', 'aw', 'n/a'))).toEqual(new Map());
  expect(
    parseWriters(lines('p7', 'f1', 'aw', 'f2', 'n/a', 'fcwd', 'aw', 'n/b', 'px', 'f1', 'aw', 'n/c')),
  ).toEqual(new Map());
});
