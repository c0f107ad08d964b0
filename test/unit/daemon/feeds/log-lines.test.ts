import { endLine, jobLine, requestLine } from '../../../../src/daemon/feeds/log-lines.ts';
import type { JobTransition, Request } from '../../../../src/wire/messages.ts';

/** The line for a step of a job by this event. */
function line(event: string, seen: Partial<JobTransition>, why = ''): string | null {
  const transition = {
    id: 'web',
    state: 'running',
    isChange: true,
    cause: 'config',
    pid: null,
    detail: '',
    to: '',
  };
  return jobLine(
    { ...transition, ...seen } as JobTransition,
    { step: { event: { type: event } }, why } as never,
  );
}

test('the start and the end of a child are told with their reasons', () => {
  expect([
    line('Spawned', { pid: 7 }, 'new in the config'),
    line('Spawned', { pid: 7, cause: 'exit' }, 'exited with 3'),
    line('Spawned', { pid: 7 }),
    line('ChildExited', { detail: 'exited with 3' }),
    line('xstate.after.stopTimeout.job', { detail: 'killed: it did not stop within 10 s', isChange: false }),
    line('GroupGone', { to: 'want.No child.Gone' }),
  ]).toEqual([
    'web started, pid 7: new in the config',
    'web started, pid 7: again: exited with 3',
    'web started, pid 7',
    'web exited with 3',
    'web killed: it did not stop within 10 s',
    'web is removed',
  ]);
});

test('a change of state is reported with its reason, where there is one, and other steps are not', () => {
  expect([
    line('Ready', { state: 'running', detail: 'pid 7, ready' }),
    line('TestFailed', { state: 'held', detail: 'its test exited with 1' }),
    line('Due', { state: 'finished' }),
    line('Apply', { state: 'testing' }),
    line('Apply', { state: 'starting' }),
    line('Apply', { state: 'held', isChange: false, detail: 'x' }),
  ]).toEqual(['web running', 'web held: its test exited with 1', 'web finished', null, null, null]);
});

test.each<[Request, string | null]>([
  [{ name: 'apply', configDir: '/c', wait: true, allowEmpty: false }, 'apply /c'],
  [{ name: 'start', jobs: ['web', 'db'], all: false, wait: true }, 'start web db'],
  [{ name: 'restart', jobs: [], all: true, wait: true }, 'restart every job'],
  [{ name: 'stop', jobs: ['web'], all: false }, 'stop web'],
  [{ name: 'signal', signal: 'SIGHUP', jobs: ['web'] }, 'signal SIGHUP web'],
  [{ name: 'stdin', jobs: ['web', 'db'] }, 'write to web db'],
  [{ name: 'DIE', keepJobs: true }, 'end, and keep the jobs'],
  [{ name: 'DIE', keepJobs: false }, 'end, and stop every job'],
  [{ name: 'plan', configDir: '/c', allowEmpty: false }, null],
  [{ name: 'status', jobs: [] }, null],
  [{ name: 'why', job: 'web' }, null],
  [{ name: 'events', jobs: [], follow: false, verbose: false }, null],
  [{ name: 'wait', jobs: ['web'], state: 'running' }, null],
  [{ name: 'inspect', jobs: [] }, null],
])('of the request %j the log says: %s', (request, words) => {
  const lines = [{ pid: 9, program: 'overseer' }, 'SIGHUP', null].map((by) => requestLine(request, by));
  expect(lines).toEqual(
    words === null
      ? [null, null, null]
      : [`overseer (pid 9) asks: ${words}`, `SIGHUP asks: ${words}`, `somebody asks: ${words}`],
  );
});

test('the end of the daemon is reported with its failure', () => {
  expect([endLine({ ok: true } as never), endLine({ ok: false, detail: 'no disk' } as never)]).toEqual([
    'the daemon has ended',
    'the daemon has failed: no disk',
  ]);
});
