import { pauseGroup } from '../../../src/os/pause-group.ts';
import type { ProcessInfo } from '../../../src/os/os.ts';
import { thisOs } from '../../../src/os/this-os.ts';
import { CannotAsk } from '../../../src/os/system-error.ts';
import { until } from '../../support/until.ts';
import { end, start } from '../../support/own-processes.ts';

const info = (pid: number, state: string, ppid = 1): ProcessInfo => ({
  pid,
  start: 's',
  ppid,
  pgid: pid,
  sid: pid,
  state,
});

/** A system that answers about a group in turn, and then as at last. */
function answering(...answers: readonly (readonly ProcessInfo[] | CannotAsk)[]) {
  let at = 0;
  const group = (_pgid: number, done: (answer: readonly ProcessInfo[] | CannotAsk) => void): void => {
    done(answers[Math.min(at, answers.length - 1)] ?? []);
    at += 1;
  };
  return { later: { group } as never };
}

test('a group without members, or with zombies alone, is gone', async () => {
  for (const members of [[], [info(7, 'Z')]])
    expect(await pauseGroup({ pgid: 7, os: answering(members) })).toEqual({ kind: 'gone' });
});

test('a group that stands still already is left to whoever stopped it', async () => {
  const os = answering([info(7, 'T'), info(8, 'T'), info(9, 'Z')]);
  expect(await pauseGroup({ pgid: 7, os })).toEqual({
    kind: 'refused',
    message: 'process group 7 is stopped already',
  });
});

test('a group whose state is unknown does not count as paused', async () => {
  await expect(pauseGroup({ pgid: 7, os: answering(new CannotAsk('no ps')) })).rejects.toThrow('no ps');
});

test('a member that does not stop in time is named, and the group goes on', async () => {
  const { child, pid } = start('sleep', ['1000']);
  const os = answering([info(pid, 'S'), info(pid + 1, 'D')]);
  expect(await pauseGroup({ pgid: pid, os })).toEqual({
    kind: 'refused',
    message: `process ${pid} of group ${pid} did not stop (state S)`,
  });
  await until(() => thisOs().identify(pid)?.state !== 'T');
  await end(child);
});

test('a parent that waits while its stopped child becomes a program counts as paused as well', async () => {
  const { child, pid } = start('sleep', ['1000']);
  const os = answering([info(pid, 'S')], [info(pid, 'D'), info(pid + 1, 'T', pid)]);
  const pause = await pauseGroup({ pgid: pid, os });
  expect(pause.kind).toBe('paused');
  if (pause.kind === 'paused') await pause.resume();
  await end(child);
});

test.each<[string, readonly ProcessInfo[]]>([
  ['whose child has not stopped', [info(7, 'D'), info(8, 'S', 7)]],
  ['that waits for a disk', [info(7, 'D'), info(8, 'T', 99)]],
])('a process %s does not stand still', async (_, members) => {
  const { child, pid } = start('sleep', ['1000']);
  const renamed = members.map((each) => ({
    ...each,
    ppid: each.ppid === 7 ? pid : each.ppid,
    pid: each.pid === 7 ? pid : each.pid,
  }));
  const pause = await pauseGroup({ pgid: pid, os: answering([info(pid, 'S')], renamed) });
  expect(pause).toMatchObject({ kind: 'refused', message: expect.stringContaining('did not stop') });
  await end(child);
});

test('no pause is begun for a group that is overseer’s own', async () => {
  await expect(pauseGroup({ pgid: process.pid, os: answering([]) })).rejects.toThrow(RangeError);
});
