import { AskedDaemon } from '../../../../support/asked-daemon.ts';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { fakePorts, fakeWorld, socketText } from '../../../../support/fake-client.ts';
import { answer, job, statusOf } from '../../../../support/sample-replies.ts';
import type { Reply, Waited } from '../../../../../src/wire/messages.ts';

const waited = (given: Partial<Waited>): Reply =>
  answer({ ok: true, stuck: [], jobs: [job({ state: 'running' })], ...given });
const wait = (words: string, given: Partial<Waited> = {}): Promise<Outcome> =>
  run(`wait ${words}`, answering(waited(given)));

test('a wait that is over says in which state the jobs are', async () => {
  expect(await wait('web')).toEqual({ code: 0, out: 'web is running\n', err: '' });
  const two = { jobs: [job({}), job({ name: 'db' })] };
  expect(await wait('--all', two)).toEqual({ code: 0, out: '2 jobs are running\n', err: '' });
  expect((await wait('web db --for failed --for held,failed', two)).out).toBe('2 jobs are failed or held\n');
  expect(JSON.parse((await wait('web --json')).out)).toMatchObject({ ok: true, jobs: [{ name: 'web' }] });
});

test('a wait in vain says which job keeps it, and where to look', async () => {
  const stuck = (name: string, state: 'held' | null): Waited['stuck'][number] => ({
    job: name,
    state,
    because: state === null ? [] : [{ name, state, exit: null, never: null }],
  });
  expect(await wait('web', { ok: false, stuck: [stuck('web', 'held')] })).toEqual({
    code: 1,
    out: '',
    err: 'overseer: web is held, so it will not be running by itself; `overseer why web` says why\n',
  });
  const two = await wait('web db --for finished', {
    ok: false,
    stuck: [stuck('web', 'held'), stuck('db', 'held')],
  });
  expect(two.err).toMatch(/so they will not be finished by themselves; `overseer why web` says why\n$/);
  const gone = await wait('web --json', { ok: false, stuck: [stuck('web', null)] });
  expect(gone.err).not.toContain('overseer why');
  expect(JSON.parse(gone.out)).toMatchObject({
    ok: false,
    jobs: [{ name: 'web' }],
    error: { code: 'stuck' },
  });
});

test('a wait wants jobs, states that there are, and a number of seconds', async () => {
  const wrong = async (words: string): Promise<string> => {
    const { code, err } = await wait(words);
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([
    await wrong(''),
    await wrong('web --for runing'),
    await wrong('web --for up,'),
    await wrong('--for running, failed web'),
    await wrong('web --for='),
    await wrong('web --timeout soon'),
    await wrong('web --timeout 1.'),
  ]).toEqual([
    '64 overseer: which job? Name it, or say `overseer wait --all`',
    '64 overseer: --for: there is no state runing: did you mean "running"?',
    expect.stringMatching(/^64 overseer: --for: there is no state up; there are .*running/),
    '64 overseer: --for wants a state on each side of a comma, and no blanks, as in --for running,failed',
    expect.stringMatching(/^64 overseer: --for wants a state; there are .*running/),
    '64 overseer: --timeout wants a number of seconds, not soon',
    '64 overseer: --timeout wants a number of seconds, not 1.',
  ]);
});

test('a wait ends at its timeout, and says what was still awaited', async () => {
  const progress: Reply = {
    kind: 'progress',
    progress: { done: 0, of: 1, pending: [{ job: 'web', state: 'starting' }] },
  };
  const world = fakeWorld({
    socket: { kind: 'text', text: socketText(1) },
    daemons: new Map([[1, { replies: [progress] }]]),
  });
  expect(await run('wait web --timeout 0.5', world)).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/overseer: timed out after 0.5 s: web is starting\n$/),
  });
});

test('a timeout is in seconds, and without one a wait has none', async () => {
  const world = answering(waited({}));
  const timers = async (words: string): Promise<readonly number[]> => {
    const { clock, ...ports } = fakePorts(world);
    const set: number[] = [];
    const after: typeof clock.after = (ms, then) => (set.push(ms), clock.after(ms, then));
    await run(`wait web ${words}`, world, { ports: { ...ports, clock: { ...clock, after } } });
    return set;
  };
  const usual = await timers('');
  expect([await timers('--timeout 2.5'), await timers('--timeout 3')]).toEqual([
    [2_500, ...usual],
    [3_000, ...usual],
  ]);
});

test('a timeout as JSON has how the jobs are that were waited for', async () => {
  const progress: Reply = { kind: 'progress', progress: { done: 0, of: 1, pending: [] } };
  const daemon = new AskedDaemon()
    .on('wait', [progress])
    .on('status', [statusOf(job({ name: 'web', state: 'backoff' }))]);
  const { code, out } = await run('wait web --timeout 0.5 --json', daemon.world, {
    ports: daemon.target.ports,
  });
  expect([code, JSON.parse(out)]).toMatchObject([
    1,
    { ok: false, jobs: [{ name: 'web', state: 'backoff' }], error: { code: 'timeout' } },
  ]);
  expect(daemon.asked.at(-1)).toEqual({ name: 'status', jobs: ['web'] });
});
