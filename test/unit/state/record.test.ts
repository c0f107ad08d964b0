import { crc32 } from 'node:zlib';
import { LiveLines } from '../../../src/state/live-lines.ts';
import { changeOf, deleteLine, headerLine, putLine, valueOf, versionOf } from '../../../src/state/record.ts';

const line = (json: string): Buffer => Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} ${json}`);
const bytesOf = (text: string): Buffer => Buffer.from(text.slice(0, -1));

test('the lines of the journal are read as they were made', () => {
  expect([versionOf(bytesOf(headerLine('b00t'))), versionOf(bytesOf(headerLine(undefined)))]).toEqual([3, 3]);
  expect(changeOf(bytesOf(putLine('job:web', null)))).toEqual({ key: 'job:web', deleted: false });
  expect(changeOf(bytesOf(deleteLine('job:web')))).toEqual({ key: 'job:web', deleted: true });
  expect(valueOf(putLine('a', { deep: [1, 'ü'] }))).toEqual({ deep: [1, 'ü'] });
  expect(headerLine(undefined).slice(9)).toBe('{"v":3}\n');
});

test.each(['{"v":0}', '{"v":-1}', '{"v":1.5}', '{"v":"3"}', '{}', '[]', 'null', '3', '{"v":', ''])(
  'the first line %s has no version',
  (json) => {
    expect(versionOf(line(json))).toBeNull();
  },
);

test.each([
  '{"k":1,"v":1}',
  '{"v":1}',
  '{"k":"a"}',
  '{"k":"a","d":2}',
  '{"k":"a","d":"1"}',
  '[]',
  'null',
  '"k"',
  '{',
])('the line %s is no change', (json) => {
  expect(changeOf(line(json))).toBeNull();
});

test('a line without its checksum, or with a letter more around it, is damaged', () => {
  const good = line('{"k":"a","v":1}').toString();
  expect(changeOf(Buffer.from(good))).not.toBeNull();
  for (const bad of [
    good.slice(1),
    `x${good}`,
    ` ${good}`,
    `${good} `,
    good.replace(' ', ''),
    good.replace(' ', '\t'),
    good.slice(0, 9),
    good.toUpperCase(),
    '',
  ])
    expect([bad, changeOf(Buffer.from(bad)), versionOf(Buffer.from(bad))]).toEqual([bad, null, null]);
});

test('a checksum has eight digits, zeros in front included', () => {
  const small = Array.from({ length: 5000 }, (_, at) => putLine('a', at)).filter((each) =>
    each.startsWith('0'),
  );
  expect(small.length).toBeGreaterThan(100);
  for (const each of small) expect(changeOf(bytesOf(each))).toEqual({ key: 'a', deleted: false });
});

test('only the newest line of each key counts, in bytes and in text', () => {
  const live = new LiveLines();
  const [first, second, other] = [putLine('a', 'ü'), putLine('a', 'longer'), putLine('b', 1)];
  live.set('a', first);
  expect(live.bytes).toBe(Buffer.byteLength(first));
  live.set('b', other);
  live.set('a', second);
  expect([live.bytes, live.text()]).toEqual([Buffer.byteLength(other + second), other + second]);
  live.delete('never there');
  live.delete('b');
  expect([live.has('a'), live.has('b'), live.bytes]).toEqual([true, false, Buffer.byteLength(second)]);
  live.delete('a');
  expect([live.bytes, live.text(), live.values().size]).toEqual([0, '', 0]);
});
