import type { Job } from '../../../src/config/config.ts';
import {
  folderOf,
  jobEnvironment,
  markerOf,
  testEnvironment,
  testMark,
} from '../../../src/job/environment.ts';
import { LEAST_JOB } from '../../support/least-job.ts';

const environmentOf = (
  job: Partial<Job>,
  base: Readonly<Record<string, string>>,
  instance: string | null = null,
) => jobEnvironment(base, { ...LEAST_JOB, ...job }, instance, 'f01d');

test('env comes over env_file, that over the base, and what overseer sets over all', () => {
  const job = {
    envFromFiles: { B: 'file', C: 'file', D: 'file' },
    env: { C: 'env', D: 'env', OVERSEER_JOB: 'forged', OVERSEER_ID: 'forged' },
  };
  expect(environmentOf(job, { A: 'base', B: 'base', C: 'base' })).toEqual({
    A: 'base',
    B: 'file',
    C: 'env',
    D: 'env',
    OVERSEER_JOB: 'web',
    OVERSEER_ID: 'f01d',
  });
});

test('a copy has its number, and a job without copies has none, not even a forged one', () => {
  expect(environmentOf({}, {}, '2')).toEqual({
    OVERSEER_JOB: 'web',
    OVERSEER_INSTANCE: '2',
    OVERSEER_ID: 'f01d',
  });
  const forged = { OVERSEER_INSTANCE: '9', OVERSEER_TEST: '1' };
  expect(environmentOf({ env: forged, envFromFiles: forged }, forged)).toEqual({
    OVERSEER_JOB: 'web',
    OVERSEER_ID: 'f01d',
  });
});

test('references see the base, the files and overseer’s own variables, and ~/ is the base’s home', () => {
  const env = {
    BASE: '${A}',
    FILE: '${B}',
    OWN: '${OVERSEER_JOB}@${OVERSEER_INSTANCE}',
    HOME_OF: '~/x',
    NONE: '${NO:-default}',
  };
  expect(
    environmentOf({ env, envFromFiles: { B: 'file' } }, { A: 'base', HOME: '/home/me' }, '3'),
  ).toMatchObject({
    BASE: 'base',
    FILE: 'file',
    OWN: 'web@3',
    HOME_OF: '/home/me/x',
    NONE: 'default',
  });
});

test('a variable called __proto__ is an ordinary variable', () => {
  const env = environmentOf({ env: JSON.parse('{"__proto__":"x"}') as Record<string, string> }, {});
  expect(Object.entries(env)).toContainEqual(['__proto__', 'x']);
});

test('a test is marked otherwise than its job', () => {
  const env = environmentOf({}, { A: 'base' });
  expect(testEnvironment(env)).toEqual({ ...env, OVERSEER_ID: 'f01d-test', OVERSEER_TEST: '1' });
  expect([testMark('f01d'), testEnvironment({})]).toEqual([
    'f01d-test',
    { OVERSEER_ID: '-test', OVERSEER_TEST: '1' },
  ]);
});

test('the mark of a job and the mark of its test name the same data folder', () => {
  expect([folderOf('f01d'), folderOf('f01d-test'), folderOf('-test-f01d')]).toEqual([
    'f01d',
    'f01d',
    '-test-f01d',
  ]);
});

test('a process is recognised by job, copy and data folder, and distinguished from tests', () => {
  const env = { OVERSEER_JOB: 'web', OVERSEER_ID: 'f01d', HOME: '/home/me', OTHER: 'x' };
  expect(markerOf(env)).toStrictEqual({
    present: { OVERSEER_JOB: 'web', OVERSEER_ID: 'f01d' },
    absent: ['OVERSEER_INSTANCE'],
    earlier: {
      present: { OVERSEER_JOB: 'web', HOME: '/home/me' },
      absent: ['OVERSEER_INSTANCE', 'OVERSEER_DATA', 'XDG_DATA_HOME', 'OVERSEER_TEST', 'OVERSEER_ID'],
    },
  });
  expect(markerOf({ ...env, OVERSEER_INSTANCE: '2' })).toMatchObject({
    present: { OVERSEER_JOB: 'web', OVERSEER_INSTANCE: '2', OVERSEER_ID: 'f01d' },
    absent: [],
  });
});
