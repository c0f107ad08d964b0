import { asIso, changeJson, changeWords } from '../../../../src/cli/words/change-words.ts';
import { whySentences } from '../../../../src/cli/words/why-words.ts';
import type { WhyFact } from '../../../../src/plan/why-fact.ts';
import type { Why } from '../../../../src/wire/messages.ts';

const AT = '2026-01-01T00:00:00.000Z';
const byClock = (at: string): string => (at === AT ? 'midnight' : 'another time');
const PATHS = [`/backups/${AT}/web`, '/backups/2026-01-01T00:00:00Z/web', `${AT}`];

describe('a moment that stands in a path, a name or an argument', () => {
  test('a moment within a path, a name or an argument is never rewritten in a report', () => {
    for (const path of PATHS) {
      expect(changeWords([{ kind: 'notStarted', why: `command not found: ${path}` }], byClock)).toBe(
        `command not found: ${path}`,
      );
      expect(changeWords([{ kind: 'fileChanged', file: path }], byClock)).toBe(`${path} changed`);
      expect(changeWords([{ kind: 'tested', detail: `could not run: ${path}` }], byClock)).toBe(
        `test could not run: ${path}`,
      );
    }
    expect(changeWords([{ kind: 'waitsForTime', at: AT }], byClock)).toBe('next run midnight');
  });

  test('a moment within a path, a name or an argument is never rewritten by why', () => {
    const why = (because: readonly WhyFact[]): Why =>
      ({ because, status: { name: 'web' } }) as unknown as Why;
    const said = (fact: WhyFact): string => whySentences(why([fact]), byClock).join(' ');
    for (const path of PATHS) {
      expect(said({ kind: 'notStarted', why: path })).toBe(`It could not be started: ${path}.`);
      expect(said({ kind: 'restartedForFile', file: path })).toBe(
        `It was restarted because ${path} changed.`,
      );
      expect(said({ kind: 'probing', notReady: path, readyTimeoutMs: 1 })).toContain(`ready: ${path}.`);
    }
    expect(said({ kind: 'startsAgain', at: AT })).toContain('It starts again at midnight;');
    expect(said({ kind: 'startsAgain', at: null })).toContain('It starts again at once;');
    expect(said({ kind: 'scheduled', schedule: '@daily', at: AT })).toContain('its next run is at midnight.');
  });
});

test('facts of one change are clauses of one detail, which --json has with moments as they are', () => {
  const change = { job: 'web', action: 'start', reason: 'new', state: 'backoff', pid: null } as const;
  const end = { kind: 'ended', code: 3, signal: null } as const;
  const detailOf = (...facts: Parameters<typeof changeJson>[0]['facts']): string =>
    changeJson({ ...change, facts }).detail;
  expect(detailOf()).toBe('');
  expect(detailOf(end, { kind: 'nextStart', inMs: 400 })).toBe('exited with 3, next start in 0.4 s');
  expect(detailOf({ kind: 'nextStart', inMs: 400 })).toBe('next start in 0.4 s');
  expect(detailOf({ kind: 'keysChanged', keys: ['cwd', 'env'] }, end, { kind: 'waitsForTime', at: AT })).toBe(
    `cwd, env changed; exited with 3; next run ${AT}`,
  );
  expect(Object.keys(changeJson({ ...change, facts: [] }))).toEqual([
    'job',
    'action',
    'reason',
    'detail',
    'state',
    'pid',
  ]);
  expect(asIso(AT)).toBe(AT);
});
