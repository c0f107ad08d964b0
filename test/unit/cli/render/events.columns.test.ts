import { EventLines, eventJson } from '../../../../src/cli/render/events.ts';
import type { Transition } from '../../../../src/wire/messages.ts';

/** Noon where the test runs. */
const NOW = new Date(2026, 0, 2, 12, 0, 0, 0).getTime();
const at = (ms: number): string => new Date(NOW + ms).toISOString();

const event = (given: Partial<Transition> = {}): Transition => ({
  at: at(7),
  machine: 'job',
  id: 'web',
  job: 'web',
  event: 'ChildExited',
  from: 'want.Yes child.Up.Running',
  to: 'want.Yes child.Backoff',
  detail: 'exited with 3',
  isChange: true,
  state: 'backoff',
  ...given,
});

const linesOf = (
  events: readonly Transition[],
  columns = 100,
  coming: readonly Transition[] = [],
): string => {
  const lines = new EventLines({ columns, color: false, now: NOW }, coming);
  return events.map((each) => lines.line(each)).join('');
};

test('a change is told with its time, job, state and reason in columns', () => {
  expect(
    linesOf([
      event(),
      event({ id: 'db', state: 'running', detail: 'pid 42' }),
      event({ id: 'db', state: 'stopped', detail: '', at: at(-86_400_000) }),
    ]),
  ).toBe(
    '12:00:00.007  web        backoff   exited with 3\n' +
      '12:00:00.007  db         running   pid 42\n' +
      '2026-01-01 12:00:00.000  db         stopped\n',
  );
});

test('what changes no state is told by its event, and the daemon’s own with its states', () => {
  expect(
    linesOf([
      event({ isChange: false, event: 'TestPassed', detail: 'exited with 0' }),
      event({ isChange: false, event: 'Ready', detail: '' }),
      event({
        machine: 'daemon',
        id: '42',
        job: null,
        isChange: false,
        event: 'DIE',
        detail: 'asked',
        from: 'Serving',
        to: 'Stopping',
      }),
    ]),
  ).toBe(
    '12:00:00.007  web                  test passed: exited with 0\n' +
      '12:00:00.007  web                  ready\n' +
      '12:00:00.007  overseerd            DIE: asked  Serving → Stopping\n',
  );
});

test('a job that waits for its time is told with that time', () => {
  const waiting = event({ state: 'waiting', detail: 'exited with 0', nextStartAt: at(3_600_000) });
  expect(linesOf([waiting, { ...waiting, detail: '' }, { ...waiting, state: 'backoff' }])).toBe(
    '12:00:00.007  web        waiting   exited with 0, 13:00:00\n' +
      '12:00:00.007  web        waiting   13:00:00\n' +
      '12:00:00.007  web        backoff   exited with 0\n',
  );
});

test('the column of names grows with longer ones, up to a quarter of the page', () => {
  const long = event({ id: 'a-longer-name', detail: '' });
  expect(linesOf([event({ detail: '' }), long, event({ detail: '' })])).toBe(
    '12:00:00.007  web        backoff\n' +
      '12:00:00.007  a-longer-name  backoff\n' +
      '12:00:00.007  web            backoff\n',
  );
  expect(linesOf([event({ detail: '' })], 100, [long])).toBe('12:00:00.007  web            backoff\n');
  expect(linesOf([event({ id: 'n'.repeat(30), detail: '' })], 40)).toMatch(/ {2}n{6}…n{3} {2}backoff\n$/);
});

test('on a narrow page the reason has lines of its own', () => {
  expect(linesOf([event({ detail: 'exited with 3, next start in 0.4 s' })], 50)).toBe(
    '12:00:00.007  web        backoff\n    exited with 3, next start in 0.4 s\n',
  );
  expect(linesOf([event({ detail: 'one two three four five six seven' })], 60)).toBe(
    '12:00:00.007  web        backoff   one two three four five\n' +
      '                                   six seven\n',
  );
});

test('an event has the colours of its job and its state', () => {
  const lines = new EventLines({ columns: 100, color: true, now: NOW });
  expect([lines.line(event()), lines.line(event({ id: 'db', state: 'running' }))]).toEqual([
    '\u001b[2m12:00:00.007  \u001b[0m\u001b[36mweb      \u001b[0m  \u001b[31mbackoff \u001b[0m  exited with 3\n',
    '\u001b[2m12:00:00.007  \u001b[0m\u001b[33mdb       \u001b[0m  \u001b[32mrunning \u001b[0m  exited with 3\n',
  ]);
});

test('an event in JSON has all facts of a job, and those of the daemon’s chart', () => {
  const move = { at: at(7), from: 'want.Yes child.Up.Running', to: 'want.Yes child.Backoff' };
  const nothing = { pid: null, exit: null, file: null, nextStartAt: null };
  expect(eventJson(event({ cause: 'exit', exit: { code: 3, signal: null }, file: '/f', pid: 4 }))).toEqual({
    ...move,
    machine: 'job',
    id: 'web',
    event: 'ChildExited',
    state: 'backoff',
    cause: 'exit',
    pid: 4,
    exit: { code: 3, signal: null },
    file: '/f',
    nextStartAt: null,
    detail: 'exited with 3',
  });
  const { state, ...bare } = event();
  expect(state).toBe('backoff');
  expect(eventJson(bare)).toEqual({
    ...move,
    ...nothing,
    machine: 'job',
    id: 'web',
    event: 'ChildExited',
    detail: 'exited with 3',
  });
  expect(eventJson(event({ machine: 'daemon', id: '42' }))).toEqual({
    ...move,
    machine: 'daemon',
    id: '42',
    event: 'ChildExited',
    detail: 'exited with 3',
  });
});
