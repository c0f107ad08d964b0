import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { darwinOs } from '../../../../src/os/darwin/darwin.ts';
import { lockWithOpen, type OpenLocked } from '../../../../src/os/lock/lock-darwin.ts';
import { openLockFile } from '../../../../src/os/lock/lock-file.ts';
import type { Os } from '../../../../src/os/os.ts';
import { parseCarriers, parsePs } from '../../../../src/os/darwin/parse-ps.ts';
import { runTool, type RunTool, type ToolResult } from '../../../../src/os/run-tool.ts';
import { folder, start, end, carrying } from '../../../support/own-processes.ts';

const recorded = (name: string) => fs.readFileSync(path.resolve('test/fixtures/darwin', name), 'utf8');

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

  test('a process’s start has its single-digit day as it is, and its state the first letter', () => {
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

  test.each([
    { code: 1, complaint: 'ps: kinfo_proc: Resource temporarily unavailable' },
    { code: 2, complaint: '' },
    { code: 0, complaint: '' },
  ])('ps that ends with $code and says "$complaint" has not said that nobody is there', (answer) => {
    const { system } = darwin({ [one(7001)]: answer });
    expect(() => system.identify(7001)).toThrow(expect.objectContaining({ name: 'CannotAsk' }));
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

  test('incomplete or odd lines of ps are skipped', () => {
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
