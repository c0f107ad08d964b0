import type { Command } from '../../../../src/cli/cli.ts';

const command = (words: string, more: Partial<Command> = {}): Command => ({
  words,
  about: 'Do it',
  run: () => Promise.resolve(0),
  ...more,
});

/** Commands with each kind of words and options. */
export const COMMANDS: readonly Command[] = [
  command('status [jobs..]', {
    about: "Show the jobs: don't wait",
    aliases: ['ls'],
    options: { watch: { type: 'boolean', about: 'Go on: until Ctrl-C', alias: 'w' } },
  }),
  command('wait [state] [files..]', {
    values: { state: ['up', 'down'] },
    options: {
      for: { type: 'string', about: 'The state', values: ['running', 'failed'], isList: true },
      timeout: { type: 'string', about: 'Give up' },
      dir: { type: 'string', about: 'Where', values: 'folder' },
    },
  }),
  command('why [job]'),
  command('reload', { about: null }),
];

/** The lines of a script in which this stands. */
export const linesWith = (script: string, words: RegExp): readonly string[] =>
  script.split('\n').filter((line) => words.test(line));
