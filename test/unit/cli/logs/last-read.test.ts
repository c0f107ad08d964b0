import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LastRead } from '../../../../src/cli/logs/last-read.ts';
import { closeLog, openLog, type LogFile } from '../../../../src/cli/logs/log-file.ts';
import { newFolder } from '../../../support/new-folder.ts';

const LONG = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join('');

function withFile<Found>(text: string, work: (file: LogFile) => Found): Found {
  const path = join(newFolder(), 'web.log.1');
  writeFileSync(path, text);
  const file = openLog(path);
  if (file === null) throw new Error('there is no such file');
  try {
    return work(file);
  } finally {
    closeLog(file);
  }
}

function lastReadOf(parts: readonly string[]): LastRead {
  const lastRead = new LastRead();
  for (const part of parts) lastRead.push(Buffer.from(part));
  return lastRead;
}

test.each([
  ['that is whole', ['one\n', 'two\n'], 'one\ntwo\nthree\n', 'three\n'],
  ['with the rest of a line', ['one\ntw'], 'one\ntwo\n', 'o\n'],
  ['without the line that had not ended', ['one\ntw'], 'one\n', ''],
  ['without the last lines', ['one\ntwo\n'], 'one\n', ''],
  ['without its first lines', ['one\ntwo\nthr'], 'two\nthree\n', 'ee\n'],
  ['of other lines', ['one\ntwo\n'], 'five\nsix\n', null],
  ['of a line that has not ended', ['on'], 'one\n', 'e\n'],
  ['of lines that come again and again', ['a\nb\na\n'], 'a\nb\na\nb\na\n', 'b\na\n'],
  ['of a long log that is whole', [LONG], `${LONG}more\n`, 'more\n'],
  ['of a long log without its beginning', [LONG], `${LONG.slice(20_000)}more\n`, 'more\n'],
  [
    'of a long log, a small part of which was read',
    [LONG.slice(0, 50_000)],
    LONG.slice(40_000),
    LONG.slice(50_000),
  ],
])('reading goes on at its place in a copy %s', (_, read, copy, rest) => {
  const at = read.join('').length;
  const place = withFile(copy, (file) => lastReadOf(read).placeIn(file, at));
  expect(place === null ? null : copy.slice(place)).toBe(rest);
});

test.each([
  ['its beginning is skipped', ['one\ntw'], 'two\n', 2],
  ['nothing is skipped of a log without it', ['one\ntw'], 'three\n', 0],
  ['a very long beginning is skipped by its length', ['x'.repeat(5_000)], 'x'.repeat(9_000), 5_000],
])('where a line that had not ended went to the next log, %s', (_, read, next, skipped) => {
  const missing = read.join('').length - read.join('').lastIndexOf('\n') - 1;
  expect(withFile(next, (file) => lastReadOf(read).skippedIn(file, missing))).toBe(skipped);
});
