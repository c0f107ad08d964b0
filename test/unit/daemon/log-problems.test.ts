import { ForegroundEcho } from '../../../src/daemon/foreground-echo.ts';
import { logProblems } from '../../../src/daemon/log-problems.ts';
import type { Reply } from '../../../src/wire/messages.ts';

function logged(reply: Reply): readonly string[] {
  const lines: string[] = [];
  logProblems(reply, { line: (text) => lines.push(text) });
  return lines;
}

test('why a config was not applied is logged, each problem with its place', () => {
  expect(logged({ kind: 'refusal', refusal: { code: 'internal', message: 'no folder' } })).toEqual([
    'config not applied: no folder',
  ]);
  const problems = [
    { file: 'a.toml', line: 3, column: 1, message: 'unknown key' },
    { file: 'b.toml', line: 1, column: 9, message: 'a number' },
  ];
  expect(logged({ kind: 'answer', answer: { ok: false, changes: [], problems } as never })).toEqual([
    'config refused: a.toml:3:1: unknown key',
    'config refused: b.toml:1:9: a number',
  ]);
  expect([
    logged({ kind: 'answer', answer: { events: [] } as never }),
    logged({ kind: 'progress', progress: { done: 0, of: 1, pending: [] } }),
  ]).toEqual([[], []]);
});

test('a daemon in the foreground repeats its log from the beginning, once it listens', () => {
  const written: string[] = [];
  const echo = new ForegroundEcho((line) => written.push(line));
  echo.line('one');
  echo.line('two');
  expect(written).toEqual([]);
  echo.begin();
  echo.line('three');
  echo.begin();
  expect(written).toEqual(['one', 'two', 'three']);
});
