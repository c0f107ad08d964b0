import { sinkFor, type SinkWanted } from '../../../../src/cli/logs/sinks.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';
import { plain } from '../../../support/sample-replies.ts';

const NOON = new Date(2026, 0, 2, 12).getTime();

/** What is written of these chunks of the logs of two jobs. */
async function written(
  given: Partial<SinkWanted>,
  chunks: readonly (readonly [name: string, text: string])[] = [
    ['web', 'one\n10%\r50%\rtwo\r\r\n\r\n'],
    ['worker', 'three'],
  ],
): Promise<string> {
  const out = new KeptOutput();
  const sink = sinkFor({
    out,
    context: plain(Infinity),
    names: ['web', 'worker'],
    json: false,
    isSingle: false,
    withTimes: false,
    ...given,
  });
  for (const [name, text] of chunks) {
    const timeAt = (index: number) => ({ at: NOON + 1000 * index, isExact: index === 0 });
    expect(await sink.write(name, { bytes: Buffer.from(text), timeAt }, 0)).toBe(true);
  }
  await sink.flush(Infinity);
  return out.text;
}

test('one log alone is passed on byte for byte', async () => {
  expect(await written({ isSingle: true })).toBe('one\n10%\r50%\rtwo\r\r\n\r\nthree');
});

test('after a name stands what a terminal shows in the end of a line that was overwritten', async () => {
  expect(await written({})).toBe('web    | one\nweb    | two\nweb    | \nworker | three\n');
});

test('a line alone keeps its bytes behind its time, and a time that is not sure has a mark', async () => {
  expect(await written({ isSingle: true, withTimes: true })).toBe(
    '2026-01-02 12:00:00 one\n' +
      '~2026-01-02 12:00:04 10%\r50%\rtwo\r\r\n' +
      '~2026-01-02 12:00:18 \r\n' +
      '2026-01-02 12:00:00 three\n',
  );
});

test('the name of a job comes before the time of its line', async () => {
  expect(await written({ withTimes: true }, [['web', 'one\n']])).toBe('web    | 2026-01-02 12:00:00 one\n');
});

test('JSON has the whole line, and its time only where times are asked for', async () => {
  const [line] = [[['web', 'a\r"b"\n']] as const];
  expect(await written({ json: true, isSingle: true }, line)).toBe('{"job":"web","line":"a\\r\\"b\\""}\n');
  expect(await written({ json: true, withTimes: true }, line)).toBe(
    `{"job":"web","at":"${new Date(NOON).toISOString()}","line":"a\\r\\"b\\""}\n`,
  );
});

test('a line that is not shown leaves nothing behind, in any form', async () => {
  const isShown = (line: Buffer): boolean => line.includes('t');
  expect([
    await written({ isShown }),
    await written({ isShown, isSingle: true }),
    await written({ isShown, json: true }),
  ]).toEqual([
    'web    | two\nworker | three\n',
    '10%\r50%\rtwo\r\r\nthree\n',
    '{"job":"web","line":"10%\\r50%\\rtwo\\r\\r"}\n{"job":"worker","line":"three"}\n',
  ]);
});
