import { complaints } from '../../../support/config-files.ts';

test.each([
  ['[[job]]', 'a.toml:1:1: unknown table "job": did you mean [[jobs]]?'],
  ['[job.web]', 'a.toml:1:1: unknown table "job": did you mean [[jobs]]?'],
  ['[default]', 'a.toml:1:1: unknown table "default": did you mean [defaults]?'],
  ['[jobs.web]', 'a.toml:1:1: jobs must be an array of tables, each written [[jobs]], got a table'],
  ['[[defaults]]', 'a.toml:1:1: [defaults]: must be one table, written [defaults], got an array'],
  ['x = 1', 'a.toml:1:1: unknown key "x": expected [[jobs]] or [defaults]'],
  ['[x]', 'a.toml:1:1: unknown table "x": expected [[jobs]] or [defaults]'],
  ['[__proto__]\nx = 1', 'a.toml:1:1: unknown table "__proto__": expected [[jobs]] or [defaults]'],
  ['\n  name = "x"', 'a.toml:2:3: "name" stands in no table: write it below [[jobs]] or [defaults]'],
  [
    '[defaults]\nname = "x"',
    'a.toml:2:1: [defaults]: "name" cannot stand in [defaults]: write it in each job',
  ],
  ['jobs = [1]', 'a.toml:1:9: jobs[0]: must be a table, got 1'],
  [
    '[[jobs]]\nname = "a b"\njob_command = "x"',
    expect.stringMatching(/^a\.toml:2:8: jobs\[0\] "a b": name must be 1 to 64 letters.*, got "a b"$/),
  ],
  ['[[jobs]]\njob_command = "x"', 'a.toml:1:1: jobs[0]: name is missing: every job needs one'],
  ['[[jobs]]\nname = "x"', 'a.toml:1:1: jobs[0] "x": job_command is missing: every job needs one'],
  [
    '[[jobs]]\nname = "x"\n\n[jobs.backoff]\nmin = 1',
    'a.toml:1:1: jobs[0] "x": job_command is missing: every job needs one',
  ],
  [
    '[[jobs]]\njob_command = "x"\nbackoff.min = 1\nbackoff.max = 2\n\n[[jobs]]\nname = "y"\njob_command = "y"',
    'a.toml:1:1: jobs[0]: name is missing: every job needs one',
  ],
])('%j is refused where it stands', (text, expected) => {
  expect(complaints(text)).toEqual([expected]);
});
