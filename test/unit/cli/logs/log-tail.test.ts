import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogTail } from '../../../../src/cli/logs/log-tail.ts';
import { newFolder } from '../../../support/new-folder.ts';

test('a log that grows while it is read ends where it ended at first, until it is followed', () => {
  const path = join(newFolder(), 'web.log');
  writeFileSync(path, 'shown\n');
  const tail = new LogTail(path);
  tail.begin({ lines: 10, since: -Infinity });
  const next = (): string | undefined => tail.next()?.bytes.toString('utf8');
  appendFileSync(path, 'added\n');
  expect([next(), next()]).toEqual(['shown\n', undefined]);
  tail.follow();
  expect([next(), next()]).toEqual(['added\n', undefined]);
  tail.end();
});

describe('a log that is rotated while it is read', () => {
  const rename = (path: string): void => {
    renameSync(path, `${path}.1`);
    writeFileSync(path, '');
  };

  const copy = (path: string): void => {
    copyFileSync(path, `${path}.rotating`);
    renameSync(`${path}.rotating`, `${path}.1`);
    truncateSync(path);
  };

  const shift = (path: string, count: number): void => {
    for (let index = count; index >= 1; index -= 1) renameSync(`${path}.${index}`, `${path}.${index + 1}`);
  };

  function newLog(): { readonly path: string; readonly tail: LogTail; readonly all: () => string } {
    const path = join(newFolder(), 'web.log');
    writeFileSync(path, 'shown\n');
    const tail = new LogTail(path);
    tail.begin({ lines: 10, since: -Infinity });
    const all = (): string => {
      const parts: Buffer[] = [];
      for (let chunk = tail.next(); chunk !== null; chunk = tail.next()) parts.push(chunk.bytes);
      return Buffer.concat(parts).toString('utf8');
    };
    expect(all()).toBe('shown\n');
    tail.follow();
    return { path, tail, all };
  }

  test.each([
    ['renamed', rename],
    ['copied and truncated', copy],
  ])('a log that is rotated while it is read and %s is finished first, without a loss', (_, rotate) => {
    const { path, tail, all } = newLog();
    appendFileSync(path, 'before\n');
    rotate(path);
    appendFileSync(path, 'after\n');
    expect(all()).toBe('before\nafter\n');
    appendFileSync(path, 'later\n');
    expect(all()).toBe('later\n');
    tail.end();
  });

  test.each([
    ['renamed', rename],
    ['copied and truncated', copy],
  ])('a log that is rotated and %s three times between two looks is read in order', (_, rotate) => {
    const { path, all } = newLog();
    for (const [round, word] of ['one\n', 'two\n', 'three\n'].entries()) {
      appendFileSync(path, word);
      shift(path, round);
      rotate(path);
    }
    appendFileSync(path, 'now, and longer than what was there before\n');
    expect(all()).toBe('one\ntwo\nthree\nnow, and longer than what was there before\n');
  });

  test('a log that is rotated within an unfinished line shows that line once', () => {
    const { path, all } = newLog();
    appendFileSync(path, 'whole\npart');
    expect(all()).toBe('whole\npart');
    copy(path);
    truncateSync(`${path}.1`, 'shown\nwhole\n'.length);
    writeFileSync(path, 'part and rest\n');
    expect(all()).toBe(' and rest\n');
  });

  test('lines after a rotation have the times of the new log, those before it their own', () => {
    const { path, tail } = newLog();
    const timed = (): readonly unknown[] => {
      const found: unknown[] = [];
      for (let chunk = tail.next(); chunk !== null; chunk = tail.next())
        found.push([chunk.bytes.toString('utf8'), chunk.timeAt(0).at]);
      return found;
    };
    appendFileSync(path, 'before\n');
    writeFileSync(`${path}.idx`, '1000 6\n2000 13\n');
    expect(timed()).toEqual([['before\n', 2000]]);
    appendFileSync(path, 'last\n');
    writeFileSync(`${path}.1.idx`, '1000 6\n2000 13\n3000 18\n');
    copy(path);
    writeFileSync(`${path}.idx`, '4000 6\n5000 12\n');
    appendFileSync(path, 'after\n');
    expect(timed()).toEqual([
      ['last\n', 3000],
      ['after\n', 4000],
    ]);
  });

  test('a log that is only copied is not taken as rotated', () => {
    const { path, all } = newLog();
    copyFileSync(path, `${path}.1`);
    appendFileSync(path, 'more\n');
    expect(all()).toBe('more\n');
    truncateSync(path);
    appendFileSync(path, 'new\n');
    expect(all()).toBe('new\n');
  });

  test('T-215 a log is read anew when it was emptied and kept nowhere, or removed and made again', () => {
    const { path, all } = newLog();
    truncateSync(path);
    expect(all()).toBe('');
    appendFileSync(path, 'new\n');
    expect(all()).toBe('new\n');
    rmSync(path);
    expect(all()).toBe('');
    writeFileSync(path, 'again\n');
    expect(all()).toBe('again\n');
  });
});
