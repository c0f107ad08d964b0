import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { linuxOs } from '../../../../src/os/linux/linux.ts';
import { groupIsKnown } from '../../../../src/os/is-alive.ts';
import { parseProcStat } from '../../../../src/os/linux/proc-stat.ts';
import { signalGroup } from '../../../../src/os/signal.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { folder, start, end, carrying } from '../../../support/own-processes.ts';
import { openBelow } from '../../../support/open-files.ts';
import { until } from '../../../support/until.ts';

const childrenOf = (pid: number) =>
  thisOs()
    .processes()
    .filter((info) => info.ppid === pid);

const onLinux = process.platform === 'linux' ? describe : describe.skip;

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

  test('a look at processes leaves none of their files open, also where they have gone', async () => {
    const { child, pid } = start('/bin/sh', ['-c', 'exec sleep 1000']);
    const os = linuxOs();
    const look = (): void => {
      os.identify(pid);
      os.identify(process.pid);
      os.processesWithEnv('PATH', [pid, process.pid]);
      os.group(pid);
    };
    look();
    const open = openBelow('/proc').length;
    for (let at = 0; at < 5; at += 1) look();
    await end(child);
    look();
    expect(openBelow('/proc').length).toBe(open);
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
    const [carrier] = thisOs().processesWithEnv('OVERSEER_TEST', [first]);
    expect([
      carrier?.values,
      carrier?.has('PATH'),
      carrier?.has('PAT'),
      carrier?.has('TEST', folder),
    ]).toEqual([[folder], true, false, false]);
  });

  test('an environment of any length is read whole, and nothing of the one before it', async () => {
    const long = { A: 'x'.repeat(60_000), B: 'y'.repeat(50_000), OVERSEER_TEST: folder, Z: 'last' };
    const { pid } = start('sleep', ['1000'], { PATH: process.env['PATH'], ...long });
    const { pid: short } = start('sleep', ['1000'], { PATH: process.env['PATH'], OVERSEER_TEST: folder });
    await until(() => carrying(thisOs(), 'OVERSEER_TEST', folder).length === 2);
    const [of, next] = thisOs().processesWithEnv('OVERSEER_TEST', [pid, short]);
    expect(Object.entries(long).map(([name, value]) => of?.has(name, value))).toEqual(Array(4).fill(true));
    expect(Object.keys(long).map((name) => next?.has(name))).toEqual([false, false, true, false]);
  });

  test('the boot has a name, the same for all who ask', () => {
    expect(linuxOs().bootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(linuxOs().bootId()).toBe(linuxOs().bootId());
  });

  test('a number that cannot be a pid belongs to no process', () => {
    for (const pid of [0, -1, 2 ** 31, 1.5, Number.NaN]) expect(thisOs().identify(pid)).toBeNull();
  });
});
