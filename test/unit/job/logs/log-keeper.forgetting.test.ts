import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { keptLogs } from '../../../support/kept-logs.ts';
import { openBelow } from '../../../support/open-files.ts';
import { until } from '../../../support/until.ts';

/** Ends what a test has left unanswered. */
let endAll: () => Promise<void>;
beforeEach(() => {
  endAll = () => Promise.resolve();
});
afterEach(() => endAll());

type Pause = NonNullable<Parameters<typeof keptLogs>[0]>['pause'];

/** Logs longer than they may be whose writer does not stand still until the test lets it. */
function unpaused() {
  const answers: ((kind: 'paused' | 'refused') => void)[] = [];
  const pause = (() =>
    new Promise((resolve) =>
      answers.push((kind) =>
        resolve(
          kind === 'paused'
            ? { kind, since: performance.now(), resume: () => Promise.resolve() }
            : { kind, message: 'it did not stop' },
        ),
      ),
    )) as never as Pause;
  const made = keptLogs({ ...(pause && { pause }) });
  /** The log is looked at, and its writer is to stand still. */
  const grow = async (): Promise<void> => {
    writeFileSync(made.at('web.log'), 'longer than ten\n');
    const before = answers.length;
    made.keeper.wake('web.log');
    made.rest(0.5);
    await until(() => answers.length > before);
  };
  const answer = (kind: 'paused' | 'refused'): void => answers.at(-1)?.(kind);
  endAll = () => {
    for (const each of answers) each('refused');
    return until(() => openBelow(made.folder).length === 0);
  };
  return { ...made, grow, answer, asked: () => answers.length };
}

describe('while a log is rotated', () => {
  test('a log is not rotated once more while that is under way, however often it is polled', async () => {
    const { begin, grow, rest, keeper, asked, answer, at } = unpaused();
    begin(['web.log'], { rotate: 'pause' });
    await grow();
    keeper.wake('web.log');
    rest(10);
    expect(asked()).toBe(1);
    answer('paused');
    await until(() => existsSync(at('web.log.1')));
  });

  test('the copy of a rotation under way is no leftover, whatever is to be kept by now', async () => {
    const { begin, grow, rest, keeper, answer, state, folder, at } = unpaused();
    begin(['web.log'], { rotate: 'pause' });
    await grow();
    state.logs = state.logs.map((log) => ({ ...log, policy: { ...log.policy, keep: 3 } }));
    keeper.configure('web.log');
    rest(1);
    expect(readdirSync(folder)).toContain('web.log.rotating');
    answer('paused');
    await until(() => existsSync(at('web.log.1')));
    expect(readFileSync(at('web.log.1'), 'utf8')).toBe('longer than ten\n');
  });

  test('a job that is removed and comes again keeps as many logs as it now says', async () => {
    const { begin, grow, keeper, answer, at, state, folder } = unpaused();
    begin(['web.log'], { rotate: 'pause' });
    const [log] = state.logs;
    state.logs = [{ ...log!, policy: { ...log!.policy, keep: 5 } }];
    for (const number of [1, 2, 3]) writeFileSync(at(`web.log.${number}`), 'older\n');
    await grow();
    keeper.forget('web.log', at('web.log'), { ...log!.policy, keep: 1 });
    keeper.configure('web.log');
    answer('paused');
    await until(() => openBelow(folder).length === 0);
    expect(existsSync(at('web.log.4'))).toBe(true);
  });
});

test('a log whose rotation has failed is tried again although it grows no more', async () => {
  const { begin, grow, rest, answer, asked, said, clock } = unpaused();
  begin(['web.log'], { rotate: 'pause' });
  await grow();
  answer('refused');
  await until(() => said.length === 1);
  rest(10);
  expect([asked(), clock.pending]).toEqual([1, 1]);
  rest(6);
  await until(() => asked() === 2);
});

test('the log of a job that comes back is rotated at once, although that failed before', async () => {
  const { begin, grow, answer, asked, said, keeper, at } = unpaused();
  begin(['web.log'], { rotate: 'pause' });
  await grow();
  answer('refused');
  await until(() => said.length === 1);
  keeper.forget('web.log', at('web.log'), null);
  await grow();
  expect(asked()).toBe(2);
});

test('the writers hear of a job that is gone', () => {
  const forgotten: string[] = [];
  const { begin, keeper, at } = keptLogs({ writers: { forget: (path) => forgotten.push(path) } });
  begin(['web.log']);
  keeper.forget('web.log', at('web.log'), null);
  expect(forgotten).toEqual([at('web.log')]);
});

describe('the watch of a quiet log', () => {
  const quiet = () => {
    const made = keptLogs();
    made.begin(['web.log']);
    made.rest(6);
    expect(made.openWatches()).toBe(1);
    return made;
  };

  test('a quiet log is watched no more once it is polled again', () => {
    const { keeper, rest, openWatches } = quiet();
    keeper.wake('web.log');
    rest(1);
    expect(openWatches()).toBe(0);
  });

  test('a quiet log is watched no more once its job is gone', () => {
    const { keeper, at, openWatches } = quiet();
    keeper.forget('web.log', at('web.log'), null);
    expect(openWatches()).toBe(0);
  });

  test('a quiet log is watched no more after the end of its keeper', () => {
    const { keeper, openWatches } = quiet();
    keeper.end();
    expect(openWatches()).toBe(0);
  });
});

describe('faults', () => {
  /** Two logs; from `isOdd` on each look at the first meets a fault, which is its job's. */
  function faulty() {
    const now = { isOdd: false };
    const faults: string[] = [];
    const tended: string[] = [];
    const made = keptLogs({
      writers: {
        tend: (path) => {
          if (now.isOdd && path.endsWith('odd.log')) throw new TypeError('a bug of ours');
          tended.push(path);
        },
      },
    });
    const within = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        faults.push(String(error));
      }
    };
    const begin = (since?: number): void => made.begin(['odd.log', 'web.log'], {}, since, within);
    return { ...made, begin, now, faults, tended };
  }

  test('a fault with the log of one job leaves the logs of other jobs polled', () => {
    const { begin, now, faults, tended, at } = faulty();
    now.isOdd = true;
    begin();
    expect([faults, tended]).toEqual([['TypeError: a bug of ours'], [at('web.log')]]);
  });

  test('a fault with the log of one job leaves the writers of other adopted jobs checked', () => {
    const { begin, now, rest, tended, faults, clock, at } = faulty();
    begin(clock.wall() - 1);
    rest(10);
    tended.splice(0);
    now.isOdd = true;
    rest(2);
    expect([faults, tended]).toEqual([['TypeError: a bug of ours'], [at('web.log')]]);
  });
});

test('a log that is to be rotated from now on loses what is beyond the number that is kept', () => {
  const { begin, rest, at, state, keeper, folder } = keptLogs();
  writeFileSync(at('web.log.7'), '');
  begin(['web.log'], { rotate: 'off', keep: 2 });
  expect(readdirSync(folder)).toContain('web.log.7');
  state.logs = state.logs.map((log) => ({ ...log, policy: { ...log.policy, rotate: 'pause' } }));
  keeper.configure('web.log');
  rest(1);
  expect(readdirSync(folder)).not.toContain('web.log.7');
});
