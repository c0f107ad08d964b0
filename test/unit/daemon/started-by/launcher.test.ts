import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { newFolder } from '../../../support/new-folder.ts';

let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
});

/** A program that prints whether its launcher waits for it, then ends by itself. */
function asking(): ChildProcess {
  const source = new URL('../../../../src/daemon/started-by/launcher.ts', import.meta.url);
  const { code } = transformSync(readFileSync(source, 'utf8'), { loader: 'ts', format: 'esm' });
  const program = join(newFolder(), 'asking.mjs');
  writeFileSync(program, `${code}\nprocess.stdout.write(String(await launcherWaits()));\n`);
  child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  return child;
}

async function said(asked: ChildProcess): Promise<readonly unknown[]> {
  let printed = '';
  asked.stdout?.on('data', (data: Buffer) => (printed += data.toString()));
  const [code] = (await once(asked, 'close')) as [number | null];
  return [code, printed];
}

test('a launcher that holds the other end of stdin waits, and the question keeps nothing open', async () => {
  expect(await said(asking())).toEqual([0, 'true']);
});

test('a launcher that has closed its end of stdin has gone', async () => {
  const asked = asking();
  asked.stdin?.end();
  expect(await said(asked)).toEqual([0, 'false']);
});
