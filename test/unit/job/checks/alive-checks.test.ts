import type { Alive } from '../../../../src/config/config.ts';
import { AliveChecks } from '../../../../src/job/checks/alive-checks.ts';
import type { ProbeDone, Program, TestEnd } from '../../../../src/job/ports.ts';
import { NoRoom } from '../../../../src/job/no-room.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const TIMES = { intervalMs: 10_000, timeoutMs: 5_000, failures: 3 };
const TCP: Alive = { kind: 'tcp', host: 'localhost', port: 80, ...TIMES };

/** Checks of a job, the probes that are asked, and what is said of them. */
function checks(first: Alive | null = TCP) {
  const clock = new FakeClock(0);
  const asked: { readonly what: string; readonly done: ProbeDone; ended: number }[] = [];
  const programs: { readonly program: Program; readonly done: (end: TestEnd) => void }[] = [];
  const said: string[] = [];
  let alive = first;
  let told = (): void => undefined;
  let answerAtOnce: string | null | undefined;
  const ask = (what: string, done: ProbeDone) => {
    const probe = { what, done, ended: 0 };
    asked.push(probe);
    if (answerAtOnce !== undefined) done(answerAtOnce);
    return { end: () => (probe.ended += 1) };
  };
  const made = new AliveChecks({
    clock,
    alive: () => alive,
    onPass: (run) => said.push(`${run} passed`),
    onFail: (run, detail) => {
      said.push(`${run} failed: ${detail}`);
      told();
    },
    program: ({ exe, args }) => ({ exe, args, cwd: '/', env: {} }),
    probes: {
      connect: ({ host, port }: { readonly host: string; readonly port: number }, done: ProbeDone) =>
        ask(`${host}:${port}`, done),
      request: ask,
    } as never,
    processes: {
      runTest: (program: Program, done: (end: TestEnd) => void, begun: () => void) => {
        programs.push({ program, done });
        begun();
        return ask(program.exe, () => undefined);
      },
    } as never,
  });
  return {
    checks: made,
    clock,
    asked,
    programs,
    said,
    whenTold: (then: () => void) => (told = then),
    change: (next: Alive | null) => (alive = next),
    answerAtOnce: (answer: string | null) => (answerAtOnce = answer),
  };
}

test('a check for which the system has no room counts neither way, and another one follows', () => {
  const { checks: alive, clock, asked, said } = checks();
  alive.begin(4, false);
  const answers = ['refused', new NoRoom('EMFILE'), new NoRoom('EMFILE'), null, new NoRoom('x'), null];
  for (const [index, answer] of answers.entries()) {
    clock.advance(10_000);
    asked[index]?.done(answer);
  }
  expect([asked.length, said]).toEqual([6, ['4 failed: localhost:80: refused', '4 passed']]);
});

test('a check comes an interval after the last one, and only news are told', () => {
  const { checks: alive, clock, asked, said } = checks();
  alive.begin(4, false);
  clock.advance(9_999);
  expect(asked.length).toBe(0);
  clock.advance(1);
  expect(asked.map(({ what }) => what)).toEqual(['localhost:80']);
  asked[0]?.done(null);
  expect(said).toEqual([]);
  clock.advance(10_000);
  asked[1]?.done('refused');
  clock.advance(10_000);
  asked[2]?.done('refused');
  clock.advance(10_000);
  asked[3]?.done(null);
  clock.advance(10_000);
  asked[4]?.done(null);
  expect(said).toEqual(['4 failed: localhost:80: refused', '4 failed: localhost:80: refused', '4 passed']);
});

test('checks that end because of a failure have no other after it', () => {
  const { checks: alive, clock, asked, said, whenTold } = checks();
  whenTold(() => alive.end());
  alive.begin(4, false);
  clock.advance(10_000);
  asked[0]?.done('refused');
  expect([said.length, clock.pending]).toEqual([1, 0]);
});

test('the first pass is news where an earlier daemon has seen a failure', () => {
  const { checks: alive, clock, asked, said } = checks();
  alive.begin(4, true);
  clock.advance(10_000);
  asked[0]?.done(null);
  expect(said).toEqual(['4 passed']);
});

test('a check without an answer fails at its timeout, and its late answer counts no more', () => {
  const { checks: alive, clock, asked, said } = checks();
  alive.begin(1, false);
  clock.advance(14_999);
  expect(said).toEqual([]);
  clock.advance(1);
  expect([said, asked[0]?.ended]).toEqual([['1 failed: localhost:80 gave no answer within 5 s'], 1]);
  asked[0]?.done(null);
  expect([said.length, asked.length]).toEqual([1, 1]);
  clock.advance(10_000);
  expect(asked.length).toBe(2);
});

test('an answer in time leaves no timeout behind', () => {
  const { checks: alive, clock, asked, said } = checks();
  alive.begin(1, false);
  clock.advance(10_000);
  asked[0]?.done(null);
  expect(clock.pending).toBe(1);
  clock.advance(9_999);
  expect([said, asked[0]?.ended]).toEqual([[], 0]);
});

test('an end takes the check that is under way, or the one that waits, and a new begin as well', () => {
  const { checks: alive, clock, asked, said } = checks();
  alive.begin(1, false);
  alive.end();
  alive.end();
  expect(clock.pending).toBe(0);
  alive.begin(2, false);
  clock.advance(10_000);
  alive.begin(3, false);
  expect([asked[0]?.ended, clock.pending]).toEqual([1, 1]);
  asked[0]?.done('late');
  clock.advance(10_000);
  alive.end();
  expect([asked.length, asked[1]?.ended, clock.pending, said]).toEqual([2, 1, 0, []]);
});

test('a check that answers at once is followed by the next one', () => {
  const { checks: alive, clock, asked, said, answerAtOnce } = checks();
  answerAtOnce('refused');
  alive.begin(1, false);
  clock.advance(20_000);
  expect([asked.length, said.length, clock.pending]).toEqual([2, 2, 1]);
  alive.end();
  expect([clock.pending, asked.map(({ ended }) => ended)]).toEqual([0, [0, 0]]);
});

test('checks end where the config asks for none any more, and follow its changes', () => {
  const { checks: alive, clock, asked, change } = checks(null);
  alive.begin(1, false);
  expect(clock.pending).toBe(0);
  change(TCP);
  alive.begin(1, false);
  change({ ...TCP, port: 81, intervalMs: 1_000 });
  clock.advance(10_000);
  asked[0]?.done(null);
  clock.advance(1_000);
  expect(asked.map(({ what }) => what)).toEqual(['localhost:81', 'localhost:81']);
  asked[1]?.done(null);
  change(null);
  clock.advance(1_000);
  expect([asked.length, clock.pending]).toEqual([2, 0]);
});

test('each kind of probe is named in its failure', () => {
  const http = checks({ kind: 'http', url: 'http://localhost/health', ...TIMES });
  http.checks.begin(1, false);
  http.clock.advance(10_000);
  http.asked[0]?.done('answered 500');
  expect(http.said).toEqual(['1 failed: http://localhost/health: answered 500']);
  const command = checks({ kind: 'command', command: { exe: 'check', args: ['-x', 'y'] }, ...TIMES });
  command.checks.begin(1, false);
  const end = { code: 3, signal: null, error: null, output: '' };
  for (const each of [end, { ...end, code: 255 }, { ...end, code: 0 }]) {
    command.clock.advance(10_000);
    command.programs.at(-1)?.done(each);
  }
  expect(command.said).toEqual([
    '1 failed: `check -x y` exited with 3',
    '1 failed: `check -x y` exited with 255',
    '1 passed',
  ]);
  expect(command.programs[0]?.program).toEqual({ exe: 'check', args: ['-x', 'y'], cwd: '/', env: {} });
});
