import { LINE_LIMIT, LogLines } from '../../../../src/job/checks/log-lines.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('bytes are cut into lines, whatever the blocks', () => {
  const log = new LogLines();
  expect(log.take(bytes('one\r\ntw'))).toEqual(['one']);
  expect(log.take(bytes('o\n\n'))).toEqual(['two', '']);
  const split = bytes('grün\n');
  expect([log.take(split.subarray(0, 3)), log.take(split.subarray(3))]).toEqual([[], ['grün']]);
});

test('an unfinished line is matched once, up to the limit, and never accumulates', () => {
  const log = new LogLines();
  const long = 'x'.repeat(LINE_LIMIT + 1);
  expect(log.take(bytes(long))).toEqual(['x'.repeat(LINE_LIMIT)]);
  expect(log.take(bytes(long))).toEqual([]);
  expect(log.take(bytes('rest\nnext\n'))).toEqual(['next']);
  expect(log.take(bytes(`${long}\n`))).toEqual(['x'.repeat(LINE_LIMIT)]);
});

test('only the carriage return at the end of a line is not part of it', () => {
  expect(new LogLines().take(bytes('50 %\r100 %\r\n'))).toEqual(['50 %\r100 %']);
});

test('a line of just the limit is not handed out before its end', () => {
  const log = new LogLines();
  const line = 'x'.repeat(LINE_LIMIT);
  expect([log.take(bytes(line)), log.take(bytes('\n'))]).toEqual([[], [line]]);
});

test('after a restart nothing of the line before is left', () => {
  const log = new LogLines();
  expect(log.take(bytes('half a li'))).toEqual([]);
  log.restart();
  expect(log.take(bytes('new\n'))).toEqual(['new']);
});

test('after a restart the rest of an overlong line is not waited for', () => {
  const log = new LogLines();
  expect(log.take(bytes('x'.repeat(LINE_LIMIT + 1)))).toEqual(['x'.repeat(LINE_LIMIT)]);
  log.restart();
  expect(log.take(bytes('ready\n'))).toEqual(['ready']);
});

test('after a restart no half letter of the line before is left', () => {
  const log = new LogLines();
  expect(log.take(bytes('ü').subarray(0, 1))).toEqual([]);
  log.restart();
  expect(log.take(bytes('new\n'))).toEqual(['new']);
});
