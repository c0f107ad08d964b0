import { writeFileSync, mkdtempSync, rmSync, truncateSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ready } from '../../../../src/config/config.ts';
import type { Probes, Processes, TestEnd } from '../../../../src/job/ports.ts';
import { Probing } from '../../../../src/job/checks/probing.ts';
import { matchingLines } from '../../../../src/job/checks/matching-lines.ts';
import { realProbes } from '../../../../src/job/checks/real-probes.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('probing', () => {
  const COMMAND = { exe: 'check', args: [] };

  interface Stage {
    /** Whether a command waits for its turn until the test says that it has begun. */
    readonly isQueued?: boolean;
    readonly probes?: Partial<Probes>;
  }

  /** Probing whose tries end when the test says so. */
  function probing(ready: Ready | null, logPath = '/nowhere', { isQueued = false, probes = {} }: Stage = {}) {
    const clock = new FakeClock();
    const tries: { done: (end: TestEnd) => void; begun: () => void; isEnded: boolean }[] = [];
    const processes = {
      runTest: (_program, done, begun = () => undefined) => {
        const one = { done, begun, isEnded: false };
        tries.push(one);
        if (!isQueued) begun();
        return { end: () => (one.isEnded = true) };
      },
    } as Pick<Processes, 'runTest'> as Processes;
    const asked = { ready, isReady: [] as number[] };
    const program = (): never => ({ exe: 'check', args: [], cwd: '/', env: {} }) as never;
    const subject = new Probing({
      clock,
      processes,
      // On a busy machine a match may take as long as one that does not end.
      probes: { ...realProbes, match: matchingLines(60_000), ...probes },
      ready: () => asked.ready,
      program,
      logPath,
      onReady: (run) => asked.isReady.push(run),
    });
    return { clock, tries, asked, subject };
  }

  const ended = (code: number): TestEnd => ({ code, signal: null, error: null, output: '' });

  const command: Ready = {
    kind: 'command',
    command: COMMAND,
    intervalMs: 1_000,
    timeoutMs: 5_000,
    withinMs: 60_000,
  };

  test('probes repeat at the interval until one succeeds, and then stop', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(7, 0);
    tries[0]?.done(ended(1));
    expect([tries.length, subject.failure]).toEqual([1, '`check` exited with 1']);
    clock.advance(999);
    expect(tries).toHaveLength(1);
    clock.advance(1);
    tries[1]?.done(ended(0));
    expect(asked.isReady).toEqual([7]);
    clock.advance(60_000);
    expect([tries.length, clock.pending, subject.failure]).toEqual([2, 0, null]);
  });

  test('a try for which the system has no room is a no that says why', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    tries[0]?.done({ ...ended(1), code: null, error: 'EMFILE', isOfNoRoom: true });
    expect([asked.isReady, subject.failure]).toEqual([[], '`check` could not run: EMFILE']);
    clock.advance(1_000);
    expect(tries).toHaveLength(2);
  });

  test('a try that outlives its time is ended, counts as a no, and its late answer is nobody’s', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    clock.advance(5_000);
    expect([tries[0]?.isEnded, subject.failure]).toEqual([true, '`check` gave no answer within 5 s']);
    tries[0]?.done(ended(0));
    expect(asked.isReady).toEqual([]);
    clock.advance(1_000);
    expect(tries).toHaveLength(2);
  });

  test('the time of a try begins with its process, not while it waits for its turn', () => {
    const { clock, tries, subject } = probing(command, '/nowhere', { isQueued: true });
    subject.begin(1, 0);
    clock.advance(60_000);
    expect([tries[0]?.isEnded, subject.failure]).toEqual([false, null]);
    tries[0]?.begun();
    clock.advance(4_999);
    expect(tries[0]?.isEnded).toBe(false);
    clock.advance(1);
    expect([tries[0]?.isEnded, subject.failure]).toEqual([true, '`check` gave no answer within 5 s']);
  });

  test('a try that nobody needs any more has no time when its turn comes', () => {
    const { clock, tries, subject } = probing(command, '/nowhere', { isQueued: true });
    subject.begin(1, 0);
    subject.end();
    tries[0]?.begun();
    expect([clock.pending, tries[0]?.isEnded]).toEqual([0, true]);
  });

  test('a probe that nobody needs any more is ended, and none follows', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    subject.end();
    tries[0]?.done(ended(0));
    clock.advance(60_000);
    expect([tries.length, tries[0]?.isEnded, asked.isReady, clock.pending]).toEqual([1, true, [], 0]);
  });

  test('probing that begins anew ends the try before, whose answer counts no more', () => {
    const { tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    subject.begin(2, 0);
    tries[0]?.done(ended(0));
    expect([tries.map(({ isEnded }) => isEnded), asked.isReady]).toEqual([[true, false], []]);
    tries[1]?.done(ended(0));
    expect(asked.isReady).toEqual([2]);
  });

  test('a changed config is heeded from the next try on', () => {
    const { clock, tries, asked, subject } = probing(command);
    subject.begin(1, 0);
    asked.ready = null;
    tries[0]?.done(ended(1));
    clock.advance(60_000);
    expect([tries.length, clock.pending, subject.isUnderWay]).toEqual([1, 0, false]);
  });

  test('a log is read from where this run’s output began, and from its start after a rotation', () => {
    const dir = mkdtempSync(join(tmpdir(), 'overseer-unit-'));
    const path = join(dir, 'web.log');
    writeFileSync(path, 'ready\n');
    const { clock, asked, subject } = probing(
      { kind: 'log', pattern: '^ready$', intervalMs: 1_000, timeoutMs: 5_000, withinMs: 60_000 },
      path,
    );
    subject.begin(1, 6);
    expect(subject.failure).toBe('no line of its log matches /^ready$/');
    appendFileSync(path, 'not ready\nrea');
    clock.advance(1_000);
    expect(asked.isReady).toEqual([]);
    truncateSync(path);
    appendFileSync(path, 'ready\n');
    clock.advance(1_000);
    expect(asked.isReady).toEqual([1]);
    rmSync(dir, { recursive: true });
  });

  const LOG: Ready = {
    kind: 'log',
    pattern: '^ready$',
    intervalMs: 1_000,
    timeoutMs: 5_000,
    withinMs: 60_000,
  };

  /** A log of this text that grows on demand. */
  function growing(text: string) {
    let bytes = Buffer.from(text);
    const probes: Partial<Probes> = {
      logSize: () => bytes.length,
      logId: () => '',
      readLog: (_path, from, limit) => bytes.subarray(from, from + limit),
    };
    return { probes, add: (more: string) => (bytes = Buffer.concat([bytes, Buffer.from(more)])) };
  }

  test('a log that was rotated since the run began is read from where the run began', () => {
    const files: Readonly<Record<string, string>> = {
      log: '',
      'log.1': 'ready\nnot yet\n',
      'log.2': 'old\n',
    };
    const textOf = (path: string): string => files[path] ?? '';
    const { asked, subject } = probing(LOG, 'log', {
      probes: {
        logSize: (path) => textOf(path).length,
        logId: (path) => textOf(path),
        readLog: (path, from, limit) => Buffer.from(textOf(path)).subarray(from, from + limit),
      },
    });
    // The newest rotated log was `log.2` then, and the output begins behind a line of an earlier run.
    subject.begin(1, 6, files['log.2']);
    expect([asked.isReady, subject.failure]).toEqual([[], 'no line of its log matches /^ready$/']);
    subject.begin(1, 0, files['log.2']);
    expect(asked.isReady).toEqual([1]);
  });

  test('a pause between two tries ends with the probing', () => {
    const { clock, tries, subject } = probing(command);
    subject.begin(1, 0);
    tries[0]?.done(ended(1));
    expect([clock.pending, subject.isUnderWay]).toEqual([1, true]);
    subject.end();
    expect([clock.pending, subject.isUnderWay, subject.failure]).toEqual([0, false, null]);
  });

  test('a probe that answers at once is not ended later, and its pause is', () => {
    let ends = 0;
    const connect: Probes['connect'] = (_to, done) => {
      done('refused');
      return { end: () => (ends += 1) };
    };
    const tcp: Ready = { ...command, kind: 'tcp', host: 'localhost', port: 80 };
    const { clock, subject } = probing(tcp, '/nowhere', { probes: { connect } });
    subject.begin(1, 0);
    expect([subject.failure, clock.pending]).toEqual(['localhost:80: refused', 1]);
    subject.end();
    expect([ends, clock.pending]).toEqual([0, 0]);
  });

  test('probing without a probe in the config does nothing', () => {
    const { clock, tries, subject } = probing(null);
    subject.begin(1, 0);
    expect([subject.isUnderWay, clock.pending, tries]).toEqual([false, 0, []]);
  });

  test('a log probe that comes while another is under way accepts a line that is there already', () => {
    const { clock, tries, asked, subject } = probing(command, 'log', growing('ready\n'));
    subject.begin(1, 6);
    asked.ready = LOG;
    tries[0]?.done(ended(1));
    clock.advance(1_000);
    expect(asked.isReady).toEqual([1]);
  });

  test('a line that a log without news ends with is not taken for one of a log that was emptied', () => {
    const log = growing('not ');
    const { clock, asked, subject } = probing(LOG, 'log', log);
    subject.begin(1, 0);
    log.add('ready\n');
    clock.advance(1_000);
    expect(asked.isReady).toEqual([]);
    log.add('ready\n');
    clock.advance(1_000);
    expect(asked.isReady).toEqual([1]);
  });

  test('the next part of a long log is read soon, and a log is read at the interval at its end', () => {
    const log = growing(`${'x'.repeat(256 * 1024 - 1)}\n`);
    const { clock, asked, subject } = probing(LOG, 'log', log);
    subject.begin(1, 0);
    log.add('y\n');
    clock.advance(10);
    log.add('ready\n');
    clock.advance(999);
    expect(asked.isReady).toEqual([]);
    clock.advance(1);
    expect(asked.isReady).toEqual([1]);
  });

  test('each look that takes too long doubles the pause, up to half a minute, until one is quick', () => {
    const log = growing('');
    const looks: number[] = [];
    let answer: ReturnType<Probes['match']> = 'too-slow';
    const match: Probes['match'] = () => {
      looks.push(clock.monotonic() / 1_000);
      log.add('more\n');
      return answer;
    };
    const { clock, subject } = probing(LOG, 'log', { probes: { ...log.probes, match } });
    log.add('more\n');
    subject.begin(1, 0);
    expect(subject.failure).toBe('looking for /^ready$/ in its log takes too long');
    clock.advance(91_000);
    expect(looks).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    answer = false;
    clock.advance(30_000);
    answer = 'too-slow';
    clock.advance(2_000);
    expect(looks.slice(8)).toEqual([121, 122, 123]);
    subject.begin(2, 0);
    clock.advance(1_000);
    expect(looks.slice(11)).toEqual([123, 124]);
  });

  test('lines that a busy machine had no time for are looked at again before others are read', () => {
    const log = growing('ready\n');
    const looks: [number, readonly string[]][] = [];
    const answers: ReturnType<Probes['match']>[] = ['too-busy', 'too-busy', false, 'too-busy', true];
    const match: Probes['match'] = (_pattern, lines) => {
      looks.push([clock.monotonic() / 1_000, lines]);
      log.add('more\n');
      return answers[looks.length - 1] ?? false;
    };
    const { clock, asked, subject } = probing(LOG, 'log', { probes: { ...log.probes, match } });
    subject.begin(1, 0);
    expect(subject.failure).toBe('the machine is too busy to look for /^ready$/ in its log');
    clock.advance(3_900);
    expect(asked.isReady).toEqual([]);
    clock.advance(1_000);
    const rest = ['more', 'more', 'more'];
    expect(looks).toEqual([
      [0, ['ready']],
      [1, ['ready']],
      [2, ['ready']],
      [3, rest],
      [4, rest],
    ]);
    expect(asked.isReady).toEqual([1]);
  });

  test('lines of one run that a busy machine had no time for make no later run ready', () => {
    const log = growing('ready\n');
    let answer: ReturnType<Probes['match']> = 'too-busy';
    const match: Probes['match'] = () => answer;
    const { clock, asked, subject } = probing(LOG, 'log', { probes: { ...log.probes, match } });
    subject.begin(1, 0);
    answer = true;
    subject.begin(2, 'ready\n'.length);
    clock.advance(5_000);
    expect(asked.isReady).toEqual([]);
  });

  test('an expression that cannot be used is a failure that says so', () => {
    const log = growing('line\n');
    const { subject } = probing({ ...LOG, pattern: '(' }, 'log', log);
    subject.begin(1, 0);
    expect(subject.failure).toBe('the regular expression /(/ cannot be used');
  });

  test('a log without new lines is not searched', () => {
    const log = growing('');
    let searches = 0;
    const match: Probes['match'] = () => {
      searches += 1;
      return true;
    };
    const { clock, asked, subject } = probing(LOG, 'log', { probes: { ...log.probes, match } });
    subject.begin(1, 0);
    clock.advance(5_000);
    expect([searches, asked.isReady]).toEqual([0, []]);
  });
});
