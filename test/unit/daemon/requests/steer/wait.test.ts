import { wait } from '../../../../../src/daemon/requests/steer/wait.ts';
import type { JobInstance } from '../../../../../src/fleet/job-instance.ts';
import { StepListeners } from '../../../../../src/fleet/step-listeners.ts';
import type { JobState } from '../../../../../src/plan/job-state.ts';
import type { Reply, Waited } from '../../../../../src/wire/messages.ts';
import { seenJob } from '../../../../support/seen-job.ts';

/** A daemon whose jobs are moved by the test. */
function daemon(states: Readonly<Record<string, JobState>>) {
  const jobs = new Map<string, JobInstance>();
  const listeners = new StepListeners();
  const heard: Reply[] = [];
  let gone = (): void => undefined;
  const move = (name: string, state: JobState | null, seen: object = {}): void => {
    const status = (): unknown => ({ name, state });
    if (state === null) jobs.delete(name);
    else jobs.set(name, seenJob(name, state, { status, ...seen }));
    listeners.callForAll();
  };
  for (const [name, state] of Object.entries(states)) move(name, state);
  let resumed = 0;
  const fleet = {
    all: [...jobs.values()],
    get: (name: string) => jobs.get(name),
    named: (word: string) => [...jobs.values()].filter(({ name }) => name === word),
    resume: () => (resumed += 1),
    unmet: ({ name }: JobInstance) => (name === 'web' ? [{ other: jobs.get('db'), is: 'running' }] : []),
    isQueuedToStop: () => false,
    until: (condition: () => boolean, onGone: (leave: () => void) => void) =>
      listeners.until(condition, onGone),
  };
  const peer = {
    client: null,
    reply: (reply: Reply) => heard.push(reply),
    onGone: (leave: () => void) => (gone = leave),
  };
  const ask = (names: readonly string[], state = 'running') =>
    Promise.resolve(wait({ fleet } as never, { name: 'wait', jobs: names, state }, peer)) as Promise<Waited>;
  return { ask, move, heard, leave: () => gone(), resumed: () => resumed };
}

test('a wait is over when all are in one of the states at the same time', async () => {
  const { ask, move, heard, resumed } = daemon({ a: 'starting', b: 'starting' });
  const over = ask(['a', 'b'], 'running,finished');
  move('a', 'running');
  move('a', 'starting');
  move('b', 'finished');
  move('a', 'running');
  const jobs = [
    { name: 'a', state: 'running' },
    { name: 'b', state: 'finished' },
  ];
  expect([await over, resumed()]).toEqual([{ ok: true, stuck: [], jobs }, 1]);
  expect(heard.map((reply) => (reply.kind === 'progress' ? reply.progress.done : reply.kind))).toEqual([
    0, 1, 0, 1,
  ]);
});

test('the same progress is sent once', () => {
  const { ask, move, heard } = daemon({ a: 'starting' });
  void ask(['a']);
  move('a', 'starting');
  move('other', 'running');
  expect(heard.length).toBe(1);
  move('a', 'backoff');
  expect(heard.at(-1)).toEqual({
    kind: 'progress',
    progress: { done: 0, of: 1, pending: [{ job: 'a', state: 'backoff' }] },
  });
});

test('a wait ends as soon as one can no longer get there, with the chain of reasons', async () => {
  const { ask, move } = daemon({ web: 'waiting', db: 'starting', ok: 'starting' });
  const over = ask(['ok', 'web']);
  move('db', 'failed', { context: { lastExit: { code: 3, signal: null, at: '' } } });
  const { ok, stuck } = await over;
  expect(ok).toBe(false);
  expect(stuck).toEqual([
    {
      job: 'web',
      state: 'waiting',
      because: [
        { name: 'web', state: 'waiting', exit: null, never: null },
        { name: 'db', state: 'failed', exit: { code: 3, signal: null }, never: null },
      ],
    },
  ]);
});

test('a job that is removed meanwhile is never there', async () => {
  const { ask, move } = daemon({ a: 'starting', b: 'running' });
  const over = ask(['a', 'b']);
  move('a', null);
  expect(await over).toEqual({
    ok: false,
    stuck: [{ job: 'a', state: null, because: [] }],
    jobs: [{ name: 'b', state: 'running' }],
  });
});

test('the wait of a client that leaves ends', async () => {
  const { ask, leave } = daemon({ a: 'starting' });
  const over = ask(['a']);
  leave();
  expect(await over).toMatchObject({ jobs: [{ name: 'a', state: 'starting' }] });
});

test('a state that does not exist, or a job, is refused', async () => {
  const { ask } = daemon({ a: 'starting' });
  expect(await ask(['a'], 'running,flying')).toEqual({
    refusal: {
      code: 'bad-request',
      message: expect.stringMatching(/^there is no state flying; the states are waiting, testing, held, /),
    },
  });
  expect(await ask(['b'])).toMatchObject({ refusal: { code: 'no-such-job' } });
});
