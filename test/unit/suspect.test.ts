import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtDataHome, makeDataHome } from '../../src/homes.ts';

let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-suspect-'));
  data = join(folder, 'overseer');
  mkdirSync(data, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test.each([0o777, 0o775, 0o772, 0o1777])(
  'a used data folder with mode %i that others can write to is refused and left as it is',
  (mode) => {
    writeFileSync(join(data, 'state.journal'), '');
    chmodSync(data, mode);
    const cure = expect.stringContaining(`look through it, then \`chmod 700 ${data}\``);
    expect([lookAtDataHome(data), makeDataHome(data)]).toEqual([cure, cure]);
    expect(modeOf(data)).toBe(mode & 0o777);
  },
);

test.each(['state.journal', 'lock', 'id', 'socket', 'overseerd.log'])(
  'a data folder whose %s others can write to is refused with the cure',
  (entry) => {
    const path = join(data, entry);
    writeFileSync(path, '');
    chmodSync(path, 0o666);
    expect(makeDataHome(data)).toContain(`others can write to ${path} (mode 666)`);
    chmodSync(path, 0o644);
    expect(makeDataHome(data)).toBeNull();
  },
);

test('a folder of logs or exit codes that others can write to is refused', () => {
  for (const entry of ['logs', 'exits', 'run']) {
    const path = join(data, entry);
    mkdirSync(path);
    chmodSync(path, 0o777);
    expect(makeDataHome(data)).toContain(`others can write to ${path}`);
    chmodSync(path, 0o755);
    expect(makeDataHome(data)).toBeNull();
  }
});

test('an empty folder that others can write to becomes ours alone when it is first used', () => {
  chmodSync(data, 0o777);
  expect(lookAtDataHome(data)).toBeNull();
  expect(modeOf(data)).toBe(0o777);
  expect(makeDataHome(data)).toBeNull();
  expect(modeOf(data)).toBe(0o700);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot.each(['state.journal', 'logs/web.log', 'exits/web'])(
  'a %s of another owner is refused',
  async (entry) => {
    const { chownSync, lchownSync } = await import('node:fs');
    mkdirSync(join(data, 'logs'), { mode: 0o700 });
    mkdirSync(join(data, 'exits'), { mode: 0o700 });
    const path = join(data, entry);
    writeFileSync(path, '', { mode: 0o600 });
    chownSync(path, 65_534, 65_534);
    const refusal = `${path} belongs to another user (uid 65534), so it cannot be trusted; look at it, then move it away`;
    expect(makeDataHome(data)).toBe(refusal);
    rmSync(path);
    symlinkSync('/dev/null', path);
    lchownSync(path, 65_534, 65_534);
    expect(makeDataHome(data)).toBe(refusal);
  },
);

test('logs of this user are believed, and a log of another user is not', () => {
  const log = join(data, 'logs', 'web.log');
  mkdirSync(join(data, 'logs'));
  writeFileSync(join(data, 'state.journal'), '');
  writeFileSync(log, '');
  expect(lookAtDataHome(data)).toBeNull();
  if (process.getuid?.() !== 0) return;
  chownSync(log, 12_345, 12_345);
  expect(lookAtDataHome(data)).toBe(
    `${log} belongs to another user (uid 12345), so it cannot be trusted; look at it, then move it away`,
  );
  // Its daemon has looked at them when it began.
  expect(lookAtDataHome(data, true)).toBeNull();
});

test('a file in the place of the logs has no logs in it', () => {
  writeFileSync(join(data, 'state.journal'), '');
  writeFileSync(join(data, 'logs'), '');
  expect(lookAtDataHome(data)).toBeNull();
});
