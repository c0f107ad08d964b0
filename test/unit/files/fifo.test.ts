import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFifo, writeSome } from '../../../src/files/fifo.ts';
import { newFolder } from '../../support/new-folder.ts';

const fifo = (): string => {
  const path = join(newFolder(), 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
};

test('a FIFO that somebody reads takes bytes until it is full, and never makes the writer wait', () => {
  const path = fifo();
  const reader = openSync(path, constants.O_RDWR);
  const opened = openFifo(path);
  if (opened.kind !== 'open') throw new Error(opened.kind);
  expect(writeSome(opened.fd, Buffer.from('a line\n'))).toBe(7);
  let total = 7;
  for (let written = 1; written > 0; total += written)
    written = writeSome(opened.fd, Buffer.alloc(4096)) ?? 0;
  expect(total).toBeGreaterThan(4096);
  expect(writeSome(opened.fd, Buffer.from('x'))).toBe(0);
  const block = Buffer.alloc(7);
  readSync(reader, block, 0, 7, null);
  expect(block.toString()).toBe('a line\n');
  closeSync(reader);
  expect(writeSome(opened.fd, Buffer.from('x'))).toBeNull();
  closeSync(opened.fd);
});

test('a FIFO that nobody reads, and one that is gone, are nobody', () => {
  const path = fifo();
  expect([openFifo(path), openFifo(`${path}.none`)]).toEqual([{ kind: 'nobody' }, { kind: 'nobody' }]);
});

test('a file that is no FIFO is refused, and so is a link to one', () => {
  const path = fifo();
  writeFileSync(`${path}.file`, '');
  symlinkSync(path, `${path}.link`);
  expect([openFifo(`${path}.file`), openFifo(`${path}.link`)]).toEqual([
    { kind: 'refused', why: `${path}.file is a file, not the pipe that overseer made: move it away` },
    {
      kind: 'refused',
      why: `${path}.link is a symbolic link, not the pipe that overseer made: move it away`,
    },
  ]);
});

test('a FIFO of another user is refused, and so is a name that the system refuses', () => {
  const path = fifo();
  const uid = jest.spyOn(process, 'getuid').mockReturnValue((process.getuid?.() ?? 0) + 1);
  try {
    expect(openFifo(path)).toEqual({
      kind: 'refused',
      why: `${path} belongs to another user: move it away`,
    });
  } finally {
    uid.mockRestore();
  }
  expect(openFifo('x'.repeat(300))).toEqual({
    kind: 'refused',
    why: expect.stringContaining('ENAMETOOLONG'),
  });
});

test('a write to something that is not open is an error, not a reader that is gone', () => {
  expect(() => writeSome(2 ** 20, Buffer.from('x'))).toThrow('EBADF');
});
