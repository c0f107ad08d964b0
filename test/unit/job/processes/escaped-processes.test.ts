import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { EscapedProcesses } from '../../../../src/job/processes/escaped-processes.ts';
import { Listings } from '../../../../src/job/processes/listings.ts';
import type { Os } from '../../../../src/os/os.ts';
import { CannotAsk } from '../../../../src/os/system-error.ts';
import { thisOs } from '../../../../src/os/this-os.ts';
import { folder, start } from '../../../support/own-processes.ts';
import { until } from '../../../support/until.ts';

const system = thisOs();
const escaped = (os: Os = system): EscapedProcesses =>
  new EscapedProcesses({ os, listings: new Listings({ os }) });

/** A process that bears the mark of this test. */
const marked = (command: string, args: readonly string[]): number =>
  start(command, args, { PATH: process.env['PATH'], OVERSEER_JOB: folder }).pid;
const marker = () => ({ present: { OVERSEER_JOB: folder }, absent: [] });
const isAlive = (pid: number): boolean => system.identify(pid) !== null;
const cleared = (processes: EscapedProcesses): Promise<void> =>
  new Promise((resolve) => processes.clear(marker(), resolve));

test('a left-over that ignores SIGTERM is killed, with its child, and then the job may start', async () => {
  const pid = marked('/bin/sh', [path.resolve('test/fixtures/ignores-term')]);
  const members = (): number => system.group(pid).filter(({ state }) => state !== 'Z').length;
  await until(() => members() >= 2);
  await cleared(escaped());
  expect([isAlive(pid), members()]).toEqual([false, 0]);
});

test('a left-over process that handles SIGTERM may end in its own way', async () => {
  const done = path.join(folder, 'done');
  const script = `trap 'echo ended > "${done}"; exit 0' TERM; echo > "${done}.ready"; while :; do sleep 0.1; done`;
  marked('/bin/sh', ['-c', script]);
  await until(() => spawnSync('test', ['-e', `${done}.ready`]).status === 0);
  await cleared(escaped());
  expect(spawnSync('cat', [done], { encoding: 'utf8' }).stdout).toBe('ended\n');
});

test('a process with another marker is left alone; without left-overs the job starts at once', async () => {
  const { pid } = start('sleep', ['1000'], { PATH: process.env['PATH'], OVERSEER_JOB: `${folder}x` });
  await until(() => system.processesWithEnv('OVERSEER_JOB', [pid]).length === 1);
  let isCleared = false;
  escaped().clear(marker(), () => (isCleared = true));
  expect([isCleared, isAlive(pid)]).toEqual([true, true]);
});

test('a process that has got the pid of an escaped process is never signalled', async () => {
  const pid = marked('sleep', ['1000']);
  await until(() => system.processesWithEnv('OVERSEER_JOB', [pid]).length === 1);
  const identity = system.identify(pid)!;
  escaped().signal([{ ...identity, start: `${identity.start}0` }], 'SIGKILL');
  // By the time of the signal the pid is another process's.
  const reused: Os = { ...system, identify: (asked) => ({ ...system.identify(asked)!, start: 'later' }) };
  escaped(reused).kill('OVERSEER_JOB', folder);
  expect(system.identify(pid)).toEqual(expect.objectContaining({ start: identity.start }));
  escaped().signal([identity], 'SIGKILL');
  await until(() => !isAlive(pid));
});

test('kill ends the processes that have the variable now, and their children', async () => {
  const pid = marked('/bin/sh', ['-c', 'env -i sleep 1000 & wait']);
  await until(() => system.group(pid).length === 2);
  escaped().kill('OVERSEER_JOB', folder);
  await until(() => system.group(pid).every(({ state }) => state === 'Z'));
});

test('a left-over process that cannot be identified at the moment is signalled later', async () => {
  const pid = marked('sleep', ['1000']);
  await until(() => system.processesWithEnv('OVERSEER_JOB', [pid]).length === 1);
  let refusals = 2;
  const identify: Os['identify'] = (asked) => {
    if ((refusals -= 1) >= 0) throw new CannotAsk('EMFILE');
    return system.identify(asked);
  };
  await cleared(escaped({ ...system, identify }));
  expect([isAlive(pid), refusals < 0]).toEqual([false, true]);
});

test('a search for what a kill has left is done again where the system refused it', async () => {
  const pid = marked('sleep', ['1000']);
  await until(() => system.processesWithEnv('OVERSEER_JOB', [pid]).length === 1);
  let listed = 0;
  const listing: Os['listing'] = (known) => {
    listed += 1;
    if (listed === 2) throw new CannotAsk('EMFILE');
    return system.listing(known);
  };
  escaped({ ...system, listing }).kill('OVERSEER_JOB', folder);
  await until(() => listed > 2 && !isAlive(pid));
});

test('T-1070 a search that the system refused at a stop is made up for by the next look', async () => {
  const pid = marked('sleep', ['1000']);
  await until(() => system.processesWithEnv('OVERSEER_JOB', [pid]).length === 1);
  let isBlind = true;
  const listing: Os['listing'] = (known) => {
    if (isBlind) throw new CannotAsk('too many open files');
    return system.listing(known);
  };
  const os: Os = { ...system, listing, later: { ...system.later } };
  const listings = new Listings({ os });
  const strays = new EscapedProcesses({ os, listings });
  const child = { pid: 2 ** 30, start: '1', boot: system.bootId() };
  const by = () => ({ marker: marker(), isNumberOwn: false, goneAt: null });
  expect(strays.search(child, { signal: 'SIGKILL', decidedAt: performance.now() }, by)).toEqual([]);
  expect(() => strays.settle(child, by, listings.sure)).toThrow(CannotAsk);
  expect(isAlive(pid)).toBe(true);
  isBlind = false;
  strays.settle(child, by, listings.sure);
  await until(() => !isAlive(pid));
});
