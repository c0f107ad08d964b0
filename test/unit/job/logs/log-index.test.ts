import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../../../../src/files/disk.ts';
import { dropTimesBefore, LogIndex } from '../../../../src/job/logs/log-index.ts';
import { readMarks, writeMark } from '../../../../src/text/log-times.ts';

const folder = mkdtempSync(join(tmpdir(), 'overseer-times-'));

afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'web.log');

const marksOf = (): readonly unknown[] => readMarks(readFileSync(`${path}.idx`, 'utf8'));

/** Writes to the log at a time, in seconds, and has it looked at. */
function write(times: LogIndex, text: string, at: number): void {
  appendFileSync(path, text);
  utimesSync(path, at, at);
  times.note(path, 0, statSync(path));
}

beforeEach(() => {
  for (const file of [path, `${path}.idx`]) rmSync(file, { force: true });
});

test('a mark is made when the log has grown, with the time of its last write', () => {
  const times = new LogIndex(0, { line: () => {} });
  write(times, 'a\n', 10);
  write(times, '', 20);
  write(times, 'b\n', 30);
  expect(marksOf()).toEqual([
    { at: 10_000, size: 2, isLate: false },
    { at: 30_000, size: 4, isLate: false },
  ]);
});

test('a log has no index before its first byte, which is dated then', () => {
  const times = new LogIndex(0, { line: () => {} });
  write(times, '', 10);
  expect(existsSync(`${path}.idx`)).toBe(false);
  write(times, 'a\n', 20);
  expect(marksOf()).toEqual([{ at: 20_000, size: 2, isLate: false }]);
});

test('only output that was written while nobody watched is marked as late', () => {
  write(new LogIndex(0, { line: () => {} }), 'a\n', 10);
  // The log is older than the daemon, and so is who writes.
  const later = new LogIndex(Date.now() + 60_000, { line: () => {} });
  write(later, 'b\n', 2000);
  write(later, 'c\n', 2001);
  expect(marksOf()).toEqual([
    { at: 10_000, size: 2, isLate: false },
    { at: 2_000_000, size: 4, isLate: true },
    { at: 2_001_000, size: 6, isLate: false },
  ]);
  const other = new LogIndex(Date.now() + 60_000, { line: () => {} });
  appendFileSync(path, 'd\n');
  utimesSync(path, 3000, 3000);
  other.note(path, Date.now() + 60_001, statSync(path));
  expect(marksOf().at(-1)).toEqual({ at: 3_000_000, size: 8, isLate: false });
});

test('the index of a log that has become shorter begins anew', () => {
  const times = new LogIndex(0, { line: () => {} });
  write(times, 'long\n', 10);
  writeFileSync(path, '');
  write(times, 'a\n', 20);
  expect(marksOf()).toEqual([{ at: 20_000, size: 2, isLate: false }]);
});

test('T-1004 an index that could not be begun anew is not continued when its log has grown', () => {
  let refuses = false;
  const openSync: typeof realDisk.openSync = (...args) => {
    if (refuses) throw Object.assign(new Error('EIO: open'), { code: 'EIO', syscall: 'open' });
    return realDisk.openSync(...args);
  };
  const times = new LogIndex(0, { line: () => {} }, { ...realDisk, openSync });
  write(times, 'long\n', 10);
  refuses = true;
  writeFileSync(path, '');
  write(times, 'a\n', 20);
  refuses = false;
  write(times, 'much longer\n', 30);
  expect(readFileSync(`${path}.idx`, 'utf8')).toBe(writeMark({ at: 30_000, size: 14, isLate: false }));
});

/** One of two such neighbours is dropped, whichever it is. */
const LATE = [10, 101];

test('the marks never take more than so many bytes, and thin out evenly', () => {
  writeFileSync(path, '');
  const all = Array.from({ length: 13_000 }, (_, index) =>
    writeMark({ at: 1_700_000_000_000 + index * 500, size: index + 1, isLate: LATE.includes(index) }),
  );
  writeFileSync(`${path}.idx`, all.join(''));
  const times = new LogIndex(0, { line: () => {} });
  writeFileSync(path, 'x'.repeat(13_000));
  let most = 0;
  for (let index = 0; index < 800; index += 1) {
    write(times, 'y', 1_700_006_500 + index);
    most = Math.max(most, statSync(`${path}.idx`).size);
  }
  expect(most).toBeLessThanOrEqual(256 * 1024);
  const marks = readMarks(readFileSync(`${path}.idx`, 'utf8'));
  expect([marks.length > 5000, marks.length < 8000, marks.at(-1)?.size]).toEqual([true, true, 13_800]);
  expect(existsSync(`${path}.idx.new`)).toBe(false);
  // What a dropped mark has said of the time before it is said by the one after it.
  const late = marks.flatMap(({ isLate }, at) => (isLate ? [at] : []));
  expect(late).toEqual(LATE.map((index) => marks.findIndex(({ size }) => size > index)));
});

test('an error of the disk is reported once and has no other consequence', () => {
  const told: string[] = [];
  const times = new LogIndex(0, { line: (text) => told.push(text) });
  const nowhere = join(folder, 'gone', 'web.log');
  writeFileSync(path, 'a');
  times.note(nowhere, 0, statSync(path));
  times.note(nowhere, 0, statSync(path));
  expect(told).toEqual([expect.stringContaining(`the times of ${nowhere} cannot be kept: ENOENT`)]);
});

test('marks that an earlier log left, and lines that are no marks, are not read', () => {
  expect(readMarks('5 100\nnonsense\n~6 200\n7 10\n8 20\n9')).toEqual([
    { at: 7, size: 10, isLate: false },
    { at: 8, size: 20, isLate: false },
  ]);
});

test('T-1072 an index that cannot be read when its log loses lines is removed', () => {
  writeFileSync(`${path}.idx`, '1000 5\n2000 10\n');
  const readSync = (): never => {
    throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', syscall: 'read' });
  };
  expect(dropTimesBefore(path, 5, { ...realDisk, readSync })).toBe(false);
  expect(existsSync(`${path}.idx`)).toBe(false);
  writeFileSync(`${path}.idx`, '1000 5\n2000 10\n');
  expect(dropTimesBefore(path, 5)).toBe(true);
  expect(readFileSync(`${path}.idx`, 'utf8')).toBe('2000 5\n');
});

test('an index that an earlier daemon left goes on where the log is as long as then', () => {
  write(new LogIndex(0, { line: () => {} }), 'a\n', 10);
  const later = new LogIndex(0, { line: () => {} });
  write(later, '', 20);
  expect(marksOf()).toEqual([{ at: 10_000, size: 2, isLate: false }]);
  write(later, 'b\n', 30);
  expect(marksOf()).toHaveLength(2);
});

test('a writer that began with the daemon, or later, was watched from its first line on', () => {
  const begun = Date.now() + 60_000;
  writeFileSync(path, 'a\n');
  const seen = (more: Partial<Stats>): Stats => Object.assign(statSync(path), more);
  new LogIndex(begun, { line: () => {} }).note(path, begun, statSync(path));
  new LogIndex(begun, { line: () => {} }).note(path, begun - 1, seen({ size: 9 }));
  new LogIndex(begun, { line: () => {} }).note(path, begun - 1, seen({ size: 10, birthtimeMs: begun }));
  expect(marksOf()).toEqual([
    expect.objectContaining({ size: 2, isLate: false }),
    expect.objectContaining({ size: 9, isLate: true }),
    expect.objectContaining({ size: 10, isLate: false }),
  ]);
});

const refusal = (code: string): Error => Object.assign(new Error(`${code}: no`), { code, syscall: 'open' });

test('an index to which a mark could not be added once goes on with the next', () => {
  let refuses = false;
  const openSync: typeof realDisk.openSync = (...args) => {
    if (refuses) throw refusal('ENOSPC');
    return realDisk.openSync(...args);
  };
  const times = new LogIndex(0, { line: () => {} }, { ...realDisk, openSync });
  write(times, 'a\n', 10);
  refuses = true;
  write(times, 'b\n', 20);
  refuses = false;
  write(times, 'c\n', 30);
  expect(marksOf()).toEqual([
    { at: 10_000, size: 2, isLate: false },
    { at: 30_000, size: 6, isLate: false },
  ]);
});

test('an index that cannot be read is not overwritten', () => {
  const told: string[] = [];
  writeFileSync(`${path}.idx`, '1000 1\n');
  const readSync = (): never => {
    throw refusal('EIO');
  };
  write(new LogIndex(0, { line: (text) => told.push(text) }, { ...realDisk, readSync }), 'a\n', 10);
  expect([told, readFileSync(`${path}.idx`, 'utf8')]).toEqual([
    [`log: the times of ${path} cannot be kept: EIO: no`],
    '1000 1\n',
  ]);
});

test('a log that is forgotten is read anew when it comes again', () => {
  const times = new LogIndex(0, { line: () => {} });
  write(times, 'a\n', 10);
  times.forget(path);
  rmSync(`${path}.idx`);
  write(times, '', 20);
  expect(marksOf()).toEqual([{ at: 20_000, size: 2, isLate: false }]);
});

test('times of which nothing is dropped are right, whether there are any or not', () => {
  expect(dropTimesBefore(path, 0)).toBe(true);
  writeFileSync(`${path}.idx`, 'as it is');
  expect(dropTimesBefore(path, 0)).toBe(true);
  expect(readFileSync(`${path}.idx`, 'utf8')).toBe('as it is');
});

test('times that can be neither rewritten nor removed are left, and that is told', () => {
  writeFileSync(`${path}.idx`, '1000 5\n');
  const refuse = (): never => {
    throw refusal('EROFS');
  };
  expect(dropTimesBefore(path, 5, { ...realDisk, renameSync: refuse, rmSync: refuse })).toBe(false);
});

test('a fault of ours is thrown', () => {
  const fault = (): never => {
    throw new TypeError('a bug of ours');
  };
  writeFileSync(path, 'a\n');
  writeFileSync(`${path}.idx`, '1000 5\n');
  const times = new LogIndex(0, { line: () => {} }, { ...realDisk, openSync: fault });
  expect(() => times.note(path, 0, statSync(path))).toThrow('a bug of ours');
  expect(() => dropTimesBefore(path, 5, { ...realDisk, renameSync: fault })).toThrow('a bug of ours');
  const refuse = (): never => {
    throw refusal('EROFS');
  };
  expect(() => dropTimesBefore(path, 5, { ...realDisk, renameSync: refuse, rmSync: fault })).toThrow(
    'a bug of ours',
  );
});
