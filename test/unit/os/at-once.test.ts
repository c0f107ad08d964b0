import { answeringAtOnce, answerOf } from '../../../src/os/at-once.ts';
import type { ProcessInfo } from '../../../src/os/os.ts';
import { asked, CannotAsk, isRefusal, NotKnownYet } from '../../../src/os/system-error.ts';

const info = (pid: number): ProcessInfo => ({ pid, start: 's', ppid: 1, pgid: pid, sid: pid, state: 'S' });

/** What each question is answered at once, by a system that cannot be asked if `refuses`. */
function answers(refuses: Error | null): readonly unknown[] {
  const known = <T>(answer: T): T => {
    if (refuses !== null) throw refuses;
    return answer;
  };
  const later = answeringAtOnce({
    identify: (pid) => known(pid === 9 ? null : info(pid)),
    listing: (asked) => known({ found: [info(1)], isWhole: asked === null }),
    group: (pgid) => known([info(pgid)]),
    processesWithEnv: (name, among) =>
      known([{ pid: 7, values: [name, String(among)], has: () => true }]) as never,
  });
  const heard: unknown[] = [];
  const hear = (answer: unknown): number => heard.push(answer);
  later.identify([7, 9, 8], hear);
  later.listing(null, hear);
  later.group(3, hear);
  later.processesWithEnv('NAME', undefined as never, hear);
  later.writers(['/log'], hear);
  return heard;
}

test('a cheap question is answered before the call returns', () => {
  const [identified, all, group, carriers, writers] = answers(null);
  expect([identified, all, group]).toEqual([
    [info(7), info(8)],
    { found: [info(1)], isWhole: true },
    [info(3)],
  ]);
  expect(carriers).toEqual([expect.objectContaining({ pid: 7, values: ['NAME', 'undefined'] })]);
  expect(writers).toEqual(new Map());
});

test('a system that cannot be asked is an answer, and a mistake of ours is thrown', () => {
  const cannot = new CannotAsk('no descriptor');
  expect(answers(cannot).slice(0, 4)).toEqual([cannot, cannot, cannot, cannot]);
  expect(() => answers(new TypeError('a bug of ours'))).toThrow('a bug of ours');
  expect(answerOf(() => 5)).toBe(5);
});

test('only what the world refuses is a refusal', () => {
  const refusal = Object.assign(new Error('full'), { syscall: 'write' });
  expect(
    [new CannotAsk('x'), new NotKnownYet(), refusal, new Error('x'), null, undefined, 'syscall', 5].map(
      isRefusal,
    ),
  ).toEqual([true, true, true, false, false, false, false, false]);
  expect([new CannotAsk('x').name, new NotKnownYet().message]).toEqual([
    'CannotAsk',
    'the system has been asked and has not answered yet',
  ]);
});

test('if the system cannot be asked, the fallback value is used', () => {
  expect([asked('else', () => 'known'), asked('else', () => answerOfNobody())]).toEqual(['known', 'else']);
  expect(() =>
    asked('else', () => {
      throw new TypeError('a bug of ours');
    }),
  ).toThrow('a bug of ours');
});

function answerOfNobody(): string {
  throw new CannotAsk('no process to run ps');
}
