import { displayWidth } from '../../../../src/text/display-width.ts';
import { clockWords } from '../../../../src/cli/render/clock-words.ts';
import { renderReport } from '../../../../src/cli/render/report.ts';
import type { ReportedChange } from '../../../../src/plan/change.ts';
import { plain, change } from '../../../support/sample-replies.ts';

describe('the report', () => {
  const CHANGES: readonly ReportedChange[] = [
    change({ job: 'api', action: 'restart', reason: 'changed', detail: 'args changed', pid: 4243 }),
    change({ job: 'cron', reason: 'test-unknown', detail: 'the test timed out' }),
    change({ job: 'db', action: 'update', reason: 'changed', detail: 'stop_timeout changed' }),
    change({
      job: 'import',
      action: 'start',
      reason: 'new',
      detail: 'exited with 3, next start in 0.4 s',
      state: 'backoff',
      pid: null,
    }),
    change({
      job: 'mail',
      action: 'stop',
      reason: 'test-failed',
      detail: 'the test exited with 1',
      state: 'held',
      pid: null,
    }),
    change({ job: 'old', action: 'remove', reason: 'removed', state: 'stopped', pid: null }),
    change({ job: 'rest' }),
    change({ job: 'ウェブ', action: 'start', reason: 'new', pid: 4244 }),
  ];

  test('a job that somebody stopped while it was to come up is reported as stopped', () => {
    const stopped = change({ job: 'web', action: 'start', reason: 'new', state: 'stopped', pid: null });
    const report = { ok: true, changes: [stopped], problems: [] };
    expect(renderReport(report, false, plain(80))).toBe('- web  stopped  by hand, meanwhile\n\n1 stopped\n');
    expect(renderReport(report, true, plain(80))).toBe('+ web  start  new\n\n1 to start\n');
  });

  test('a copy whose turn has not come is named as one that waits, and nothing is wrong with it', () => {
    const changes = [
      change({ job: 'web@1', action: 'restart', reason: 'by-hand', state: 'starting', pid: null }),
      { ...change({ job: 'web@2', reason: 'by-hand', pid: 5 }), facts: [{ kind: 'waitsForTurn' as const }] },
    ];
    expect(renderReport({ ok: true, changes, problems: [] }, false, plain(80))).toBe(
      '↻ web@1  restarted  by hand             starting\n' +
        '· web@2  unchanged  waits for its turn  pid 5\n\n1 restarted, 1 unchanged\n',
    );
  });

  test('beside a change the report names the jobs that stay down, if they are few, and says why', () => {
    const started = {
      job: 'web',
      action: 'start',
      reason: 'new',
      facts: [],
      state: 'running',
      pid: 4242,
    } as const;
    const held = {
      job: 'nightly',
      action: 'none',
      reason: 'test-failed',
      facts: [{ kind: 'tested', detail: 'exited with 1' }],
      state: 'held',
      pid: null,
    } as const;
    expect(renderReport({ ok: true, changes: [held, started], problems: [] }, false, plain(80))).toBe(
      [
        '· nightly  held     test exited with 1',
        '+ web      started  new                 pid 4242',
        '',
        '1 started, 1 held',
        '',
      ].join('\n'),
    );
    const stopped = change({ action: 'stop', reason: 'by-hand', state: 'stopped', pid: null });
    const before = change({
      job: 'held',
      reason: 'by-hand',
      detail: 'was not running',
      state: 'stopped',
      pid: null,
    });
    expect(renderReport({ ok: true, changes: [before, stopped], problems: [] }, false, plain(80))).toMatch(
      /\n1 stopped, 1 stopped before\n$/,
    );
    const many = Array.from({ length: 11 }, (_, n) => ({ ...held, job: `nightly${n}` }));
    expect(renderReport({ ok: true, changes: [...many, started], problems: [] }, false, plain(80))).toBe(
      ['+ web  started  new  pid 4242', '', '1 started, 11 held', ''].join('\n'),
    );
  });

  test('a long detail does not push the rest of the other rows away where nothing is cut', () => {
    const why = `command not found: ${'x'.repeat(200)}`;
    const long = change({
      job: 'a',
      action: 'start',
      reason: 'new',
      detail: why,
      state: 'failed',
      pid: null,
    });
    const short = change({ job: 'b', action: 'start', reason: 'new' });
    const [first, second] = renderReport(
      { ok: false, changes: [long, short], problems: [] },
      false,
      plain(Infinity),
    ).split('\n');
    expect([first, second]).toEqual([`! a  down     ${why}  failed`, '+ b  started  new  pid 4242']);
  });

  test('the report has a line for each job that changed or is in trouble, and a summary', () => {
    expect(renderReport({ ok: false, changes: CHANGES, problems: [] }, false, plain(80))).toBe(
      [
        '↻ api     restarted  args changed                        pid 4243',
        '? cron    unchanged  the test timed out                  pid 4242',
        '~ db      updated    stop_timeout changed                pid 4242',
        '! import  down       exited with 3, next start in 0.4 s  backoff',
        '- mail    stopped    the test exited with 1              held',
        '- old     removed    not in the config any more',
        '+ ウェブ  started    new                                 pid 4244',
        '',
        '1 started, 1 restarted, 1 updated, 1 stopped, 1 removed, 2 unchanged, 1 down',
        '',
      ].join('\n'),
    );
  });

  test('the report of a plan says what would be done', () => {
    expect(renderReport({ ok: true, changes: CHANGES.slice(0, 4), problems: [] }, true, plain(80))).toBe(
      [
        '↻ api     restart    args changed',
        '? cron    unchanged  the test timed out',
        '~ db      update     stop_timeout changed',
        '+ import  start      exited with 3, next start in 0.4 s',
        '',
        '1 to start, 1 to restart, 1 to update, 1 unchanged',
        '',
      ].join('\n'),
    );
  });

  test('the report that nothing changed is one line', () => {
    const changes = ['a', 'b', 'c'].map((name) => change({ job: name }));
    const held = change({ job: 'd', state: 'held', pid: null });
    expect(renderReport({ ok: true, changes: [...changes, held], problems: [] }, false, plain(80))).toBe(
      'nothing changed: 3 jobs running, 1 held\n',
    );
    expect(renderReport({ ok: true, changes: [held], problems: [] }, true, plain(80))).toBe(
      'nothing to do: 1 job held\n',
    );
    expect(renderReport({ ok: true, changes: [], problems: [] }, false, plain(80))).toBe(
      'nothing changed: no jobs\n',
    );
  });

  test('the report of a plan does not call a new job that its test keeps down stopped', () => {
    const held = change({
      job: 'held',
      reason: 'test-failed',
      detail: 'test exited with 1',
      state: 'stopped',
      pid: null,
    });
    const asked = change({
      job: 'asked',
      reason: 'test-unknown',
      detail: 'test exited with 255',
      state: 'stopped',
      pid: null,
    });
    expect(renderReport({ ok: true, changes: [held], problems: [] }, true, plain(80))).toBe(
      'nothing to do: 1 job held\n',
    );
    const lines = [
      '? asked  held  test exited with 255',
      '· held   held  test exited with 1',
      '',
      'nothing to do: 2 jobs held',
      '',
    ];
    expect(renderReport({ ok: true, changes: [asked, held], problems: [] }, true, plain(80))).toBe(
      lines.join('\n'),
    );
  });

  test('the report tells the time that a job waits for by the reader’s clock', () => {
    const night: ReportedChange = {
      ...change({ action: 'start', reason: 'new', state: 'waiting' }),
      facts: [{ kind: 'waitsForTime', at: '2026-11-26T03:00:00.000Z' }],
    };
    const now = Date.parse('2026-11-20T12:00:00Z');
    const told = renderReport({ ok: true, changes: [night], problems: [] }, false, plain(80), { now });
    expect(told).toContain(`scheduled  next run ${clockWords('2026-11-26T03:00:00.000Z', now)}`);
    expect(told).toMatch(/ 2026-11-2\d \d\d:[0-5]\d:00/);
  });

  test('the report cuts the reason, not the name or the pid, to fit', () => {
    const report = {
      ok: true,
      changes: [change({ action: 'start', reason: 'new', detail: 'x'.repeat(100) })],
      problems: [],
    };
    const [line = ''] = renderReport(report, false, plain(80)).split('\n');
    expect(displayWidth(line)).toBe(80);
    expect(line).toMatch(/^\+ web {2}started {2}x+… {2}pid 4242$/);
  });
});
