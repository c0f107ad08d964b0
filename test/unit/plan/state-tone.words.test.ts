import { activeStates } from '../../../src/plan/active-states.ts';
import { exitInWords } from '../../../src/plan/exit-words.ts';
import { JOB_STATES } from '../../../src/plan/job-state.ts';
import { overMemoryWords } from '../../../src/plan/over-memory-words.ts';
import { hasCrashed, STATE_TONE, TONE_SIGN, toneOf } from '../../../src/plan/state-tone.ts';
import { arrowId, arrowsTaken } from '../../../src/plan/taken-arrows.ts';

test.each([
  [{ code: 3, signal: null }, 'exited with 3'],
  [{ code: 0, signal: null }, 'exited with 0'],
  [{ code: null, signal: 'SIGKILL' }, 'ended by SIGKILL'],
  [{ code: null, signal: null }, 'exited while no daemon was running; its exit code is unknown'],
])('the end %j has its words', (exit, words) => {
  expect(exitInWords(exit)).toBe(words);
});

test('too much memory is reported in the units of its limit', () => {
  expect(overMemoryWords({ bytes: 3 * 2 ** 20, maxBytes: 2 ** 20 })).toMatch(
    /^its memory was 3 ?\S+, above the 1 ?\S+ of max_memory$/,
  );
});

test('the active states of a value are all that enclose its leaves, the outer ones first', () => {
  expect(activeStates('Running', 'a')).toEqual(['a.Running']);
  expect(activeStates({ child: { Up: 'Running' }, want: 'Yes' }, 'job')).toEqual([
    'job.child',
    'job.child.Up',
    'job.child.Up.Running',
    'job.want',
    'job.want.Yes',
  ]);
});

test('each state has its tone, each tone a sign of its own', () => {
  expect(JOB_STATES.map((state) => STATE_TONE[state]).join(' ')).toBe(
    'wait busy wait busy up busy bad idle bad idle',
  );
  const signs = Object.values(TONE_SIGN);
  expect([signs.join(''), new Set(signs).size]).toEqual(['●◐○!·', 5]);
});

test('only a job that is stopping, has no child and failed has crashed, and is a problem at once', () => {
  const jobs = (['stopping', 'running'] as const).flatMap((state) =>
    [null, 7].flatMap((pid) => [true, false].map((lastRunFailed) => ({ state, pid, lastRunFailed }))),
  );
  expect(jobs.filter(hasCrashed)).toEqual([{ state: 'stopping', pid: null, lastRunFailed: true }]);
  expect(jobs.map(toneOf).join(' ')).toBe('bad busy busy busy up up up up');
});

describe('arrows', () => {
  const arrows = {
    'a to b': { from: 'a', to: 'b' },
    'a again': { from: 'a', to: 'a' },
    'any to c': { from: null, to: 'c' },
  };

  test('a step takes the arrows that the picture draws, in their order', () => {
    expect(arrowId('a', 'b')).toBe('a..b');
    expect(arrowsTaken(arrows, ['a'], ['a to b', 'not drawn', 'toString', 'a again'])).toEqual([
      'a..b',
      'a..a',
    ]);
  });

  test('an arrow that leaves several states begins at the state that was active last', () => {
    expect(arrowsTaken(arrows, ['a', 'b', 'hidden'], ['any to c'])).toEqual(['b..c']);
    expect(arrowsTaken(arrows, ['b'], ['a again', 'any to c', 'any to c'])).toEqual(['a..a', 'a..c']);
    expect(arrowsTaken(arrows, ['hidden'], ['any to c'])).toEqual(['..c']);
  });
});
