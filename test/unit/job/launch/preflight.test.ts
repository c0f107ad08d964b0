import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { preflightError } from '../../../../src/job/launch/preflight.ts';
import { execLimits } from '../../../../src/os/exec-limits.ts';
import { newFolder } from '../../../support/new-folder.ts';

let folder: string;
beforeEach(() => (folder = newFolder()));

/** Why a program of this folder cannot be started. */
const why = (exe: string, seen: object = {}): string | null =>
  preflightError({ exe, args: [], cwd: folder, env: { PATH: '/usr/bin:/bin' }, ...seen });

function script(name: string, text: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test('a program is found by its path, from its folder, or in PATH', () => {
  const path = script('run', '#!/bin/sh\n');
  expect([why('sh'), why('/bin/sh'), why(path), why('./run'), why('run', { env: { PATH: folder } })]).toEqual(
    Array(5).fill(null),
  );
  // An empty part of PATH is the working directory, and others may be relative.
  mkdirSync(join(folder, 'bin'));
  script('bin/deep', '#!/bin/sh\n');
  expect([
    why('run', { env: { PATH: ':/nowhere' } }),
    why('deep', { env: { PATH: '/nowhere:bin' } }),
  ]).toEqual([null, null]);
});

test('a program that is missing is reported with where it was looked for', () => {
  expect([why('none'), why('none', { env: {} }), why('./none'), why('/nowhere/none')]).toEqual([
    'command not found: none (PATH is /usr/bin:/bin)',
    'command not found: none (PATH is empty)',
    `command not found: ${join(folder, 'none')}`,
    'command not found: /nowhere/none',
  ]);
});

test('a file that is no program is reported by its kind', () => {
  const plain = script('plain', '#!/bin/sh\n', 0o644);
  expect([why(folder), why('/dev/null'), why(plain)]).toEqual([
    `not a program but a folder: ${folder}`,
    'not a program: /dev/null',
    `not executable: ${plain}`,
  ]);
  expect(why('plain', { env: { PATH: `/nowhere:${folder}` } })).toBe(`not executable: ${plain}`);
  // A program further on in PATH that can be executed is used.
  mkdirSync(join(folder, 'bin'));
  script('bin/plain', '#!/bin/sh\n');
  expect(why('plain', { env: { PATH: `${folder}:${folder}/bin` } })).toBeNull();
});

test('a script whose interpreter cannot be run says so, and is not called missing', () => {
  const missing = script('missing', '#!/nowhere/interpreter -x\n');
  const dos = script('dos', '#!/bin/sh\r\n');
  expect([why(missing), why('missing', { env: { PATH: folder } }), why(dos)]).toEqual([
    `the interpreter of ${missing} cannot be run: command not found: /nowhere/interpreter`,
    `the interpreter of ${missing} cannot be run: command not found: /nowhere/interpreter`,
    `the first line of ${dos} ends with a carriage return, which is taken for a part of its interpreter's name`,
  ]);
});

test('a working directory that cannot be entered is reported before the program', () => {
  const file = script('file', '');
  expect([
    why('none', { cwd: '/nowhere' }),
    why('none', { cwd: file }),
    why('none', { cwd: join(file, 'x') }),
  ]).toEqual([
    'cwd does not exist: /nowhere',
    `cwd is not a folder: ${file}`,
    `cwd cannot be entered (ENOTDIR): ${join(file, 'x')}`,
  ]);
});

test('arguments and variables that the system does not take are told, at their limits', () => {
  const tooLong = 'its arguments and environment are too long for the system (E2BIG)';
  const nul = 'an argument or variable has a NUL in it';
  const { each, all } = execLimits();
  const PATH = '/bin';
  expect([why('sh', { args: ['a\0'] }), why('sh', { env: { PATH, A: '\0' } })]).toEqual([nul, nul]);
  expect([why('sh', { args: ['x'.repeat(each - 1)] }), why('sh', { args: ['x'.repeat(each)] })]).toEqual([
    null,
    tooLong,
  ]);
  // Bytes count, not letters.
  expect(why('sh', { args: ['ü'.repeat(each / 2)] })).toBe(tooLong);
  expect(why('sh', { env: { PATH, A: 'x'.repeat(each - 3) } })).toBeNull();
  expect(why('sh', { env: { PATH, A: 'x'.repeat(each - 2) } })).toBe(tooLong);
  // Each word costs a pointer as well, and the two lists end with one.
  const fixed = [`sh`, `PATH=${PATH}`].reduce((sum, text) => sum + text.length + 1 + 8, 16);
  const words = Math.floor((all - fixed) / (1_000 + 9));
  const rest = all - fixed - words * 1_009;
  const fill = (more: number): string | null =>
    why('sh', {
      env: { PATH },
      args: [...Array<string>(words - 1).fill('x'.repeat(1_000)), 'x'.repeat(1_000 + rest + more)],
    });
  expect([fill(0), fill(1)]).toEqual([null, tooLong]);
});
