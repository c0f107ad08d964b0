import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtDataHome, makeDataHome } from '../../src/homes.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'overseer-homes-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test.each(['755', '750', '711', '770', '707'])('asking leaves a data folder of mode %s as it is', (mode) => {
  chmodSync(home, Number.parseInt(mode, 8));
  expect(lookAtDataHome(home)).toBeNull();
  expect(modeOf(home)).toBe(mode);
});

test('asking about a data folder that is not there does not make it', () => {
  expect(lookAtDataHome(join(home, 'data'))).toBeNull();
  expect(statSync(join(home, 'data'), { throwIfNoEntry: false })).toBeUndefined();
});

test('a data folder that is made or used is closed to others', () => {
  const open = join(home, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  expect([makeDataHome(open), makeDataHome(join(home, 'new/data'))]).toEqual([null, null]);
  expect([modeOf(open), modeOf(join(home, 'new/data'))]).toEqual(['700', '700']);
});
