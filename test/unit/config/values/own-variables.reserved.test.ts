import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../../../../src/config/config.ts';
import { readConfig } from '../../../../src/config/read-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'overseer-reserved-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const SAID = 'overseer itself sets this variable, or leaves it out: choose another name, such as MY_VARIABLE';

function problemsWith(toml: string, file = ''): readonly Problem[] {
  writeFileSync(join(dir, 'vars.env'), file);
  writeFileSync(join(dir, 'a.toml'), toml);
  const read = readConfig({ dir, home: dir, base: { HOME: dir } });
  return read.ok ? [] : read.problems;
}

const JOB = '[[jobs]]\nname = "web"\njob_command = "x"\n';
const told = ({ file, line, column, message }: Problem): unknown => [file, line, column, message];

test.each(['OVERSEER_JOB', 'OVERSEER_INSTANCE', 'OVERSEER_ID', 'OVERSEER_TEST'])(
  '%s in env is a problem at its own place',
  (name) => {
    expect(problemsWith(`${JOB}env = { A = "1", ${name} = "2" }\n`).map(told)).toEqual([
      [join(dir, 'a.toml'), 4, 18, `jobs[0] "web": env.${name}: ${SAID}`],
    ]);
  },
);

test('several reserved names, in [defaults] and in a job, are told at once', () => {
  const toml = `[defaults.env]\nOVERSEER_ID = "1"\n${JOB}[jobs.env]\nOVERSEER_JOB = "2"\n"OVERSEER_TEST" = "3"\n`;
  expect(problemsWith(toml).map(({ line, column, message }) => [line, column, message])).toEqual([
    [2, 1, `[defaults]: env.OVERSEER_ID: ${SAID}`],
    [7, 1, `jobs[0] "web": env.OVERSEER_JOB: ${SAID}`],
    [8, 1, `jobs[0] "web": env.OVERSEER_TEST: ${SAID}`],
  ]);
});

test('a reserved name in an env_file is a problem of that file, which is not quoted', () => {
  const file = 'A=secret\n  export OVERSEER_JOB = other\n';
  expect(problemsWith(`${JOB}env_file = "vars.env"\n`, file)).toEqual([
    { file: join(dir, 'vars.env'), line: 2, column: 1, message: SAID },
  ]);
});

test('other variables of that kind are the user’s: a job may run an overseer of its own', () => {
  const env =
    'env = { OVERSEER_DATA = "/x", OVERSEER_CONFIG = "/y", OVERSEER_JOBS = "1", overseer_job = "2" }\n';
  expect(problemsWith(`${JOB}${env}`)).toEqual([]);
});
