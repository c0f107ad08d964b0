import type { Command } from '../../../../src/cli/cli.ts';
import { GLOBAL_OPTIONS } from '../../../../src/cli/argv/global-options.ts';
import { renderHelp } from '../../../../src/cli/render/help.ts';

const command = (words: string, more: Partial<Command>): Command => ({
  words,
  about: 'Do something',
  run: () => Promise.resolve(0),
  ...more,
});

const COMMANDS: readonly Command[] = [
  command('apply [jobs..]', {
    about: 'Apply the config',
    options: { 'no-wait': { type: 'boolean', about: 'Do not wait' } },
  }),
  command('logs [jobs..]', {
    about: 'Show the last lines that jobs printed, which is a long sentence for a narrow page',
    aliases: ['tail'],
    note: 'It needs no daemon.',
    positionals: { jobs: 'Only these', hidden: '' },
    options: {
      follow: { type: 'boolean', about: 'Go on', alias: 'f' },
      lines: { type: 'string', stands: 'N', about: 'How many', alias: 'n' },
      project: { type: 'string', isValueOptional: true, stands: 'FOLDER', about: 'Whose' },
      'a-name-that-is-very-long': { type: 'string', about: 'Something that has no room beside its name' },
    },
  }),
  command('why [job]', { about: 'Say why', needsWords: true }),
  command('reload', { about: null }),
];

/** The options of every command, which have rows of their own at the end. */
const upToGlobals = (text: string): string => text.split('\n\nOptions of every command:')[0] ?? '';

test('the help of all commands has a row for each, in their order', () => {
  const text = renderHelp(null, COMMANDS, 60);
  expect(upToGlobals(text).split('\n')).toEqual([
    'overseer [COMMAND] [OPTIONS]',
    '',
    'Keeps the jobs of your config running. Without a command:',
    'applies the config.',
    '',
    'Commands:',
    '  apply [JOB...]       Apply the config',
    '  logs [JOB...], tail  Show the last lines that jobs',
    '                       printed, which is a long sentence for',
    '                       a narrow page',
    '  why JOB              Say why',
    '',
    'Options of `overseer` alone:',
    '      --no-wait  Do not wait',
  ]);
  for (const name of Object.keys(GLOBAL_OPTIONS)) expect(text).toContain(` --${name}`);
  expect(text).toMatch(/\n\n`overseer COMMAND --help` has the options of one command\.$/);
});

test('the help of a command has its words, its options, and its other names', () => {
  const [, logs] = COMMANDS as [Command, Command];
  const text = renderHelp(logs, COMMANDS, 60);
  expect(upToGlobals(text).split('\n')).toEqual([
    'overseer logs [JOB...] [OPTIONS]',
    '',
    'Show the last lines that jobs printed, which is a long',
    'sentence for a narrow page. It needs no daemon.',
    '',
    '  JOB...  Only these',
    '',
    'Options:',
    '  -f, --follow                  Go on',
    '  -n, --lines N                 How many',
    '      --project[=FOLDER]        Whose',
    '      --a-name-that-is-very-long VALUE',
    '                                Something that has no room',
    '                                beside its name',
  ]);
  expect(text).toMatch(/\n\nAlso `overseer tail`\.$/);
});

test('the help of a command without options, words or other names has no room for them', () => {
  const text = renderHelp(COMMANDS[2] as Command, COMMANDS, 200);
  expect(upToGlobals(text)).toBe('overseer why JOB [OPTIONS]\n\nSay why.');
  expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
});
