import {
  appendFileSync,
  copyFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LogTail } from '../../../../src/cli/logs/log-tail.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { until } from '../../../support/until.ts';

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
    appendFileSync(path, 'new, and longer\n');
    expect(all()).toBe('new, and longer\n');
  });

  test('a log whose beginning is dropped at its rotation is read on where it was read to', () => {
    const { path, all } = newLog();
    appendFileSync(path, 'two\nthree\n');
    expect(all()).toBe('two\nthree\n');
    writeFileSync(`${path}.1`, 'three\nfour\n');
    writeFileSync(path, 'five, and longer than what was dropped\n');
    expect(all()).toBe('four\nfive, and longer than what was dropped\n');
  });

  test('the rest of a log is read whole when it has lost all that was read, and more', () => {
    const { path, all } = newLog();
    writeFileSync(`${path}.1`, 'three, and four\n');
    writeFileSync(path, 'five\n');
    expect(all()).toBe('three, and four\nfive\n');
  });

  test.each([
    ['renamed', rename],
    ['copied and truncated', copy],
  ])('no line of a log that was %s comes again when its older logs are written anew', (_, rotate) => {
    const { path, all } = newLog();
    rotate(path);
    appendFileSync(path, 'two\n');
    expect(all()).toBe('two\n');
    appendFileSync(path, 'three\n');
    shift(path, 1);
    rotate(path);
    for (const index of [1, 2]) {
      copyFileSync(`${path}.${index}`, `${path}.new`);
      renameSync(`${path}.new`, `${path}.${index}`);
    }
    appendFileSync(path, 'four, and long\n');
    expect(all()).toBe('three\nfour, and long\n');
  });

  test('a log that is rotated twice between two looks is read from the copy that is kept', async () => {
    const { path, all } = newLog();
    copy(path);
    appendFileSync(path, 'two\n');
    expect(all()).toBe('two\n');
    const { birthtimeMs } = statSync(`${path}.1`);
    // The second copy may have the inode of the first one.
    await until(() => statSync(newFolder()).birthtimeMs > birthtimeMs);
    for (const word of ['three\n', 'four\n']) {
      appendFileSync(path, word);
      copy(path);
    }
    expect(all()).toBe('four\n');
  });

  test('a log that was emptied and is longer than before at the next look is read anew', () => {
    const { path, all } = newLog();
    writeFileSync(path, 'other, and longer\n');
    expect(all()).toBe('other, and longer\n');
  });

  test('a log of which nothing was shown at first is known by what stands in it', () => {
    const path = join(newFolder(), 'web.log');
    writeFileSync(path, 'old\n');
    const tail = new LogTail(path);
    tail.begin({ lines: 0, since: -Infinity });
    tail.follow();
    writeFileSync(path, 'new, and longer\n');
    expect(tail.next()?.bytes.toString('utf8')).toBe('new, and longer\n');
    tail.end();
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
