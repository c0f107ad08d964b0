import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { darwinOs } from '../../src/os/darwin/darwin.ts';
import { lockWithOpen, type OpenLocked } from '../../src/os/lock/lock-darwin.ts';
import { openLockFile } from '../../src/os/lock/lock-file.ts';
import { linuxOs } from '../../src/os/linux/linux.ts';
import { groupIsKnown } from '../../src/os/is-alive.ts';
import type { Os } from '../../src/os/os.ts';
import { parseCarriers, parsePs } from '../../src/os/darwin/parse-ps.ts';
import { parseProcStat, stateOfThreads } from '../../src/os/linux/proc-stat.ts';
import { runTool, type RunTool, type ToolResult } from '../../src/os/run-tool.ts';
import { signalGroup, signalProcess } from '../../src/os/signal.ts';
import { thisOs } from '../../src/os/this-os.ts';

const started: ChildProcess[] = [];
let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-os-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) await end(child);
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Starts a program as the leader of its own group. */
function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): { child: ChildProcess; pid: number } {
  const child = spawn(command, args, { detached: true, env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  if (child.pid === undefined) throw new Error(`cannot start ${command}`);
  return { child, pid: child.pid };
}

/** The whole group, for a child may have children. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child.pid, 'SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await ended;
}

async function until(holds: () => boolean): Promise<void> {
  const limit = performance.now() + 15_000;
  while (!holds()) {
    if (performance.now() > limit) throw new Error(`waited in vain for ${String(holds)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** The pids of those that carry a variable of exactly this value. */
const carrying = (os: Os, name: string, value: string): number[] =>
  os
    .processesWithEnv(name)
    .filter((carrier) => carrier.has(name, value))
    .map(({ pid }) => pid);

const recorded = (name: string) => fs.readFileSync(path.resolve('test/fixtures/darwin', name), 'utf8');
const childrenOf = (pid: number) =>
  thisOs()
    .processes()
    .filter((info) => info.ppid === pid);
const onLinux = process.platform === 'linux' ? describe : describe.skip;

describe('reading /proc/PID/stat', () => {
  const line = (name: string, state = 'S') =>
    `4529 (${name}) ${state} 4528 4527 1871 0 -1 4194304 2889 6546 16 4 4 2 4 1 20 0 2 0 146775 92663808 3442 0\n`;

  test('a name may hold blanks, brackets and line ends', () => {
    const wanted = { pid: 4529, start: '146775', ppid: 4528, pgid: 4527, sid: 1871, state: 'S', threads: 2 };
    for (const name of ['sh', 'a) R 1 1 1', '(((', ')', 'x\ny', ''])
      expect(parseProcStat(line(name))).toEqual(wanted);
  });

  test('what is no such line is none', () => {
    for (const text of ['', '4529', '4529 (sh', 'x (sh) S 1', ')(', line('sh').slice(0, 60)])
      expect(parseProcStat(text)).toBeNull();
  });

  test('a process is stopped only when all its threads are, and a zombie only when none lives', () => {
    expect(stateOfThreads(['T', 'T'])).toBe('T');
    expect(stateOfThreads(['T', 'R', 'T'])).toBe('R');
    expect(stateOfThreads(['Z', 'S'])).toBe('S');
    expect(stateOfThreads(['Z', 'T'])).toBe('T');
    expect(stateOfThreads(['Z'])).toBe('Z');
    expect(stateOfThreads([])).toBe('Z');
  });
});

onLinux('the processes of this system', () => {
  test('a process is the same from its first moment on, across exec, and not after its end', async () => {
    const { child, pid } = start('/bin/sh', ['-c', 'exec sleep 1000']);
    const first = thisOs().identify(pid);
    expect(first).toMatchObject({ pid, pgid: pid, start: expect.stringMatching(/^\d+$/) });
    await until(() => fs.readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    expect(thisOs().identify(pid)?.start).toBe(first?.start);
    expect(
      thisOs()
        .processes()
        .find((info) => info.pid === pid),
    ).toMatchObject({ pid, start: first?.start, ppid: process.pid, pgid: pid, sid: pid });
    await end(child);
    expect(thisOs().identify(pid)).toBeNull();
    expect(thisOs().groupAlive(pid)).toBe(false);
  });

  test('T-226 a zombie is dead, alone and as the last of its group, although kill finds it', async () => {
    // The parent becomes a program that never asks for its child.
    const { pid } = start('/bin/sh', ['-c', 'setsid true & exec sleep 1000']);
    await until(() => childrenOf(pid)[0]?.state === 'Z');
    const zombie = childrenOf(pid)[0];
    if (zombie === undefined) throw new Error('the zombie has gone');
    expect(zombie.pgid).toBe(zombie.pid);
    expect(process.kill(zombie.pid, 0)).toBe(true);
    expect(groupIsKnown(zombie.pgid)).toBe(true);
    expect(thisOs().identify(zombie.pid)).toBeNull();
    expect(thisOs().groupAlive(zombie.pgid)).toBe(false);
    expect(thisOs().groupAlive(pid)).toBe(true);
  });

  test('a group lives as long as one member does, its leader or not', async () => {
    const { child, pid } = start('/bin/sh', ['-c', 'sleep 1000 & exit 0']);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(thisOs().identify(pid)).toBeNull();
    expect(thisOs().groupAlive(pid)).toBe(true);
    expect(signalGroup(pid, 'SIGKILL')).toBe('sent');
    await until(() => !thisOs().groupAlive(pid));
    expect(() => thisOs().groupAlive(1)).toThrow(RangeError);
  });

  test('a process whose first thread has ended lives on', async () => {
    if (spawnSync('python3', ['-c', 'import ctypes']).status !== 0) return;
    const program =
      'import ctypes, threading, time; threading.Thread(target=time.sleep, args=(1000,)).start(); ctypes.CDLL(None).pthread_exit(None)';
    const { pid } = start('python3', ['-c', program]);
    // pyenv's shim is a shell first.
    await until(() => parseProcStat(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'))?.state === 'Z');
    expect(thisOs().identify(pid)).toMatchObject({ pid, start: expect.any(String) });
    expect(thisOs().groupAlive(pid)).toBe(true);
  });

  test('a variable marks a process only with its whole name and value', async () => {
    const marker = (env: NodeJS.ProcessEnv) => start('sleep', ['1000'], env).pid;
    const first = marker({ OVERSEER_TEST: folder, PATH: process.env['PATH'] });
    const last = marker({ PATH: process.env['PATH'], OVERSEER_TEST: folder });
    marker({ PATH: process.env['PATH'], OVERSEER_TEST: `${folder}x`, X: `OVERSEER_TEST=${folder}` });
    marker({ PATH: process.env['PATH'], XOVERSEER_TEST: folder });
    const found = () => new Set(carrying(thisOs(), 'OVERSEER_TEST', folder));
    await until(() => found().size === 2);
    expect(found()).toEqual(new Set([first, last]));
    expect(carrying(thisOs(), 'OVERSEER_TEST', 'no such value')).toEqual([]);
  });

  test('the boot has a name, the same for all who ask', () => {
    expect(linuxOs().bootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(linuxOs().bootId()).toBe(linuxOs().bootId());
  });

  test('a pid that can be none is nobody’s', () => {
    for (const pid of [0, -1, 2 ** 31, 1.5, Number.NaN]) expect(thisOs().identify(pid)).toBeNull();
  });
});

describe('signalling', () => {
  test('T-227 never reaches overseer itself, its group, the system, or everybody', () => {
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

  test('says whether there was anyone, and a signal that does not exist is a mistake of ours', async () => {
    const { child, pid } = start('sleep', ['1000']);
    expect(() => signalProcess(pid, 'SIGNONE' as NodeJS.Signals)).toThrow('Unknown signal');
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    expect(signalProcess(pid, 'SIGTERM')).toBe('sent');
    expect(await ended).toBe('SIGTERM');
    expect([signalProcess(pid, 'SIGTERM'), signalGroup(pid, 'SIGTERM')]).toEqual(['gone', 'gone']);
  });

  test('T-228 of another user’s process is forbidden', () => {
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
});

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

  test('T-229 has one owner at a time, and is free when its owner was killed', async () => {
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

  test('is taken on the file that is there, not on one that was replaced meanwhile', () => {
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

  test('that cannot be taken says why', () => {
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

describe('macOS, by what its tools print', () => {
  /** Answers as recorded, and notes what was asked. */
  function darwin(answers: Record<string, Partial<ToolResult>>): { system: Os; asked: string[] } {
    const asked: string[] = [];
    const run: RunTool = (file, args) => {
      const question = [file, ...args].join(' ');
      asked.push(question);
      return { code: 0, stdout: '', complaint: '', missing: false, ...answers[question] };
    };
    return {
      system: darwinOs({
        run,
        lock: (file) => lockWithOpen(file),
        groupIsKnown: (pgid) => pgid !== 5,
        pidIsKnown: (pid) => pid !== 9,
      }),
      asked,
    };
  }
  const all = '/bin/ps -A -E -ww -o pid=,ppid=,pgid=,stat=,lstart=,command=';
  const one = (pid: number) => `/bin/ps -x -o pid=,ppid=,pgid=,stat=,lstart= -p ${pid}`;
  const group = (pgid: number) => `/bin/ps -o pid=,ppid=,pgid=,stat=,lstart= -g ${pgid}`;

  test('each process has its start with the single-digit day as it is, and the first letter of its state', () => {
    const { system } = darwin({ [all]: { stdout: recorded('ps-all.txt') } });
    const found = system.processes();
    expect(found.length).toBe(14);
    expect(found[0]).toEqual({
      pid: 1,
      start: 'Mon Nov  3 09:05:01 2026',
      ppid: 0,
      pgid: 1,
      sid: null,
      state: 'S',
    });
    expect(found.at(-1)).toEqual({
      pid: 99999,
      start: 'Thu Dec 31 23:59:59 2026',
      ppid: 1205,
      pgid: 1205,
      sid: null,
      state: '?',
    });
    expect(found.map((info) => info.state).join('')).toBe('SSSSSSSZTTZUR?');
  });

  test('a group of a zombie alone is dead, of a stopped or unkillable process alive', () => {
    const lines = recorded('ps-all.txt').split('\n');
    const groups = [7001, 7100, 7200, 7300, 1205];
    const { system, asked } = darwin(
      Object.fromEntries(
        groups.map((pgid) => [
          group(pgid),
          { stdout: lines.filter((line) => Number(line.trim().split(/ +/)[2]) === pgid).join('\n') },
        ]),
      ),
    );
    expect(groups.map((pgid) => system.groupAlive(pgid))).toEqual([true, true, false, true, true]);
    // One whom kill(2) does not find is not looked for.
    expect([system.groupAlive(5), asked]).toEqual([false, groups.map(group)]);
  });

  test('one process is asked for by itself; none and a zombie are nobody', () => {
    const { system, asked } = darwin({
      [one(7001)]: { stdout: recorded('ps-one.txt') },
      [one(7200)]: { stdout: recorded('ps-zombie.txt') },
      [one(8)]: { code: 1 },
    });
    expect(system.identify(7001)).toMatchObject({ pid: 7001, start: 'Mon Nov 23 10:15:30 2026' });
    // 9 is not known to kill(2), and above 99,999 there is none.
    expect([7200, 8, 0, -1, 9, 100_000].map((pid) => system.identify(pid))).toEqual(Array(6).fill(null));
    expect(asked).toEqual([one(7001), one(7200), one(8)]);
  });

  test('a tool that cannot be run is no answer: nobody is called dead for it', () => {
    const broken = { code: null, complaint: 'spawnSync /bin/ps EAGAIN' };
    const { system } = darwin({ [all]: broken, [one(7001)]: broken, [group(7001)]: broken });
    for (const ask of [
      () => system.identify(7001),
      () => system.processes(),
      () => system.groupAlive(7001),
    ]) {
      expect(ask).toThrow(
        expect.objectContaining({ name: 'CannotAsk', message: expect.stringContaining('EAGAIN') }),
      );
    }
  });

  test('the boot is the kernel’s name for it, asked for once', () => {
    const { system, asked } = darwin({
      '/usr/sbin/sysctl -n kern.bootsessionuuid': { stdout: recorded('sysctl-bootsessionuuid.txt') },
    });
    expect([system.bootId(), system.bootId()]).toEqual(Array(2).fill('6C1A9E2B-5A6F-4F0B-9D7C-0E3B5B1F2A44'));
    expect(asked.length).toBe(1);
  });

  test('a variable marks those that show it, whole, at any place', () => {
    const { system } = darwin({
      '/bin/ps -A -E -ww -o pid=,command=': { stdout: recorded('ps-environment.txt') },
    });
    expect(carrying(system, 'OVERSEER_HOME', '/Users/ada/.overseer')).toEqual([7001, 7002]);
    expect(carrying(system, 'OVERSEER_HOME', '/Users/ada')).toEqual([]);
    expect(carrying(darwin({}).system, 'OVERSEER_HOME', '/Users/ada')).toEqual([]);
  });

  test('the lock is asked for with the opening itself, without waiting', () => {
    const lock = path.join(folder, 'lock');
    const flags: number[] = [];
    const open: OpenLocked = (file, asked) => {
      flags.push(asked);
      return openLockFile(file, asked);
    };
    const taken = lockWithOpen(lock, open);
    expect({
      ok: taken.ok,
      exlock: (flags[0] ?? 0) & 0x20,
      nonblock: ((flags[0] ?? 0) & fs.constants.O_NONBLOCK) !== 0,
    }).toEqual({
      ok: true,
      exlock: 0x20,
      nonblock: true,
    });
    if (taken.ok) taken.release();
    const refusing =
      (code: string): OpenLocked =>
      () => ({ code, error: `cannot lock ${lock}: ${code}` });
    expect(lockWithOpen(lock, refusing('EAGAIN'))).toEqual({
      ok: false,
      reason: 'busy',
      message: `${lock} is locked by another process`,
    });
    expect(lockWithOpen(lock, refusing('EOPNOTSUPP'))).toEqual({
      ok: false,
      reason: 'error',
      message: `cannot lock ${lock}: EOPNOTSUPP`,
    });
  });

  test('lines that are cut or strange are left out', () => {
    expect(parsePs('\n 12\n 12 1 12 S\nps: warning\n  12 1 12 S Mon Nov  3 09:05:01 2026')).toEqual([
      { pid: 12, start: 'Mon Nov  3 09:05:01 2026', ppid: 1, pgid: 12, sid: null, state: 'S' },
    ]);
    expect(parseCarriers('\n 12\nps: warning A=b\n', 'A')).toEqual([]);
  });

  test('the real ps of this system answers the same questions in the same form', async () => {
    if (spawnSync('ps', ['--version']).error !== undefined) return;
    // This one shows environments in another way.
    const words = (args: readonly string[]): string[] =>
      args.flatMap((word) => (word === '-E' || word === '-ww' ? [] : [word.replace(',command=', '')]));
    const run: RunTool = (file, args, fd) => runTool(path.basename(file), words(args), fd);
    const system = darwinOs({ run });
    const { child, pid } = start('sleep', ['1000']);
    const identity = system.identify(pid);
    expect(identity).toMatchObject({
      pid,
      start: expect.stringMatching(/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/),
    });
    expect(system.processes().find((info) => info.pid === pid)).toMatchObject({
      start: identity?.start,
      ppid: process.pid,
      pgid: pid,
      sid: null,
    });
    expect(system.groupAlive(pid)).toBe(true);
    await end(child);
    expect([system.identify(pid), system.groupAlive(pid)]).toEqual([null, false]);
  });
});
