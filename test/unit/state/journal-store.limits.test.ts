import fc from 'fast-check';
import { AppendFile } from '../../../src/state/append-file.ts';
import type { Disk } from '../../../src/state/disk.ts';
import { JOURNAL_MAX, JournalStore, REWRITE_MIN } from '../../../src/state/journal-store.ts';
import { LiveLines } from '../../../src/state/live-lines.ts';
import { putLine } from '../../../src/state/record.ts';
import { entries, fast, opened, readBack, refusal } from '../../support/journal-folder.ts';
import { notingDisk } from '../../support/noting-disk.ts';

/** Records of which it is only known how long they are. */
class OtherLines extends LiveLines {
  readonly #others: number;

  constructor(others: number) {
    super();
    this.#others = others;
  }

  override get bytes(): number {
    return super.bytes + this.#others;
  }
}

/** A store with a journal of this many bytes, of which so many are live records. */
function storeOf(bytes: number, liveBytes: number, answers: Partial<Disk> = {}) {
  const { disk, calls } = notingDisk(answers);
  const live = new OtherLines(liveBytes);
  const store = new JournalStore({
    path: '/data/state.journal',
    disk,
    header: 'header\n',
    live,
    file: new AppendFile(disk, 3, bytes),
    prepare: () => new AppendFile(disk, 3, 0),
  });
  return { store, calls };
}

const refusing = (code: string) => (): never => {
  throw refusal(code);
};

test('a record with which the journal would be too long is refused before it is written', () => {
  const record = putLine('a', 1);
  const room = Buffer.byteLength(record);
  const create = refusing('ENOSPC');
  const full = storeOf(JOURNAL_MAX - room + 1, 0, { create });
  expect(() => full.store.put('a', 1)).toThrow(
    expect.objectContaining({
      message: `EFBIG: the journal would become longer than ${JOURNAL_MAX} bytes, write '/data/state.journal'`,
      code: 'EFBIG',
      syscall: 'write',
    }),
  );
  expect([full.calls, entries(full.store)]).toEqual([[], {}]);
  const fits = storeOf(JOURNAL_MAX - room, 0, { create });
  fits.store.put('a', 1);
  expect([fits.store.bytes, entries(fits.store)]).toEqual([JOURNAL_MAX, { a: 1 }]);
});

const LINE = Buffer.byteLength(putLine('a', 1));
test.each([
  ['no less than 64 KiB', REWRITE_MIN - LINE, 0, REWRITE_MIN],
  ['four times as long as its records', 400_000 - LINE, 100_000 - LINE, 400_000],
  ['half as long as it may be', JOURNAL_MAX / 2 - LINE, 40_000_000, JOURNAL_MAX / 2],
  ['a quarter longer than its records', 150_000_000 - LINE, 120_000_000 - LINE, 150_000_000],
])('a journal that is %s is left alone, and a byte more is rewritten', (_, bytes, liveBytes, wanted) => {
  const kept = storeOf(bytes, liveBytes);
  kept.store.put('a', 1);
  expect([kept.store.bytes, kept.calls.filter((call) => call.startsWith('create'))]).toEqual([wanted, []]);
  const rewritten = storeOf(bytes + 1, liveBytes);
  rewritten.store.put('a', 1);
  expect(rewritten.calls.filter((call) => call.startsWith('create'))).toEqual([
    'create /data/state.journal.new',
  ]);
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a refused rewrite is tried again at twice the length, and a good one sets that back', async () => {
  let full = true;
  const { store, calls } = storeOf(REWRITE_MIN, 0, {
    create: () => (full ? refusing('ENOSPC')() : 4),
  });
  const tried = () => calls.filter((call) => call.startsWith('create')).length;
  store.put('a', 1);
  await settled();
  const length = store.bytes;
  while (store.bytes + LINE <= 2 * length) store.put('a', 1);
  await settled();
  expect(tried()).toBe(1);
  full = false;
  store.put('a', 1);
  await settled();
  expect([tried(), store.bytes]).toEqual([2, 'header\n'.length + LINE]);
  while (store.bytes <= REWRITE_MIN) store.put('a', 1);
  expect(tried()).toBe(3);
  await settled();
});

test('a deleted record can make a journal due to be rewritten', async () => {
  const { store, calls } = storeOf(REWRITE_MIN - LINE, 0);
  store.put('a', 1);
  expect(store.bytes).toBe(REWRITE_MIN);
  store.delete('a');
  await settled();
  expect(calls).toContain('rename /data/state.journal.new /data/state.journal');
  expect([store.bytes, entries(store)]).toEqual(['header\n'.length, {}]);
  store.delete('a');
  expect(store.bytes).toBe('header\n'.length);
});

test('records of an earlier daemon are synced once, although nothing was put', async () => {
  const { store, calls } = storeOf(100, 0);
  await store.sync();
  await store.sync();
  store.put('a', 1);
  await store.sync();
  expect(calls).toEqual(['datasync 3', `write 3 ${LINE} bytes`, 'datasync 3']);
});

test('a folder that could not be synced is no reason to trust the new name', async () => {
  let broken = true;
  const { store, calls } = storeOf(REWRITE_MIN, 0, {
    syncFolder: () => {
      if (broken) refusing('EIO')();
    },
  });
  store.put('a', 1);
  await settled();
  expect(calls.filter((call) => call.startsWith('rename')).length).toBe(1);
  broken = false;
  calls.length = 0;
  await store.sync();
  expect(calls.map((call) => call.split(' ')[0])).toEqual([
    'create',
    'write',
    'datasync',
    'sync',
    'rename',
    'syncFolder',
    'close',
  ]);
});

test('a journal that cannot be written has nothing to sync', async () => {
  const { disk, calls } = notingDisk();
  const store = new JournalStore({
    path: '/data/state.journal',
    disk,
    header: 'header\n',
    live: new LiveLines(),
    file: null,
    prepare: () => new AppendFile(disk, 3, 0),
  });
  await store.sync();
  expect([store.bytes, calls]).toEqual([0, []]);
  store.put('a', 1);
  await store.sync();
  expect(calls).toEqual([`write 3 ${LINE} bytes`, 'datasync 3']);
});

test('a closed journal refuses records, and closes each of its files once', async () => {
  const { store, calls } = storeOf(REWRITE_MIN, 0);
  store.put('a', 1);
  store.close();
  store.close();
  expect(() => store.put('a', 2)).toThrow('the journal is closed');
  await settled();
  // The new file is given up, and its name left to whoever has it by now.
  expect(calls.slice(2).toSorted()).toEqual([
    'close 3',
    'close 4',
    'datasync 4',
    `write 4 ${'header\n'.length + LINE} bytes`,
  ]);
});

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'ü');
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), key, value: fc.jsonValue({ maxDepth: 2 }) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('reopen' as const) }),
);

test('a journal holds what a map would, over any puts, deletions and openings', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const model = new Map<string, unknown>();
      let { store } = opened({ disk: fast });
      for (const key of store.entries().keys()) store.delete(key);
      for (const each of steps) {
        if (each.kind === 'put') {
          store.put(each.key, each.value);
          model.set(each.key, JSON.parse(JSON.stringify(each.value)));
        } else if (each.kind === 'delete') {
          store.delete(each.key);
          model.delete(each.key);
        } else {
          store.close();
          ({ store } = opened({ disk: fast }));
        }
        expect(new Map(store.entries())).toEqual(model);
      }
      store.close();
      expect(readBack()).toEqual(Object.fromEntries(model));
    }),
    { numRuns: 30 },
  );
});
