import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PipeStock, type Refill } from '../../../../src/job/logs/pipe-stock.ts';
import { withDescriptorsLeft } from '../../../support/few-descriptors.ts';

let folder: string;
const open: number[] = [];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-pipes-'));
});

afterEach(() => {
  for (const fd of open.splice(0)) fs.closeSync(fd);
  fs.rmSync(folder, { recursive: true, force: true });
});

const refilled = (stock: PipeStock): Promise<Refill> => new Promise((resolve) => stock.refill(resolve));
const takeAll = (stock: PipeStock): number => {
  const before = open.length;
  for (let pipe = stock.take(); pipe !== null; pipe = stock.take()) open.push(pipe);
  return open.length - before;
};

test('each pipe is one of its own, has no name, and is never without a reader', async () => {
  const stock = new PipeStock(path.join(folder, 'pipes'));
  expect([stock.isEmpty, stock.take()]).toEqual([true, null]);
  expect(await refilled(stock)).toEqual({ ok: true });
  takeAll(stock);
  expect(new Set(open.map((fd) => fs.fstatSync(fd).ino)).size).toBe(open.length);
  expect(fs.readdirSync(folder)).toEqual([]);
  const [one = -1] = open;
  fs.writeSync(one, 'text');
  expect(fs.readSync(one, Buffer.alloc(9))).toBe(4);
});

test('as many pipes are made as are waited for', async () => {
  const stock = new PipeStock(path.join(folder, 'pipes'));
  const refills = await Promise.all(Array.from({ length: 30 }, () => refilled(stock)));
  expect(refills).toEqual(refills.map(() => ({ ok: true })));
  expect(takeAll(stock)).toBe(30);
});

test('T-1603 when few pipes are left more are made, before anybody waits for them', async () => {
  const stock = new PipeStock(path.join(folder, 'pipes'));
  await refilled(stock);
  const take = (count: number): number =>
    Array.from({ length: count }, () => stock.take()).flatMap((pipe) =>
      pipe === null ? [] : open.push(pipe),
    ).length;
  expect([take(5), stock.isEmpty]).toEqual([5, false]);
  // The first eight had three left.
  for (let taken = 5; taken < 12;) {
    taken += take(1);
    if (stock.isEmpty) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(open.length).toBe(12);
  takeAll(stock);
});

test('a folder that cannot be created is reported to all who wait, and may be repaired', async () => {
  fs.writeFileSync(path.join(folder, 'file'), '');
  const stock = new PipeStock(path.join(folder, 'file', 'pipes'));
  expect(await Promise.all([refilled(stock), refilled(stock)])).toEqual([
    { ok: false, lasts: false, why: expect.stringContaining('ENOTDIR') },
    { ok: false, lasts: false, why: expect.stringContaining('ENOTDIR') },
  ]);
  fs.rmSync(path.join(folder, 'file'));
  expect(await refilled(stock)).toEqual({ ok: true });
  takeAll(stock);
});

test('where no descriptor is left all who wait hear of it, and later there are pipes again', async () => {
  const stock = new PipeStock(path.join(folder, 'pipes'));
  const refused = await withDescriptorsLeft(2, () => Promise.all([refilled(stock), refilled(stock)]));
  expect(refused).toEqual(Array(2).fill({ ok: false, lasts: false, why: expect.stringContaining('EMFILE') }));
  expect(await refilled(stock)).toEqual({ ok: true });
  takeAll(stock);
});
