import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMIT_NAMES } from '../../../../src/config/values/resource-limits.ts';
import { readConfig } from '../../../../src/config/read-config.ts';
import { hardLimits } from '../../../../src/os/hard-limits.ts';
import { childSpec } from '../../../../src/plan/differences.ts';
import { problemsIn } from '../../../support/config-text.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';
const NUMBER = 'a whole number from 0 to 8796093022208, or "unlimited"';

test.each([
  ['limits = 5', `4:10: jobs[0] "a": limits must be a table with any of ${LIMIT_NAMES.join(', ')}, got 5`],
  ['limits = { nofile = -1 }', `4:21: jobs[0] "a": limits.nofile must be ${NUMBER}, got -1`],
  ['limits = { core = 1.5 }', `4:19: jobs[0] "a": limits.core must be ${NUMBER}, got 1.5`],
  ['limits = { as = "lots" }', `4:17: jobs[0] "a": limits.as must be ${NUMBER}, got "lots"`],
  ['limits = { nofiles = 5 }', '4:12: jobs[0] "a": unknown key "nofiles" in limits: did you mean "nofile"?'],
  ['nice = 20', '4:8: jobs[0] "a": nice must be a whole number from -20 to 19, got 20'],
  ['nice = -21', '4:8: jobs[0] "a": nice must be a whole number from -20 to 19, got -21'],
  ['nice = 0.5', '4:8: jobs[0] "a": nice must be a whole number from -20 to 19, got 0.5'],
  ['nice = "low"', '4:8: jobs[0] "a": nice must be a whole number from -20 to 19, got "low"'],
])('a wrong limit or priority is refused with its place: %s', (line, problem) => {
  expect(problemsIn(`${JOB}${line}\n`)).toEqual([problem]);
});

test('a limit above the hard limit is refused with its place', () => {
  const dir = mkdtempSync(join(tmpdir(), 'overseer-config-'));
  try {
    writeFileSync(
      join(dir, 'a.toml'),
      `${JOB}limits = { nofile = 101, core = "unlimited", stack = 50, cpu = "unlimited" }\n`,
    );
    const reading = readConfig({
      dir,
      home: '/home/me',
      hardLimits: () => ({ nofile: 100, core: 0, stack: 50 }),
    });
    expect(reading.ok ? [] : reading.problems.map(({ column, message }) => `${column}: ${message}`)).toEqual([
      '21: jobs[0] "a": limits.nofile must be at most 100, the hard limit of overseer, got 101',
      '33: jobs[0] "a": limits.core must be at most 0, the hard limit of overseer, got "unlimited"',
    ]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the hard limits of this process are known, where they are numbers', () => {
  const known = hardLimits();
  expect(known.nofile).toBeGreaterThan(0);
  expect(Object.keys(known).filter((name) => !(LIMIT_NAMES as readonly string[]).includes(name))).toEqual([]);
});

test('for its child, a job without limits and nice is the same as before these keys existed', () => {
  expect(childSpec(LEAST_JOB)).not.toMatch(/limits|nice/);
  expect(childSpec(LEAST_JOB).split('\n')).toHaveLength(5);
  expect(childSpec({ ...LEAST_JOB, limits: { nofile: 5 } })).not.toBe(childSpec(LEAST_JOB));
  expect(childSpec({ ...LEAST_JOB, nice: 5 })).not.toBe(childSpec(LEAST_JOB));
});
