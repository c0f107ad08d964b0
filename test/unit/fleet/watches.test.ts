import type { Job } from '../../../src/config/config.ts';
import type { WatchedInstance } from '../../../src/fleet/watches.ts';
import { MOST_IN_A_ROW, QUIET_MS, Watches } from '../../../src/fleet/watches.ts';
import type { WatchEvents } from '../../../src/job/ports.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('restarts for a change', () => {
  /** A job that is as the test says, and a file that changes when it says so. */
  function watched() {
    const clock = new FakeClock();
    const lines: string[] = [];
    const requests: unknown[] = [];
    let on: WatchEvents | null = null;
    const watches = new Watches({
      clock,
      log: { line: (text) => lines.push(text) },
      restart: () => {
        now.restarts += 1;
        now.run += 1;
        now.child = child(0);
      },
      files: {
        watch: (request, events) => {
          requests.push(request);
          on = events;
          return { renew: () => undefined, end: () => void (on = null) };
        },
      },
    });
    const child = (ageMs: number) => ({ at: new Date(clock.wall() - ageMs).toISOString() });
    const now = {
      state: 'running',
      want: 'Yes' as unknown,
      run: 1,
      child: child(5_000) as unknown,
      lastExit: null as unknown,
      restarts: 0,
    };
    const job: { -readonly [K in 'cwd' | 'watch']: Job[K] } = { cwd: '/app', watch: ['*.js'] };
    const instance = {
      name: 'web',
      job,
      get state() {
        return now.state;
      },
      get snapshot() {
        return { value: { want: now.want }, context: now };
      },
    } as unknown as WatchedInstance;
    watches.follow(instance);
    return {
      clock,
      lines,
      requests,
      watches,
      instance,
      job,
      now,
      child,
      change: (path = '/app/a.js') => on?.changed(path),
      isWatching: () => on !== null,
    };
  }

  test('many changes in close succession are one restart, once it is quiet', () => {
    const { clock, now, change } = watched();
    for (let count = 0; count < 10; count += 1) {
      change();
      clock.advance(QUIET_MS - 1);
    }
    expect(now.restarts).toBe(0);
    clock.advance(1);
    expect(now.restarts).toBe(1);
    clock.advance(60_000);
    expect(now.restarts).toBe(1);
  });

  test.each(['waiting', 'testing', 'held', 'stopping', 'finished', 'stopped'])(
    'a change of a watched file leaves a job alone that is %s',
    (state) => {
      const { clock, now, change } = watched();
      now.state = state;
      change();
      clock.advance(60_000);
      expect(now.restarts).toBe(0);
    },
  );

  test.each(['backoff', 'failed'])(
    'a job that is in %s starts afresh: the change may have mended it',
    (state) => {
      const { clock, now, change, child } = watched();
      now.state = state;
      now.lastExit = child(5_000);
      change();
      clock.advance(QUIET_MS);
      expect(now.restarts).toBe(1);
    },
  );

  test('a job that was stopped, or has started anew, before it was quiet is left alone', () => {
    const { clock, now, change } = watched();
    change();
    now.want = { No: 'ByHand' };
    clock.advance(QUIET_MS);
    now.want = 'Yes';
    change();
    now.run += 1;
    clock.advance(QUIET_MS);
    expect(now.restarts).toBe(0);
  });

  test.each<[string, Partial<Job>]>([
    ['other files are watched', { watch: ['*.ts'] }],
    ['the same names in another folder are watched', { cwd: '/new' }],
    ['no files are watched any more', { watch: [] }],
  ])('a change is forgotten once %s', (_, written) => {
    const { clock, now, change, watches, instance, job } = watched();
    change();
    Object.assign(job, written);
    watches.follow(instance);
    clock.advance(60_000);
    expect([now.restarts, clock.pending]).toEqual([0, 0]);
  });

  test.each(['running', 'starting', 'backoff'])(
    'a job that changes a file around each start, then %s, is restarted so often and no more',
    (state) => {
      const { clock, now, child, change, lines } = watched();
      now.state = state;
      for (let start = 0; start < 20; start += 1) {
        now.child = child(100);
        now.lastExit = child(100);
        change('/app/own.js');
        clock.advance(QUIET_MS);
      }
      expect(now.restarts).toBe(MOST_IN_A_ROW);
      expect(lines.at(-1)).toContain('/app/own.js changes whenever the job starts');
      now.state = 'running';
      clock.advance(5_000);
      change('/app/a.js');
      clock.advance(QUIET_MS);
      expect(now.restarts).toBe(MOST_IN_A_ROW + 1);
      change('/app/own.js');
      clock.advance(QUIET_MS);
      expect(now.restarts).toBe(MOST_IN_A_ROW + 1);
    },
  );

  test('a job that is removed and comes back is watched again, with nothing known of before', () => {
    const { clock, change, watches, instance, requests, isWatching } = watched();
    change();
    clock.advance(QUIET_MS);
    expect(watches.stateOf('web')?.last?.file).toBe('/app/a.js');
    watches.drop('web');
    expect([isWatching(), watches.stateOf('web')]).toEqual([false, null]);
    watches.follow(instance);
    expect([isWatching(), requests.length, watches.stateOf('web')?.last]).toEqual([true, 2, null]);
  });

  test('only other globs, or another folder, begin a new watch; without globs there is none', () => {
    const { watches, instance, job, requests, isWatching } = watched();
    watches.follow(instance);
    expect(requests).toEqual([{ cwd: '/app', globs: ['*.js'] }]);
    job.watch = ['*.ts'];
    watches.follow(instance);
    job.cwd = '/new';
    watches.follow(instance);
    expect(requests.slice(1)).toEqual([
      { cwd: '/app', globs: ['*.ts'] },
      { cwd: '/new', globs: ['*.ts'] },
    ]);
    job.watch = [];
    watches.follow(instance);
    expect([requests.length, isWatching()]).toEqual([3, false]);
  });
});
