import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../../../src/cli/cli.ts';
import { bashCompletion } from '../../../../src/cli/completion/bash.ts';
import { newFolder } from '../../../support/new-folder.ts';

const command = (words: string, more: Partial<Command> = {}): Command => ({
  words,
  about: 'something',
  run: () => Promise.resolve(0),
  ...more,
});

const COMMANDS: readonly Command[] = [
  command('status [jobs..]', {
    aliases: ['ls'],
    options: { watch: { type: 'boolean', about: '', alias: 'w' } },
  }),
  command('wait [jobs..]', {
    options: {
      for: { type: 'string', about: '', values: ['running', 'failed', 'finished'], isList: true },
      timeout: { type: 'string', about: '' },
    },
  }),
  command('autostart [action]', { values: { action: ['enable', 'disable'] } }),
  command('signal [signal] [jobs..]', { values: { signal: ['HUP', 'TERM'] } }),
  command('check [files..]', { values: { files: 'files' } }),
  command('reload', { about: null }),
];

/** What bash offers for a line up to the cursor, in a folder with a file and a folder. */
function offered(line: string, { after = '', breaks = ' =:@' } = {}): readonly string[] {
  const dir = newFolder();
  writeFileSync(join(dir, 'a.toml'), '');
  mkdirSync(join(dir, 'apps'));
  const overseer = join(dir, 'overseer');
  writeFileSync(overseer, '#!/bin/sh\necho "web@1 web@2 worker tag:front"\n[ "$#" = 1 ] || echo "$*"\n');
  chmodSync(overseer, 0o755);
  const script = `${bashCompletion(COMMANDS)}
COMP_WORDBREAKS='${breaks}'
COMP_LINE='${line.replace('overseer', overseer)}'
COMP_POINT=\${#COMP_LINE}
COMP_LINE+='${after}'
_overseer 2>/dev/null
printf '%s\\n' \${COMPREPLY[@]+"\${COMPREPLY[@]}"}`;
  const text = execFileSync('bash', ['--norc', '-c', script], { cwd: dir, encoding: 'utf8' });
  return text.split('\n').filter((each) => each !== '');
}

test.each<[string, readonly string[]]>([
  ['overseer s', ['status', 'signal']],
  ['overseer l', ['ls']],
  ['overseer r', []],
  ['overseer help st', ['status']],
  ['overseer --pro', ['--project']],
  ['overseer status --w', ['--watch']],
  ['overseer ls --w', ['--watch']],
  ['overseer status w', ['web@1', 'web@2', 'worker']],
  ['overseer status web@', ['1', '2']],
  ['overseer status tag:', ['front']],
  ['overseer status web@1 wo', ['worker']],
  ['overseer autostart ', ['enable', 'disable']],
  ['overseer autostart enable ', []],
  ['overseer signal H', ['HUP']],
  ['overseer signal HUP wo', ['worker']],
  ['overseer wait --for f', ['failed', 'finished']],
  ['overseer wait --for=f', ['failed', 'finished']],
  ['overseer wait --for running,fa', ['running,failed']],
  ['overseer wait --timeout r', []],
  ['overseer wait --timeout 3 wo', ['worker']],
  ['overseer wait --for failed wo', ['worker']],
  ['overseer check a', ['a.toml', 'apps']],
  ['overseer --data a', ['apps']],
  ['overseer --data apps sta', ['status']],
  ['overseer nonsense ', []],
])('bash offers for the line %j what may come next', (line, words) => {
  expect(offered(line)).toEqual(words);
});

test('bash asks for the jobs of the folders that the line names', () => {
  const asked = (line: string): readonly string[] => offered(line).filter((word) => /^--|\/d$/.test(word));
  expect([
    asked('overseer --data ~/d status '),
    asked('overseer --project status '),
    asked('overseer status --project=p '),
    asked('overseer status '),
  ]).toEqual([['--data', `${process.env['HOME']}/d`], ['--project'], ['--project=p'], []]);
});

test('bash completes the word at the cursor, whatever follows it', () => {
  expect(offered('overseer sta', { after: ' web' })).toEqual(['status']);
  expect(offered('overseer signal H', { after: 'UP worker' })).toEqual(['HUP']);
});

test('where bash does not break words at =, the option stays before its value', () => {
  expect(offered('overseer wait --for=running,fa', { breaks: ' ' })).toEqual(['--for=running,failed']);
  expect(offered('overseer wait --for=running,fa')).toEqual(['running,failed']);
});
