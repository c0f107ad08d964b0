import { constants, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Births, TooSlow, now } from '../../../../scripts/bench/births.mjs';

const PATIENCE_MS = 20_000;

describe('births of jobs', () => {
  let dir: string;
  let births: Births;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'overseer-births-'));
    births = new Births(join(dir, 'fifo'));
  });

  afterEach(() => {
    births.close();
    rmSync(dir, { recursive: true });
  });

  /** Begins as a job does; returns what ends it. */
  const begin = (line: string): (() => void) => {
    const fd = openSync(join(dir, 'fifo'), constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(fd, line);
    return () => closeSync(fd);
  };

  test('all jobs have begun when the last one has, whatever the order of their lines', async () => {
    const ends = [begin('b 2 9000000\na 1 '), begin('5000000\n')];
    expect(await births.all(2, PATIENCE_MS)).toBe(9);
    expect(await births.of('a', PATIENCE_MS)).toBe(5);
    for (const end of ends) end();
  });

  test('a job that begins again counts when what was before is forgotten', async () => {
    const end = begin('a 1 5000000\n');
    await births.all(1, PATIENCE_MS);
    births.forget();
    const again = begin('a 2 7000000\n');
    expect(await births.of('a', PATIENCE_MS)).toBe(7);
    for (const each of [end, again]) each();
  });

  test('none is left when the last job has ended, also after others have begun and ended', async () => {
    for (const line of ['a 1 1\n', 'b 2 2\n']) {
      const since = now();
      const end = begin(line);
      await births.of(line.charAt(0), PATIENCE_MS);
      end();
      expect(await births.noneLeft(since, PATIENCE_MS)).toBeGreaterThan(since);
    }
  });

  test('what takes too long is told with how far it came', async () => {
    const end = begin('a 1 1\n');
    await births.of('a', PATIENCE_MS);
    await expect(births.all(2, 10)).rejects.toThrow(new TooSlow('not done after 0.01 s: 1 of 2 jobs'));
    end();
  });
});
