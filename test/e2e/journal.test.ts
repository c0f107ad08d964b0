import { spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { linuxOs } from '../../src/os/linux/linux.ts';
import type { Ran } from './support/home.ts';
import { killed, OVERSEER, awaited, ended, isAlive, kill } from './support/home.ts';
import { headerOfVersion, journalOf, plantChild } from './support/planted.ts';
import { sleeper } from './support/shell-job.ts';
import { home } from './support/fresh-home.ts';
import { left, stateOf, applySleeper, daemons } from './support/host-state.ts';

const os = linuxOs();

test.each<[string, (path: string) => void]>([
  ['missing', (path) => rmSync(path)],
  ['empty', (path) => writeFileSync(path, '')],
  ['cut in the middle of a record', (path) => writeFileSync(path, readFileSync(path).subarray(0, -20))],
  ['cut to its half', (path) => writeFileSync(path, readFileSync(path).subarray(0, statSync(path).size / 2))],
  ['with a flipped bit', (path) => writeFileSync(path, flipped(readFileSync(path)))],
  [
    'zeroed at its end',
    (path) => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, -300), Buffer.alloc(300)])),
  ],
  [
    'followed by garbage',
    (path) =>
      appendFileSync(path, Buffer.from(Array.from({ length: 999 }, (_, index) => (index * 77) % 256))),
  ],
  [
    'of garbage alone',
    (path) =>
      writeFileSync(path, Buffer.from(Array.from({ length: 9_999 }, (_, index) => (index * 77) % 256))),
  ],
  ['of other JSON', (path) => writeFileSync(path, '{"jobs":[]}\n[1,2,3]\n')],
])('T-145 %s, leads to one copy of each job', async (_, damage) => {
  home.write('jobs.toml', sleeper('a') + sleeper('b') + sleeper('c'));
  await home.apply();
  await home.killDaemon();
  damage(journalOf(home));
  const report = await home.apply();
  expect([report.code, report.changes.map(({ job, state }) => `${job} ${state}`)]).toEqual([
    0,
    ['a running', 'b running', 'c running'],
  ]);
  const { jobs } = await home.status();
  expect(left().toSorted((x, y) => x - y)).toEqual(jobs.map(({ pid }) => pid ?? 0).toSorted((x, y) => x - y));
});

test('T-146 a folder in the place of the journal is refused with the cure, and no job is touched', async () => {
  const pid = await applySleeper();
  await home.killDaemon();
  renameSync(journalOf(home), home.path('journal'));
  mkdirSync(journalOf(home));
  const refused = await home.overseer();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('is not a regular file: move it away');
  expect([stateOf(pid), daemons()]).toEqual(['S', []]);
  rmSync(journalOf(home), { recursive: true });
  renameSync(home.path('journal'), journalOf(home));
  expect((await home.apply()).changes).toMatchObject([{ action: 'none', pid }]);
});

test('T-147 a journal of a newer overseer is refused by both versions and left, and no job is touched', async () => {
  const pid = await applySleeper();
  await home.killDaemon();
  const newer = headerOfVersion(7) + readFileSync(journalOf(home), 'utf8').split('\n').slice(1).join('\n');
  writeFileSync(journalOf(home), newer);
  const refused = await home.overseer();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/version 7, this one reads version 3/);
  expect([readFileSync(journalOf(home), 'utf8') === newer, stateOf(pid), daemons()]).toEqual([true, 'S', []]);
});

test('T-148 an older backup of the journal leads to no second copy of a job', async () => {
  home.write('jobs.toml', sleeper('a') + sleeper('b'));
  await home.apply();
  await home.overseer('stop', 'b');
  copyFileSync(journalOf(home), home.path('backup'));
  home.write('jobs.toml', sleeper('a') + sleeper('b') + sleeper('c'));
  await home.overseer('restart', 'a');
  await home.overseer('start', 'b');
  await home.apply();
  await home.killDaemon();
  copyFileSync(home.path('backup'), journalOf(home));
  await home.apply();
  await home.overseer('start', '--all');
  const { jobs } = await home.status();
  expect(jobs.map(({ name, state }) => `${name} ${state}`)).toEqual(['a running', 'b running', 'c running']);
  expect(left().toSorted((x, y) => x - y)).toEqual(jobs.map(({ pid }) => pid ?? 0).toSorted((x, y) => x - y));
});

test('T-149 a copy of the whole data folder does not adopt the jobs of the first, nor stop them', async () => {
  const pid = await applySleeper();
  cpSync(join(home.dir, 'data'), home.path('copy'), { recursive: true });
  rmSync(join(home.path('copy'), 'overseer', 'socket'));
  const run = (...args: readonly string[]): Promise<Ran> =>
    ended(home.spawn(OVERSEER, args, { ...home.env, XDG_DATA_HOME: home.path('copy') }));
  const { changes } = JSON.parse((await run('apply', '--json')).stdout) as {
    changes: readonly { pid: number }[];
  };
  expect(changes[0]?.pid).not.toBe(pid);
  expect((await run('die')).code).toBe(0);
  expect(await home.job('job')).toMatchObject({ state: 'running', pid, restarts: 0 });
});

test('T-150 a job that the config no longer names is adopted, and the trigger stops it', async () => {
  home.write('jobs.toml', sleeper('old') + sleeper('job'));
  await home.apply();
  const { pid } = await home.job('old');
  await home.killDaemon();
  home.write('jobs.toml', sleeper('job'));
  expect((await home.overseer('start', 'job')).code).toBe(0);
  expect(await home.job('old')).toMatchObject({ state: 'running', pid });
  expect((await home.apply()).changes).toMatchObject([
    { job: 'job', action: 'none' },
    { job: 'old', action: 'remove' },
  ]);
  expect(isAlive(pid ?? 0)).toBe(false);
});

describe('a record that names a process of somebody else', () => {
  /** Processes that no job has: a leader with children in its own group and in others of its session. */
  class Bystanders {
    readonly #child = spawn('/bin/bash', ['-c', 'sleep 1000 & set -m; sleep 1000 & sleep 1000 & wait'], {
      env: {},
      detached: true,
      stdio: 'ignore',
    });
    readonly pid = this.#child.pid ?? 0;

    get all(): readonly number[] {
      return os
        .processes()
        .flatMap(({ pid, sid, state }) => (sid === this.pid && state !== 'Z' ? [pid] : []));
    }

    /** Resolves when all four exist. */
    async begun(): Promise<readonly number[]> {
      return awaited(async () => (this.all.length === 4 ? this.all : null), 'the bystanders');
    }

    end(): void {
      for (const pid of this.all) kill(pid, 'SIGKILL');
    }
  }

  test.each<
    [
      string,
      {
        readonly start: 'another' | 'the same';
        readonly boot: 'another' | 'the same';
        readonly leader: boolean;
      },
    ]
  >([
    ['of an earlier boot', { start: 'another', boot: 'another', leader: true }],
    ['of an earlier boot, with the same start', { start: 'the same', boot: 'another', leader: true }],
    ['that began later', { start: 'another', boot: 'the same', leader: true }],
    ['whose leader has ended', { start: 'another', boot: 'the same', leader: false }],
    ['of an earlier boot, whose leader has ended', { start: 'another', boot: 'another', leader: false }],
  ])('T-151 %s: nobody is signalled, and the job starts anew', async (_, { start, boot, leader }) => {
    const pid = await applySleeper();
    await home.killDaemon();
    await killed(pid);
    const others = new Bystanders();
    try {
      const before = await others.begun();
      const identity = os.identify(others.pid);
      if (!leader) kill(others.pid, 'SIGKILL');
      const expected = leader ? before : before.filter((one) => one !== others.pid);
      await awaited(async () => others.all.length === expected.length || null, 'the end of the leader');
      plantChild(home, 'job', {
        pid: others.pid,
        start: start === 'the same' ? identity?.start : '1',
        boot: boot === 'the same' ? os.bootId() : 'an-earlier-boot',
      });
      expect((await home.apply()).changes).toMatchObject([{ action: 'start', state: 'running' }]);
      await home.overseer('restart', 'job');
      await home.overseer('die');
      expect(others.all).toEqual(expected);
    } finally {
      others.end();
    }
  });

  test.each<[string, unknown, string | undefined]>([
    ['0', 0, undefined],
    ['1, the system itself', 1, os.identify(1)?.start],
    ['-1, everybody', -1, undefined],
    ['2^31', 2 ** 31, undefined],
    ['a fraction', 4.5, undefined],
    ['a word', 'all', undefined],
    ['null', null, undefined],
  ])('T-152 a record of pid %s is rejected, and the job starts anew', async (_, pid, start) => {
    const before = await applySleeper();
    await home.killDaemon();
    await killed(before);
    plantChild(home, 'job', { pid, ...(start !== undefined && { start }) });
    expect((await home.apply()).changes).toMatchObject([{ job: 'job', action: 'start', state: 'running' }]);
    await home.overseer('restart', 'job');
    expect((await home.overseer('stop', 'job')).code).toBe(0);
    expect((await home.overseer('die')).code).toBe(0);
    await awaited(async () => home.processes().length === 0 || null, 'the end of all');
  });
});

/** One bit of each fifth record, the first line excepted. */
function flipped(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const damaged = lines.map((line, index) => (index % 5 === 4 ? line.replace('"k"', '"K"') : line));
  return Buffer.from(damaged.join('\n'), 'latin1');
}
