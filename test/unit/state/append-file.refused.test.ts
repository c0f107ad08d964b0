import { AppendFile } from '../../../src/state/append-file.ts';
import { refusal } from '../../support/journal-folder.ts';
import { notingDisk } from '../../support/noting-disk.ts';

test('a file grows by the bytes of each piece, each in one write', () => {
  const { disk, calls } = notingDisk();
  const file = new AppendFile(disk, 7, 100);
  file.append('naïve\n');
  expect([file.size, file.fd]).toEqual([107, 7]);
  file.append('');
  expect(file.size).toBe(107);
  file.close();
  expect(calls).toEqual(['write 7 7 bytes', 'write 7 0 bytes', 'close 7']);
});

test('a short write is reported with both sizes, and cut off at once and only once', () => {
  let taken = 3;
  const { disk, calls } = notingDisk({ write: (_fd, bytes) => Math.min(taken, bytes.length) });
  const file = new AppendFile(disk, 7, 100);
  expect(() => file.append('0123456789')).toThrow(
    expect.objectContaining({
      message: 'ENOSPC: the disk took only 3 of 10 bytes, write',
      code: 'ENOSPC',
      syscall: 'write',
    }),
  );
  expect(file.size).toBe(100);
  taken = 99;
  file.append('01234');
  expect(file.size).toBe(105);
  expect(calls).toEqual(['write 7 10 bytes', 'truncate 7 100', 'write 7 5 bytes']);
});

test('the error of a write is reported; a part that could not be cut off is cut off next time', () => {
  let broken = true;
  const refuse = (code: string): void => {
    if (broken) throw refusal(code);
  };
  const { disk, calls } = notingDisk({
    write: (_fd, bytes) => {
      refuse('EIO');
      return bytes.length;
    },
    truncate: () => refuse('EROFS'),
  });
  const file = new AppendFile(disk, 7, 100);
  expect(() => file.append('01234')).toThrow('EROFS');
  // Nothing is written behind a torn end.
  expect(() => file.append('56789')).toThrow('EROFS');
  broken = false;
  file.append('abc');
  expect(file.size).toBe(103);
  expect(calls).toEqual([
    'write 7 5 bytes',
    'truncate 7 100',
    'truncate 7 100',
    'truncate 7 100',
    'write 7 3 bytes',
  ]);
});
