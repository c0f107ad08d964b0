import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { signalGroup, signalProcess } from '../../../src/os/signal.ts';
import { thisOs } from '../../../src/os/this-os.ts';
import { folder, start } from '../../support/own-processes.ts';

test('T-227 a signal never reaches overseer itself, its group, the system, or everybody', () => {
  const own = thisOs()
    .processes()
    .find((info) => info.pid === process.pid);
  for (const pid of [
    process.pid,
    own?.pgid ?? 0,
    1,
    0,
    -1,
    -5,
    2 ** 31,
    1.5,
    Number.NaN,
    '7' as unknown as number,
  ]) {
    expect(() => signalProcess(pid, 'SIGCONT')).toThrow(RangeError);
    expect(() => signalGroup(pid, 'SIGCONT')).toThrow(RangeError);
  }
});

test('a signal says whether there was anyone, and one that does not exist is a bug', async () => {
  const { child, pid } = start('sleep', ['1000']);
  expect(() => signalProcess(pid, 'SIGNONE' as NodeJS.Signals)).toThrow('Unknown signal');
  const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  expect(signalProcess(pid, 'SIGTERM')).toBe('sent');
  expect(await ended).toBe('SIGTERM');
  expect([signalProcess(pid, 'SIGTERM'), signalGroup(pid, 'SIGTERM')]).toEqual(['gone', 'gone']);
});

test('T-228 a signal to another user’s process is forbidden', () => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return;
  const { pid } = start('sleep', ['1000']);
  const out = path.join(folder, 'signal.mjs');
  const contents = `import { signalGroup, signalProcess } from ${JSON.stringify(path.resolve('src/os/signal.ts'))};
      process.setuid(65534); console.log(signalGroup(${pid}, 'SIGKILL'), signalProcess(${pid}, 'SIGKILL'));`;
  buildSync({
    stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: out,
  });
  expect(spawnSync(process.execPath, [out], { encoding: 'utf8' }).stdout).toBe('forbidden forbidden\n');
});
