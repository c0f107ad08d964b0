import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../../../../src/cli/autostart/tools.ts';
import { newFolder } from '../../../support/new-folder.ts';

const script = (text: string): string => {
  const path = join(newFolder(), 'tool');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
};

test('what a tool prints and how it ends is known, in English and in the root folder', () => {
  const tool = script('echo "$LC_ALL $PWD $1"; echo " trouble " >&2; exit 3');
  expect(runTool(tool, ['word'])).toEqual({
    code: 3,
    stdout: 'C / word\n',
    stderr: 'trouble',
    isMissing: false,
  });
  expect(runTool(script('echo "$A"'), [], { A: 'given' }).stdout).toBe('given\n');
});

test('a missing tool fails in another way than one that cannot be run', () => {
  expect(runTool('/nowhere/tool', [])).toMatchObject({ code: null, stdout: '', isMissing: true });
  const plain = join(newFolder(), 'tool');
  writeFileSync(plain, '');
  expect(runTool(plain, [])).toEqual({
    code: null,
    stdout: '',
    stderr: expect.stringContaining('EACCES'),
    isMissing: false,
  });
});

test('a tool that is ended by a signal has no code, and says so unless it has said something', () => {
  const ended = { code: null, stdout: '', isMissing: false };
  expect(runTool(script('kill -9 $$'), [])).toEqual({ ...ended, stderr: 'it was ended by SIGKILL' });
  expect(runTool(script('echo no >&2; kill -9 $$'), [])).toEqual({ ...ended, stderr: 'no' });
});
