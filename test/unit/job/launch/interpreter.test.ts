import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preflightError } from '../../../../src/job/launch/preflight.ts';
import { openBelow } from '../../../support/open-files.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'overseer-interpreter-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function troubleWithScript(text: string, exe = './script'): string | null {
  writeFileSync(join(dir, 'script'), text);
  chmodSync(join(dir, 'script'), 0o755);
  return preflightError({ exe, args: [], cwd: dir, env: { PATH: `/nowhere:${dir}` } });
}

test('a script without its interpreter is reported with the name of the interpreter', () => {
  const reason = `the interpreter of ${dir}/script cannot be run: command not found: /opt/no/python`;
  for (const line of [
    '#!/opt/no/python',
    '#! /opt/no/python -u',
    '#!\t/opt/no/python\n',
    '#!/opt/no/python\nx',
  ])
    expect(troubleWithScript(line)).toBe(reason);
  expect(troubleWithScript('#!/opt/no/python', 'script')).toBe(reason);
  expect(openBelow(dir)).toEqual([]);
});

test('an interpreter that is a folder, not executable or a relative path is reported as such', () => {
  const begin = `the interpreter of ${dir}/script cannot be run: `;
  expect(troubleWithScript('#!/tmp')).toBe(`${begin}not a program but a folder: /tmp`);
  expect(troubleWithScript('#!bin/none')).toBe(`${begin}command not found: ${dir}/bin/none`);
  writeFileSync(join(dir, 'plain'), '');
  expect(troubleWithScript(`#!${dir}/plain`)).toBe(`${begin}not executable: ${dir}/plain`);
});

test('line ends of Windows are reported as such', () => {
  expect(troubleWithScript('#!/bin/sh\r\necho\r\n')).toBe(
    `the first line of ${dir}/script ends with a carriage return, which is taken for a part of its interpreter's name`,
  );
});

test('nothing speaks against other files', () => {
  for (const text of [
    '#!/bin/sh\n',
    '#!/usr/bin/env sh\n',
    '#!',
    '#!\n',
    'echo',
    '',
    '#!   \n',
    `#!/bin/sh ${'x'.repeat(500)}`,
  ])
    expect(troubleWithScript(text)).toBeNull();
});
