import { LogReader } from '../../../../src/job/checks/log-reader.ts';

/** Logs by path, each with an id and what it holds. */
class Logs {
  readonly #files = new Map<string, { readonly id: string; readonly text: string }>();
  #ids = 0;

  write(path: string, text: string): void {
    const found = this.#files.get(path);
    this.#files.set(path, { id: found?.id ?? `${(this.#ids += 1)}`, text: (found?.text ?? '') + text });
  }

  /** Copies and empties; the last bytes, a line without its end, go back. */
  rotate(keep = 9, partial = ''): void {
    for (let at = 8; at >= 1; at -= 1) {
      const moved = this.#files.get(`log.${at}`);
      this.#files.delete(`log.${at}`);
      if (moved !== undefined && at < keep) this.#files.set(`log.${at + 1}`, moved);
    }
    const { id, text } = this.#files.get('log') ?? { id: '', text: '' };
    if (keep > 0)
      this.#files.set('log.1', {
        id: `${(this.#ids += 1)}`,
        text: text.slice(0, text.length - partial.length),
      });
    this.#files.set('log', { id, text: partial });
  }

  /** The id of the newest rotated log. */
  get newest(): string {
    return this.#files.get('log.1')?.id ?? '';
  }

  /** `refuses` says whether the system cannot tell this time. */
  reader(from = 0, after?: string, refuses: () => boolean = () => false): LogReader {
    const unlessRefused = <T>(answer: T): T | null => (refuses() ? null : answer);
    return new LogReader({
      path: 'log',
      from,
      after,
      probes: {
        logSize: (path) => unlessRefused(this.#files.get(path)?.text.length ?? 0),
        logId: (path) => unlessRefused(this.#files.get(path)?.id ?? ''),
        readLog: (path, at, limit) =>
          unlessRefused(Buffer.from(this.#files.get(path)?.text.slice(at, at + limit) ?? '')),
      },
    });
  }
}

function rest(reader: LogReader, limit = 1_000): string {
  let text = '';
  for (;;) {
    const { bytes, isEmptied } = reader.next(limit);
    if (isEmptied) text += '|';
    if (bytes.length === 0) return text;
    text += Buffer.from(bytes).toString();
  }
}

let logs: Logs;
beforeEach(() => {
  logs = new Logs();
});

test('a log is read from the given place on', () => {
  logs.write('log', 'before\nafter\n');
  const reader = logs.reader(7);
  expect(rest(reader)).toBe('after\n');
  logs.write('log', 'more\n');
  expect(rest(reader, 2)).toBe('more\n');
});

test.each([1, 3, 1_000])(
  'a log that was rotated away before it was read is read first, %i bytes at a time',
  (limit) => {
    logs.write('log', 'old\n');
    const reader = logs.reader(4);
    logs.write('log', 'one\n');
    logs.rotate();
    logs.write('log', 'two\n');
    logs.rotate();
    logs.write('log', 'three, longer than all before\n');
    expect(rest(reader, limit)).toBe('one\ntwo\nthree, longer than all before\n');
  },
);

test('a rotation while a rotated log is being read leaves nothing out', () => {
  const reader = logs.reader();
  logs.write('log', 'one two\n');
  logs.rotate();
  expect(Buffer.from(reader.next(4).bytes).toString()).toBe('one ');
  logs.write('log', 'three\n');
  logs.rotate();
  logs.write('log', 'four\n');
  expect(rest(reader)).toBe('two\nthree\nfour\n');
});

test('a line without its end that went back into the log is not read twice', () => {
  const reader = logs.reader();
  logs.write('log', 'one\nhal');
  expect(rest(reader)).toBe('one\nhal');
  logs.rotate(9, 'hal');
  logs.write('log', 'f\n');
  expect(rest(reader)).toBe('f\n');
});

test('a log that is kept no longer is passed over, and the oldest that is kept comes next', () => {
  const reader = logs.reader();
  for (const line of ['one\n', 'two\n', 'three\n']) {
    logs.write('log', line);
    logs.rotate(2);
  }
  logs.write('log', 'four\n');
  expect(rest(reader)).toBe('two\nthree\nfour\n');
});

test('a log that was truncated without a copy is read from its beginning, and reported', () => {
  logs.write('log', 'long enough\n');
  const reader = logs.reader(12);
  logs.rotate(0);
  logs.write('log', 'new\n');
  expect(rest(reader)).toBe('|new\n');
});

test('a log that was rotated before the reader began is read from its place in the rotated one', () => {
  logs.write('log', 'before\nREADY\n');
  logs.rotate();
  expect(rest(logs.reader(7))).toBe('READY\n');
});

test.each(['', 'older run\n'])(
  'what was rotated since a run began is read, and not %j before it',
  (older) => {
    if (older !== '') {
      logs.write('log', older);
      logs.rotate();
    }
    const after = logs.newest;
    logs.write('log', 'READY\n');
    logs.rotate();
    logs.write('log', 'two\n');
    logs.rotate();
    logs.write('log', 'three\n');
    expect(rest(logs.reader(0, after))).toBe('READY\ntwo\nthree\n');
  },
);

test('rotated logs that are larger than the log do not hide what the run wrote first', () => {
  logs.write('log', 'before\n');
  const after = logs.newest;
  logs.write('log', 'READY\n');
  logs.rotate();
  logs.write('log', 'two, and longer than all before\n');
  logs.rotate();
  logs.write('log', '3\n');
  expect(rest(logs.reader(7, after))).toBe('READY\ntwo, and longer than all before\n3\n');
});

test.each([
  ['in the log, where that is long enough', 'a long old log\n', 'before\nafter\n', 'after\n'],
  ['at the end of the log, where nothing follows', 'a long old log\n', 'before\n', ''],
  ['at the beginning, where both logs are shorter', 'old\n', 'new\n', '|new\n'],
])('a place without a rotated log beside it is sought %s', (_case, rotated, log, read) => {
  logs.write('log.1', rotated);
  logs.write('log', log);
  expect(rest(logs.reader(7))).toBe(read);
});

test('a rotated log that is removed while it is read is left for the oldest that is kept', () => {
  const reader = logs.reader();
  logs.write('log', 'one one\n');
  logs.rotate();
  expect(Buffer.from(reader.next(4).bytes).toString()).toBe('one ');
  for (const line of ['two\n', 'three\n']) {
    logs.write('log', line);
    logs.rotate(2);
  }
  logs.write('log', 'four\n');
  expect(rest(reader)).toBe('two\nthree\nfour\n');
});

/** What is read of a log that is rotated twice, where the system cannot tell at one of the questions. */
function readDespiteRefusal(refusedAt: number): { readonly text: string; readonly questions: number } {
  logs = new Logs();
  logs.write('log', 'before\n');
  let questions = 0;
  const reader = logs.reader(7, '', () => (questions += 1) === refusedAt);
  let text = '';
  const look = (times: number): void => {
    for (let time = 0; time < times; time += 1) text += Buffer.from(reader.next(6).bytes).toString();
  };
  logs.write('log', 'one\ntwo\nbegun');
  look(1);
  logs.rotate(9, 'begun');
  look(2);
  logs.write('log', ' three\nfour\n');
  logs.rotate();
  logs.write('log', 'five\n');
  look(9);
  return { text, questions };
}

test('a question that the system cannot answer makes nothing unread, and nothing read twice', () => {
  const { text, questions } = readDespiteRefusal(0);
  expect(text).toBe('one\ntwo\nbegun three\nfour\nfive\n');
  const refused = Array.from({ length: questions }, (_, index) => readDespiteRefusal(index + 1).text);
  expect(refused).toEqual(refused.map(() => text));
});
