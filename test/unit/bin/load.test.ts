import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface CodeCache {
  readonly codeIn: (path: string, bundle: Buffer) => Buffer | undefined;
  readonly writeCode: (path: string, bundle: Buffer, code: Buffer) => void;
}
const program = fileURLToPath(new URL('../../../bin/load.js', import.meta.url));
const { codeIn, writeCode } = createRequire(import.meta.url)(program) as CodeCache;

const code = Buffer.from('what V8 has compiled of it');
let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-cache-'));
  path = join(dir, 'cli.cjs.cache');
});
afterEach(() => rmSync(dir, { recursive: true }));

const SMALL = Buffer.from('module.exports = 1;');
const LARGE = Buffer.concat([SMALL, Buffer.alloc(300_000, '\n')]);

describe.each([
  ['a small bundle, which its cache repeats', SMALL],
  ['a large bundle, of which its cache has a checksum', LARGE],
])('%s', (_, bundle) => {
  beforeEach(() => writeCode(path, bundle, code));

  test('compiled code is read back for the bundle that it was written with', () => {
    expect(codeIn(path, bundle)).toEqual(code);
  });

  test('compiled code with one other byte, or for another bundle, is not used', () => {
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 1;
      writeFileSync(path, damaged);
      expect(codeIn(path, bundle)).toBeUndefined();
    }
    writeFileSync(path, whole);
    const other = Buffer.from(bundle);
    other[17] = '2'.charCodeAt(0);
    expect(other.toString('latin1', 0, 19)).toBe('module.exports = 2;');
    expect(codeIn(path, other)).toBeUndefined();
  });

  test('a file that is cut off, too long, empty, missing or a folder is no compiled code', () => {
    const whole = readFileSync(path);
    for (const bytes of [
      whole.subarray(0, -1),
      whole.subarray(0, 40),
      Buffer.concat([whole, code]),
      Buffer.alloc(0),
    ]) {
      writeFileSync(path, bytes);
      expect(codeIn(path, bundle)).toBeUndefined();
    }
    expect(codeIn(dir, bundle)).toBeUndefined();
    expect(codeIn('/dev/zero', bundle)).toBeUndefined();
    const fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(codeIn(fifo, bundle)).toBeUndefined();
    expect(codeIn(join(dir, 'none'), bundle)).toBeUndefined();
  });

  test('compiled code of another Node is not used', () => {
    const other = `Object.defineProperty(process, 'version', { value: 'v0.0.0' });
    const bundle = Buffer.from(process.argv[2].padEnd(${bundle.length}, '\\n'));
    require(${JSON.stringify(program)}).writeCode(process.argv[1], bundle, Buffer.from(process.argv[3]));`;
    const words = [path, bundle.toString().trimEnd(), code.toString()];
    execFileSync(process.execPath, ['-e', other, ...words]);
    expect(codeIn(path, bundle)).toBeUndefined();
    execFileSync(process.execPath, ['-e', other.replace('v0.0.0', process.version), ...words]);
    expect(codeIn(path, bundle)).toEqual(code);
  });
});
