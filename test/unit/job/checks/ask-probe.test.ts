import type { Alive } from '../../../../src/config/config.ts';
import { askProbe } from '../../../../src/job/checks/ask-probe.ts';
import type { ProbeDone, TestEnd } from '../../../../src/job/ports.ts';
import { NoRoom } from '../../../../src/job/no-room.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** A probe under way: what it has answered, and what a test makes of it. */
function probed(probe: Partial<Alive>) {
  const clock = new FakeClock();
  const answers: Parameters<ProbeDone>[0][] = [];
  const ended: string[] = [];
  let begun = (): void => undefined;
  let done: ProbeDone = () => undefined;
  let doneTest: (end: TestEnd) => void = () => undefined;
  const attempt = { end: () => void ended.push('ended') };
  const under = askProbe(
    {
      clock,
      program: ({ exe, args }) => ({ exe, args, cwd: '/', env: {} }),
      probes: {
        connect: (_: unknown, on: ProbeDone) => ((done = on), attempt),
        request: (_: unknown, on: ProbeDone) => ((done = on), attempt),
      } as never,
      processes: {
        runTest: (_: unknown, on: typeof doneTest, start: () => void) => (
          (doneTest = on),
          (begun = start),
          attempt
        ),
      } as never,
    },
    { timeoutMs: 2_000, ...probe } as never,
    (failure) => answers.push(failure),
  );
  return {
    clock,
    answers,
    ended,
    under,
    begin: () => begun(),
    answer: (failure: Parameters<ProbeDone>[0]) => done(failure),
    end: (end: Partial<TestEnd>) => doneTest({ code: 0, signal: null, error: null, output: '', ...end }),
  };
}

const TCP = { kind: 'tcp', host: 'a', port: 80 } as const;
const HTTP = { kind: 'http', url: 'http://a/' } as const;
const COMMAND = { kind: 'command', command: { exe: 'check', args: ['now'] } } as const;

test('a probe answers once, with what it was about where it failed', () => {
  const [tcp, http, command] = [probed(TCP), probed(HTTP), probed(COMMAND)];
  const [good, page] = [probed(TCP), probed(HTTP)];
  tcp.answer('refused');
  tcp.answer('again');
  http.answer('status 500');
  command.end({ code: 3 });
  good.answer(null);
  page.answer(null);
  expect([tcp.answers, http.answers, command.answers, good.answers, page.answers]).toEqual([
    ['a:80: refused'],
    ['http://a/: status 500'],
    ['`check now` exited with 3'],
    [null],
    [null],
  ]);
  tcp.under.end();
  tcp.clock.advance(10_000);
  expect([tcp.answers.length, tcp.ended]).toEqual([1, []]);
  const [odd, passed] = [probed(COMMAND), probed(COMMAND)];
  odd.end({ code: 255 });
  passed.end({});
  expect([odd.answers, passed.answers]).toEqual([['`check now` exited with 255'], [null]]);
});

test('a probe for which the system has no room says so, and what it was about', () => {
  const [tcp, http, command] = [probed(TCP), probed(HTTP), probed(COMMAND)];
  tcp.answer(new NoRoom('EMFILE'));
  http.answer(new NoRoom('EMFILE'));
  command.end({ code: null, error: 'cannot be started: EMFILE', isOfNoRoom: true });
  const answers = [tcp, http, command].map((each) => each.answers[0]);
  expect(answers).toEqual(Array(3).fill(expect.any(NoRoom)));
  expect(answers.map((each) => (each as NoRoom).detail)).toEqual([
    'a:80: EMFILE',
    'http://a/: EMFILE',
    '`check now` could not run: cannot be started: EMFILE',
  ]);
});

test('a probe without an answer is ended at its timeout, that of a command from its start on', () => {
  const [tcp, command] = [probed(TCP), probed(COMMAND)];
  for (const each of [tcp, command]) each.clock.advance(1_999);
  expect([tcp.answers, command.answers]).toEqual([[], []]);
  tcp.clock.advance(1);
  expect([tcp.answers, tcp.ended]).toEqual([['a:80 gave no answer within 2 s'], ['ended']]);
  command.begin();
  command.clock.advance(1_999);
  expect(command.answers).toEqual([]);
  command.clock.advance(1);
  expect(command.answers).toEqual(['`check now` gave no answer within 2 s']);
});

test('after its end a probe answers nothing, and its attempt is ended once', () => {
  const tcp = probed(TCP);
  tcp.under.end();
  tcp.under.end();
  tcp.answer('late');
  tcp.clock.advance(10_000);
  expect([tcp.answers, tcp.ended]).toEqual([[], ['ended']]);
  const command = probed(COMMAND);
  command.under.end();
  command.begin();
  expect(command.clock.pending).toBe(0);
});
