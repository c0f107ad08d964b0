import type { AliveProbe } from '../../../../src/config/config.ts';
import { askProbe } from '../../../../src/job/checks/ask-probe.ts';
import type { ProbeDone, TestEnd } from '../../../../src/job/ports.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const HTTP: AliveProbe = { kind: 'http', url: 'http://localhost/health' };
const COMMAND: AliveProbe = { kind: 'command', command: { exe: 'check', args: [] } };

/** One probe of 5 s, with what is heard of it. */
function ask(probe: AliveProbe) {
  const clock = new FakeClock();
  const heard: (string | null)[] = [];
  let endings = 0;
  let answer: ProbeDone = () => undefined;
  let finish: (end: TestEnd) => void = () => undefined;
  const attempt = { end: () => void (endings += 1) };
  const asked = askProbe(
    {
      clock,
      probes: {
        request: (_url: string, done: ProbeDone) => {
          answer = done;
          return attempt;
        },
      } as never,
      processes: {
        runTest: (_program: unknown, done: typeof finish) => {
          finish = done;
          return attempt;
        },
      } as never,
      program: ({ exe, args }) => ({ exe, args, cwd: '/', env: {} }),
    },
    { ...probe, timeoutMs: 5_000 },
    (failure) => heard.push(failure),
  );
  return {
    asked,
    clock,
    heard,
    endings: () => endings,
    answer: (failure: string | null) => answer(failure),
    finish: (end: TestEnd) => finish(end),
  };
}

test('a page that answers well is no failure, and neither its end nor its time is told later', () => {
  const { asked, clock, heard, endings, answer } = ask(HTTP);
  answer(null);
  expect([heard, clock.pending]).toEqual([[null], 0]);
  asked.end();
  clock.advance(60_000);
  expect([heard, endings()]).toEqual([[null], 0]);
});

test('a command that never gets its process fails with the reason', () => {
  const { clock, heard, finish } = ask(COMMAND);
  finish({ code: null, signal: null, error: 'no such file', output: '' });
  expect([heard, clock.pending]).toEqual([['`check` could not run: no such file'], 0]);
});

test('a command that is ended while it waits for its process is ended once, and nothing is told', () => {
  const { asked, clock, heard, endings, finish } = ask(COMMAND);
  asked.end();
  asked.end();
  finish({ code: 0, signal: null, error: null, output: '' });
  expect([heard, endings(), clock.pending]).toEqual([[], 1, 0]);
});
