import { type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { linuxOs } from '../../../../src/os/linux/linux.ts';
import { runTool, type RunTool, type ToolResult } from '../../../../src/os/run-tool.ts';
import { signalProcess } from '../../../../src/os/signal.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { openBelow } from '../../../support/open-files.ts';
import { folder, start } from '../../../support/own-processes.ts';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the lock', () => {
  /** A process that takes the lock, says how that went, and stays. */
  async function contender(lock: string): Promise<{ child: ChildProcess; pid: number; said: string }> {
    const out = path.join(folder, 'contender.mjs');
    if (!fs.existsSync(out)) {
      const contents = `import { thisOs } from ${JSON.stringify(path.resolve('src/os/this-os.ts'))};
        const { ok, reason } = thisOs().lock(process.argv[2]); console.log(ok ? 'mine' : reason); setInterval(() => {}, 1000);`;
      buildSync({
        stdin: { contents, resolveDir: process.cwd(), loader: 'ts' },
        bundle: true,
        platform: 'node',
        format: 'esm',
        outfile: out,
      });
    }
    const { child, pid } = start(process.execPath, [out, lock]);
    const said = await new Promise<string>((resolve) =>
      child.stdout?.once('data', (data) => resolve(String(data).trim())),
    );
    return { child, pid, said };
  }

  test('T-229 a lock has one owner at a time, and is free when its owner was killed', async () => {
    const lock = path.join(folder, 'lock');
    const both = await Promise.all([contender(lock), contender(lock)]);
    expect(both.map(({ said }) => said).toSorted()).toEqual(['busy', 'mine']);
    const owner = both.find(({ said }) => said === 'mine');
    expect(thisOs().lock(lock)).toEqual({
      ok: false,
      reason: 'busy',
      message: `${lock} is locked by another process`,
    });
    signalProcess(owner?.pid ?? 0, 'SIGKILL');
    await new Promise((resolve) => owner?.child.once('exit', resolve));
    const mine = thisOs().lock(lock);
    expect(mine.ok).toBe(true);
    expect(fs.statSync(lock).mode & 0o777).toBe(0o600);
    expect((await contender(lock)).said).toBe('busy');
    // No child of ours holds it on.
    const { pid } = start('sleep', ['1000']);
    if (mine.ok) mine.release();
    if (mine.ok) mine.release();
    expect((await contender(lock)).said).toBe('mine');
    expect(thisOs().identify(pid)).not.toBeNull();
  });

  test('a lock that another process has leaves nothing open, however often it is asked for', () => {
    const busy: RunTool = () => ({ code: 1, stdout: '', complaint: '', missing: false });
    for (let time = 0; time < 2; time += 1)
      expect(linuxOs(busy).lock(path.join(folder, 'lock'))).toMatchObject({ ok: false, reason: 'busy' });
    expect(openBelow(folder)).toEqual([]);
  });

  test('a lock is taken on the file that is there, not on one that was replaced meanwhile', () => {
    const lock = path.join(folder, 'lock');
    let replaced = 0;
    const run: RunTool = (file, args, fd) => {
      if (replaced === 0) fs.renameSync(lock, `${lock}.old`);
      replaced += 1;
      return runTool(file, args, fd);
    };
    const taken = linuxOs(run).lock(lock);
    expect({ ok: taken.ok, replaced }).toEqual({ ok: true, replaced: 2 });
    expect(thisOs().lock(lock)).toMatchObject({ ok: false, reason: 'busy' });
    if (taken.ok) taken.release();
  });

  test('a lock that cannot be taken says why', () => {
    const failed =
      (result: Partial<ToolResult>): RunTool =>
      () => ({ code: null, stdout: '', complaint: '', missing: false, ...result });
    const lock = path.join(folder, 'lock');
    const answers = [
      failed({ missing: true, complaint: 'spawnSync flock ENOENT' }),
      failed({ code: 71, complaint: 'flock: 3: No locks available' }),
      failed({ code: 64 }),
    ].map((run) => linuxOs(run).lock(lock));
    expect(answers).toEqual([
      {
        ok: false,
        reason: 'error',
        message: `cannot lock ${lock}: the program \`flock\` is not installed (it is part of util-linux)`,
      },
      { ok: false, reason: 'error', message: `cannot lock ${lock}: flock: 3: No locks available` },
      { ok: false, reason: 'error', message: `cannot lock ${lock}: flock ended with code 64` },
    ]);
    expect(thisOs().lock(folder)).toEqual({
      ok: false,
      reason: 'error',
      message: expect.stringContaining('EISDIR'),
    });
  });
});
