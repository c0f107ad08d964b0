import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ProcessInfo } from '../../../src/os/os.ts';
import { continuing, pauseGroup } from '../../../src/os/pause-group.ts';
import { signalGroup, signalProcess } from '../../../src/os/signal.ts';
import { thisOs } from '../../../src/os/this-os.ts';
import { withDescriptorsLeft } from '../../support/few-descriptors.ts';
import { asSh, SHELLS } from '../../support/shells.ts';
import { until } from '../../support/until.ts';

/**
 * Counts the signals that tell of a pause; its group is its own. It starts no program: a shell that waits for
 * a child between vfork and exec does not stop.
 */
const COUNTS = `trap 'echo continued' CONT; echo begun; while :; do read -r line; done`;

let folder: string;
let group: ChildProcess;
let said = '';
let pgid: number;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-pause-'));
  group = spawn('/bin/sh', ['-c', COUNTS], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  said = '';
  group.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  pgid = group.pid ?? 0;
  await until(() => said.includes('begun'));
});

afterEach(async () => {
  const ended = new Promise((resolve) => group.once('close', resolve));
  signalGroup(pgid, 'SIGKILL');
  await ended;
  fs.rmSync(folder, { recursive: true });
});

const stateOf = (): string | undefined =>
  thisOs()
    .processes()
    .find(({ pid }) => pid === pgid)?.state;
const children = (): readonly ProcessInfo[] =>
  thisOs()
    .processes()
    .filter(({ ppid }) => ppid === process.pid);
const pidsOfChildren = (): readonly number[] => children().map(({ pid }) => pid);
const known = (): { pid: number; start: string }[] =>
  thisOs()
    .processes()
    .filter((info) => info.pgid === pgid);

test('the helper is told of the leader first, and of a hundred members at most', () => {
  const others = Array.from({ length: 120 }, (_, index) => ({ pid: 1_000 + index, start: `s${index}` }));
  const args = continuing(1_050, others, 'linux');
  expect(args.slice(0, 6)).toEqual(['-c', expect.any(String), 'overseer-pause', '1050', '1050', 's50']);
  expect(args.slice(6, 10)).toEqual(['1000', 's0', '1001', 's1']);
  expect(args.length).toBe(4 + 2 * 100);
  expect([args[1], continuing(7, [], 'darwin')[1]]).toEqual([
    expect.stringContaining('/proc/'),
    expect.stringContaining('lstart'),
  ]);
});

test('a group stands still until it is resumed', async () => {
  const before = pidsOfChildren();
  const pause = await pauseGroup({ pgid, os: thisOs() });
  expect([pause.kind, stateOf()]).toEqual(['paused', 'T']);
  // Its helper is in a group of its own, which no signal to ours reaches.
  const helpers = children().filter(({ pid }) => !before.includes(pid));
  expect(helpers.map((each) => each.pgid === each.pid)).toEqual([true]);
  if (pause.kind === 'paused') await pause.resume();
  expect(pidsOfChildren()).toEqual(before);
  await until(() => said.includes('continued'));
  expect(stateOf()).not.toBe('T');
});

test('a group that is no longer ours when its helper is ready gets no signal at all', async () => {
  const children = pidsOfChildren();
  expect(await pauseGroup({ pgid, os: thisOs(), isOurs: () => false })).toEqual({ kind: 'gone' });
  expect([stateOf() === 'T', pidsOfChildren()]).toEqual([false, children]);
  signalGroup(pgid, 'SIGCONT');
  await until(() => said.includes('continued'));
  expect(said).toBe('begun\ncontinued\n');
});

test('a group that has taken the number of a paused one is not continued', async () => {
  let isOurs = true;
  const pause = await pauseGroup({ pgid, os: thisOs(), isOurs: () => isOurs });
  isOurs = false;
  if (pause.kind === 'paused') await pause.resume();
  expect([pause.kind, stateOf()]).toEqual(['paused', 'T']);
});

test('a group is continued by its resumption although the helper was killed meanwhile', async () => {
  const helpers = (): readonly number[] =>
    thisOs()
      .processes()
      .filter(({ ppid, pid, state }) => ppid === process.pid && pid !== pgid && state !== 'Z')
      .map(({ pid }) => pid);
  const before = helpers();
  const pause = await pauseGroup({ pgid, os: thisOs() });
  for (const pid of helpers().filter((each) => !before.includes(each))) signalProcess(pid, 'SIGKILL');
  await until(() => helpers().length === before.length);
  expect([pause.kind, stateOf()]).toEqual(['paused', 'T']);
  if (pause.kind === 'paused') await pause.resume();
  await until(() => said.includes('continued'));
  expect(stateOf()).not.toBe('T');
});

/** The system, but its first answer about the group has one member more, which stands still. */
function withOneStopped(): Parameters<typeof pauseGroup>[0]['os'] {
  const { later } = thisOs();
  let isFirst = true;
  return {
    later: {
      ...later,
      group: (asked, done) =>
        later.group(asked, (answer) => {
          const first = isFirst && !(answer instanceof Error) ? answer : [];
          isFirst = false;
          done(
            answer instanceof Error
              ? answer
              : [...first.map((info) => ({ ...info, pid: info.pid + 1, state: 'T' })), ...answer],
          );
        }),
    },
  };
}

test('a process group with a member that is stopped already is paused as well', async () => {
  const pause = await pauseGroup({ pgid, os: withOneStopped() });
  expect([pause.kind, stateOf()]).toEqual(['paused', 'T']);
  if (pause.kind === 'paused') await pause.resume();
  await until(() => said.includes('continued'));
});

test('a group that is stopped already is refused, and stays stopped', async () => {
  signalGroup(pgid, 'SIGSTOP');
  await until(() => stateOf() === 'T');
  expect(await pauseGroup({ pgid, os: thisOs() })).toEqual({
    kind: 'refused',
    message: `process group ${pgid} is stopped already`,
  });
  expect(stateOf()).toBe('T');
});

test('the helper is gone once the group is resumed', async () => {
  const helpers = (): number =>
    thisOs()
      .processes()
      .filter(({ ppid, state }) => ppid === process.pid && state !== 'Z').length;
  const before = helpers();
  const pause = await pauseGroup({ pgid, os: thisOs() });
  expect(helpers()).toBe(before + 1);
  if (pause.kind === 'paused') await pause.resume();
  expect(helpers()).toBe(before);
});

describe('the helper of a daemon that was killed', () => {
  test.each(SHELLS)(
    'the helper of a killed daemon continues the group, also with nobody to read it: %s',
    (program) => {
      const shell = asSh(program, folder);
      signalGroup(pgid, 'SIGSTOP');
      const stdio = ['ignore', withoutReader(), 'ignore'] as const;
      expect(spawnSync(shell, [...continuing(pgid, known())], { stdio: [...stdio] }).status).toBe(0);
      fs.closeSync(stdio[1]);
      expect(stateOf()).not.toBe('T');
    },
  );

  test.each(SHELLS)(
    'the helper of a killed daemon leaves a group of other processes alone: %s',
    async (program) => {
      const shell = asSh(program, folder);
      signalGroup(pgid, 'SIGSTOP');
      await until(() => stateOf() === 'T');
      const others = known().map(({ pid, start }) => ({ pid, start: `${start}0` }));
      expect(others.length).toBeGreaterThan(0);
      expect(spawnSync(shell, [...continuing(pgid, others)], { stdio: 'ignore' }).status).toBe(0);
      expect(stateOf()).toBe('T');
    },
  );

  test('the helper of a killed daemon knows a member by its start however it is named', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-pause-'));
    const program = path.join(folder, 'a) S 1\n(b');
    fs.copyFileSync('/bin/sleep', program);
    fs.chmodSync(program, 0o755);
    const odd = spawn(program, ['1000'], { detached: true, stdio: 'ignore' });
    const start = thisOs().identify(odd.pid ?? 0)?.start ?? '';
    const state = (): string | undefined => thisOs().identify(odd.pid ?? 0)?.state;
    signalGroup(odd.pid ?? 0, 'SIGSTOP');
    await until(() => state() === 'T');
    spawnSync('/bin/sh', [...continuing(odd.pid ?? 0, [{ pid: odd.pid ?? 0, start }])], { stdio: 'ignore' });
    await until(() => state() !== 'T');
    signalGroup(odd.pid ?? 0, 'SIGKILL');
    fs.rmSync(folder, { recursive: true });
  });
});

/** A descriptor whose writer gets SIGPIPE. */
function withoutReader(): number {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'overseer-pause-'));
  const fifo = path.join(folder, 'fifo');
  spawnSync('mkfifo', [fifo]);
  const reader = fs.openSync(fifo, fs.constants.O_RDWR);
  const writer = fs.openSync(fifo, fs.constants.O_WRONLY);
  fs.closeSync(reader);
  fs.rmSync(folder, { recursive: true });
  return writer;
}

(thisOs().name === 'linux' ? test : test.skip)(
  'where no descriptor is left for its helper a group is not paused, and goes on',
  async () => {
    expect(await withDescriptorsLeft(2, () => pauseGroup({ pgid, os: thisOs() }))).toEqual({
      kind: 'refused',
      message: `cannot pause process group ${pgid}: spawn /bin/sh EMFILE`,
    });
    expect(stateOf()).not.toBe('T');
  },
);
