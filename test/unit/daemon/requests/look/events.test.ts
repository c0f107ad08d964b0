import { EventFeed } from '../../../../../src/daemon/feeds/event-feed.ts';
import { events } from '../../../../../src/daemon/requests/look/events.ts';
import type { JobInstance } from '../../../../../src/fleet/job-instance.ts';
import type { Reply, Transition } from '../../../../../src/wire/messages.ts';
import { seenJob } from '../../../../support/seen-job.ts';

const ASK = { name: 'events', jobs: [], follow: false, verbose: false } as const;
const transition = (id: string, at: string, seen: Partial<Transition> = {}): Transition =>
  ({
    machine: 'job',
    id,
    job: id,
    at,
    event: 'Start',
    from: '',
    to: '',
    detail: '',
    isChange: true,
    ...seen,
  }) as Transition;
const DAEMON = { machine: 'daemon', job: null, isChange: false } as const;

/** The requests of a daemon with these jobs, their histories and what it has seen itself. */
function daemon(
  jobs: readonly JobInstance[],
  histories: Readonly<Record<string, readonly Transition[]>> = {},
) {
  const feed = new EventFeed();
  const heard: Reply[] = [];
  let gone = (): void => undefined;
  const context = {
    feed,
    fleet: {
      all: jobs,
      get: (name: string) => jobs.find((each) => each.name === name),
      named: (word: string) => jobs.filter(({ name, job }) => [name, job.name].includes(word)),
    },
    history: { changesOf: (name: string) => (histories[name] ?? []).map((each) => ({ ...each, age: 1 })) },
  } as never;
  const peer = {
    client: null,
    reply: (reply: Reply) => heard.push(reply),
    onGone: (leave: () => void) => (gone = leave),
  };
  const ask = (change: object = {}) => events(context, { ...ASK, ...change }, peer);
  const shown = (change: object = {}): readonly string[] =>
    (ask(change) as { readonly events: readonly Transition[] }).events.map(({ id, at }) => `${id} ${at}`);
  return { feed, heard, ask, shown, leave: () => gone() };
}

test('changes of every job are told in the order of their times, with those of earlier daemons', () => {
  const { feed, shown } = daemon([seenJob('web', 'running')], {
    web: [transition('web', '1'), transition('web', '4')],
  });
  feed.note({ ...transition('web', '4'), machine: 'job' });
  feed.note({ ...transition('gone', '2'), machine: 'job' });
  feed.note({ ...transition('daemon', '3', DAEMON), machine: 'daemon' });
  expect(shown()).toEqual(['web 1', 'gone 2', 'web 4']);
  expect(shown({ verbose: true })).toEqual(['web 1', 'gone 2', 'daemon 3', 'web 4']);
});

test('a name selects its job, a job that is gone among them, and an unknown one is refused', () => {
  const { feed, shown, ask } = daemon(
    [seenJob('web', 'running', { job: { tags: ['x'] } }), seenJob('db', 'running')],
    {
      web: [transition('web', '1')],
      db: [transition('db', '2')],
    },
  );
  feed.note({ ...transition('gone', '3'), machine: 'job' });
  feed.note({ ...transition('daemon', '4', DAEMON), machine: 'daemon' });
  expect([
    shown({ jobs: ['web'] }),
    shown({ jobs: ['gone'] }),
    shown({ jobs: ['db', 'web'], verbose: true }),
  ]).toEqual([['web 1'], ['gone 3'], ['web 1', 'db 2']]);
  expect(ask({ jobs: ['wbe', 'web'] })).toMatchObject({ refusal: { code: 'no-such-job', jobs: ['wbe'] } });
});

test('the histories of very many jobs are not read for a list', () => {
  const jobs = Array.from({ length: 201 }, (_, at) => seenJob(`job-${at}`, 'running'));
  const histories = Object.fromEntries(jobs.map(({ name }) => [name, [transition(name, '1')]]));
  expect(daemon(jobs, histories).shown()).toEqual([]);
  expect(daemon(jobs.slice(1), histories).shown().length).toBe(200);
});

test('of long histories the last thousand changes are told', () => {
  const long = Array.from({ length: 1_001 }, (_, at) => transition('web', String(at).padStart(4, '0')));
  const shown = daemon([seenJob('web', 'running')], { web: long }).shown();
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([1_000, 'web 0001', 'web 1000']);
});

test('of the histories of many jobs the oldest changes are left out, whatever their names', () => {
  const names = Array.from({ length: 11 }, (_, at) => String.fromCodePoint('a'.charCodeAt(0) + at));
  const jobs = names.map((name) => seenJob(name, 'running'));
  // The jobs take turns, so that the first hundred changes are of all of them.
  const histories = Object.fromEntries(
    names.map((name, at) => [
      name,
      Array.from({ length: 100 }, (_, turn) => transition(name, String(turn * 11 + at).padStart(4, '0'))),
    ]),
  );
  const shown = daemon(jobs, histories).shown();
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([1_000, 'b 0100', 'k 1099']);
});

test('a follower gets the events that it asked for until it leaves or the daemon ends', async () => {
  const { feed, heard, ask } = daemon([seenJob('web', 'running'), seenJob('db', 'running')]);
  const over = ask({ follow: true, jobs: ['web'] });
  const note = (id: string, seen: Partial<Transition> = {}): void =>
    feed.note({ ...transition(id, '1', seen), machine: 'job' });
  note('web');
  note('db');
  note('web', { isChange: false });
  expect(heard.map(({ kind }) => kind)).toEqual(['event']);
  feed.end();
  expect([heard.at(-1), await over]).toEqual([{ kind: 'answer', answer: { events: [] } }, { events: [] }]);
});

test('a client that has left gets nothing more', () => {
  const { feed, heard, ask, leave } = daemon([]);
  void ask({ follow: true, verbose: true });
  leave();
  feed.note({ ...transition('web', '1'), machine: 'job' });
  feed.end();
  expect(heard).toEqual([]);
});
