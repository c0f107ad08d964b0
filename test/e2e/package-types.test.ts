import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './support/home.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-package-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Packs the package, and returns the path of the archive. */
function packed(): string {
  const words = ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', dir];
  const text = execFileSync('npm', words, { cwd: root, encoding: 'utf8' });
  const [{ filename }] = JSON.parse(text) as readonly [{ readonly filename: string }];
  return join(dir, filename);
}

/**
 * Runs a program of a package that this one is developed with; throws with what it said where it finds a
 * fault.
 */
function checked(program: string, ...words: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [join(root, 'node_modules', program), ...words], {
      encoding: 'utf8',
    });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    throw new Error(`${stdout}${stderr}`, { cause: error });
  }
}

test('the types of the library resolve for modules, CommonJS and bundlers', () => {
  const said = checked('@arethetypeswrong/cli/dist/index.js', packed(), '--format', 'ascii', '--no-color');
  expect(said).toContain('No problems found');
});

test('publint finds nothing to complain of in the package', () => {
  expect(checked('publint/src/cli.js', root, '--strict', '--pack', 'false')).toContain('All good');
});
