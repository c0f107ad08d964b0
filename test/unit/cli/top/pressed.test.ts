import { pressed, type Pressed } from '../../../../src/cli/top/pressed.ts';
import { scrolled, withRows, type TopState } from '../../../../src/cli/top/top-state.ts';
import { helpPage } from '../../../../src/cli/top/pages.ts';
import { knowing, namesOf, webJob } from './web-jobs.ts';

const ROOM = { columns: 80, height: 10 };

const press = (state: TopState, ...keys: readonly string[]): Pressed =>
  keys.reduce<Pressed>((before, key) => pressed(before.state, key, ROOM), { state, wish: null });

const EXIT = { code: 1, signal: null, at: '2026-03-01T11:00:00.000Z' };
const STATES = [
  webJob('calm'),
  webJob('idle', { state: 'stopped', stoppedByHand: true }),
  webJob('broken', { state: 'failed', lastExit: EXIT }),
  webJob('retrying', { state: 'backoff', lastExit: EXIT, restarts: 4 }),
  webJob('nightly', { state: 'waiting', lastRunFailed: true, lastExit: EXIT }),
];

describe('the order', () => {
  test('the order of top begins with the jobs that need attention, and goes on by name', () => {
    const state = knowing(...STATES, webJob('copy@10'), webJob('copy@9'));
    expect(namesOf(state)).toEqual(['broken', 'retrying', 'nightly', 'idle', 'calm', 'copy@9', 'copy@10']);
  });

  test('o goes through the orders of top: name, cpu, memory, up, restarts, trouble again', () => {
    const state = knowing(
      webJob('a', { cpuPercent: 1, memoryBytes: 3, startedAt: '2026-03-01T11:00:02.000Z', restarts: 1 }),
      webJob('b', { cpuPercent: 3, memoryBytes: 1, startedAt: '2026-03-01T11:00:03.000Z' }),
      webJob('c', { cpuPercent: 2, memoryBytes: 2, startedAt: '2026-03-01T11:00:01.000Z', restarts: 2 }),
      webJob('d', { state: 'failed' }),
    );
    const orders = ['o', 'oo', 'ooo', 'oooo', 'ooooo', 'oooooo'].map((keys) =>
      namesOf(press(state, ...keys.split('')).state).join(''),
    );
    expect(orders).toEqual(['abcd', 'bcad', 'acbd', 'cabd', 'cabd', 'dabc']);
    expect(namesOf(press(state, 'o', 'O').state).join('')).toBe('dcba');
  });

  test('top keeps the chosen job when it moves, and the place when the job is gone', () => {
    const state = press(knowing(webJob('a'), webJob('b'), webJob('c')), 'down').state;
    expect(state.chosen).toBe('b');
    const known = (...jobs: readonly ReturnType<typeof webJob>[]): TopState =>
      withRows(state, { known: { jobs: new Map(jobs.map((job) => [job.name, job])), lost: null } });
    const moved = known(webJob('a'), webJob('b', { state: 'failed' }), webJob('c'));
    expect([moved.chosen, namesOf(moved)[0]]).toEqual(['b', 'b']);
    expect(known(webJob('a'), webJob('c')).chosen).toBe('c');
    expect(known().chosen).toBeNull();
  });
});

describe('what is shown', () => {
  test('a search filters while it is typed; Enter keeps the filter, Esc shows all jobs again', () => {
    const state = knowing(webJob('web'), webJob('api', { description: 'Web API' }), webJob('db'));
    const found = press(state, '/', 'w', 'E').state;
    expect([namesOf(found), found.isTyping]).toEqual([['api', 'web'], true]);
    // While a text is typed, no letter is a key.
    expect(press(found, 'q').wish).toBeNull();
    expect(namesOf(press(found, 'q').state)).toEqual([]);
    const kept = press(found, 'enter').state;
    expect([namesOf(kept), kept.isTyping]).toEqual([['api', 'web'], false]);
    expect(namesOf(press(kept, 'escape').state)).toEqual(['api', 'db', 'web']);
    expect(namesOf(press(found, 'backspace', 'backspace').state)).toEqual(['api', 'db', 'web']);
  });

  test('f shows the jobs of one state after the other, the most urgent first, then all', () => {
    const state = knowing(...STATES);
    const shown = ['f', 'ff', 'fff', 'ffff', 'fffff', 'ffffff'].map((keys) =>
      namesOf(press(state, ...keys.split('')).state).join(' '),
    );
    expect(shown).toEqual([
      'broken',
      'retrying',
      'idle',
      'nightly',
      'calm',
      'broken retrying nightly idle calm',
    ]);
  });

  test('t shows the jobs of one tag after the other, then all', () => {
    const state = knowing(webJob('a', { tags: ['eu', 'prod'] }), webJob('b', { tags: ['eu'] }), webJob('c'));
    const shown = ['t', 'tt', 'ttt'].map((keys) => namesOf(press(state, ...keys.split('')).state).join(''));
    expect(shown).toEqual(['ab', 'a', 'abc']);
  });
});

describe('what is done', () => {
  test('a start is done at once; a stop and a restart only after y', () => {
    const state = knowing(webJob('web'));
    expect(press(state, 's').wish).toEqual({ kind: 'steer', action: { action: 'start', jobs: ['web'] } });
    for (const [key, action] of [
      ['x', 'stop'],
      ['r', 'restart'],
    ] as const) {
      const asked = press(state, key);
      expect([asked.wish, asked.state.ask?.question]).toEqual([null, `${action} web?`]);
      expect(press(asked.state, 'y').wish).toEqual({ kind: 'steer', action: { action, jobs: ['web'] } });
      for (const no of ['n', 'escape', 'enter', 'q']) {
        const refused = press(asked.state, no);
        expect([refused.wish, refused.state.ask]).toEqual([null, null]);
      }
      // Another key is no answer, and does nothing else meanwhile.
      expect(press(asked.state, 's')).toEqual({ state: asked.state, wish: null });
    }
  });

  test('start, stop and restart in top mean the marked jobs, whichever row is chosen', () => {
    const state = knowing(webJob('a'), webJob('b'), webJob('c'));
    const marked = press(state, ' ', 'down', ' ').state;
    expect(press(marked, 's').wish).toEqual({
      kind: 'steer',
      action: { action: 'start', jobs: ['a', 'c'] },
    });
    expect(press(marked, 'x').state.ask?.question).toBe('stop a and 1 more?');
    expect(press(marked, 'escape').state.marked.size).toBe(0);
    // A job that is gone is not meant any more.
    const known = { jobs: new Map([['c', webJob('c')]]), lost: null };
    expect([...withRows(marked, { known }).marked]).toEqual(['c']);
  });

  test('no key of top --read-only starts, stops or restarts, but the plan can be seen', () => {
    const state = { ...knowing(webJob('web')), isReadOnly: true };
    for (const key of ['s', 'x', 'r']) expect(press(state, key)).toEqual({ state, wish: null });
    expect(press(state, 'p').wish).toEqual({ kind: 'plan' });
    expect(helpPage(true, { color: false }).rows(80).join('\n')).not.toMatch(/\bstop\b/);
  });

  test('q leaves the table of top, in a page it leads back; Ctrl-C leaves from everywhere', () => {
    const state = knowing(webJob('web'));
    expect(press(state, 'q').wish).toEqual({ kind: 'quit' });
    const inHelp = { ...state, page: helpPage(false, { color: false }) };
    expect(press(inHelp, 'q')).toEqual({ state, wish: null });
    for (const each of [state, inHelp, press(state, '/').state, press(state, 'x').state])
      expect(press(each, 'ctrl-c').wish).toEqual({ kind: 'quit' });
  });
});

describe('scrolling', () => {
  const many = knowing(...Array.from({ length: 1_000 }, (_, at) => webJob(`job-${1_000 + at}`)));
  const goto = (...keys: readonly string[]): TopState =>
    keys.reduce((state, key) => scrolled(pressed(state, key, ROOM).state, ROOM.height), many);

  test('the chosen row is always among those that are shown', () => {
    expect(goto('down', 'down')).toMatchObject({ chosen: 'job-1002', top: 0 });
    expect(goto('pagedown', 'pagedown')).toMatchObject({ chosen: 'job-1018', top: 9 });
    expect(goto('end')).toMatchObject({ chosen: 'job-1999', top: 990 });
    expect(goto('end', 'up', 'up')).toMatchObject({ chosen: 'job-1997', top: 990 });
    expect(goto('end', 'home')).toMatchObject({ chosen: 'job-1000', top: 0 });
    expect(goto('up')).toMatchObject({ chosen: 'job-1000', top: 0 });
  });

  test('a page is scrolled to its end and no further; a log goes on from there', () => {
    const rows = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    const page = {
      kind: 'logs',
      title: '',
      job: 'a',
      rows: () => rows,
      top: 0,
      isFollowing: true,
      find: '',
      hit: null,
    } as const;
    const keys = (...names: readonly string[]): unknown => press({ ...many, page }, ...names).state.page;
    expect(keys('up')).toMatchObject({ top: 19, isFollowing: false });
    expect(keys('pageup', 'pageup', 'pageup')).toMatchObject({ top: 0, isFollowing: false });
    expect(keys('up', 'down')).toMatchObject({ top: 20, isFollowing: true });
    expect(keys('home', 'end')).toMatchObject({ top: 20, isFollowing: true });
  });
});

describe('copies of a job', () => {
  const api = (number: number, more = {}): ReturnType<typeof webJob> =>
    webJob(`api@${number}`, { job: 'api', ...more });
  const state = knowing(webJob('db'), api(1), api(2, { state: 'failed', restarts: 2 }), api(3));

  test('copies are one row of top with their sums, until Enter or an arrow key shows them', () => {
    expect(namesOf(state)).toEqual(['api', 'db']);
    expect(state.rows[0]).toMatchObject({ state: 'failed', restarts: 2, cpuPercent: 3 });
    const open = press(state, 'enter').state;
    expect(namesOf(open)).toEqual(['api', 'api@2', 'api@1', 'api@3', 'db']);
    const inside = press(open, 'down', 'down').state;
    expect(inside.chosen).toBe('api@1');
    const folded = press(inside, 'left').state;
    expect([namesOf(folded), folded.chosen]).toEqual([['api', 'db'], 'api']);
  });

  test('on the row of a job with copies keys act on all of them; w explains the one most in need', () => {
    expect(press(state, 's').wish).toEqual({ kind: 'steer', action: { action: 'start', jobs: ['api'] } });
    expect(press(state, ' ', ' ', 's').wish).toEqual({
      kind: 'steer',
      action: { action: 'start', jobs: ['api', 'db'] },
    });
    expect(press(state, 'w').wish).toEqual({ kind: 'why', job: 'api@2' });
    expect(press(state, 'l').wish).toEqual({ kind: 'logs', job: 'api' });
  });
});
