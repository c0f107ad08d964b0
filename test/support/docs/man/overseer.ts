import type { Command, Option } from '../../../../src/cli/cli.ts';
import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { EXIT } from '../../../../src/cli/exit-codes.ts';
import { GLOBAL_OPTIONS } from '../../../../src/cli/argv/global-options.ts';
import { VERSION } from '../../../../src/version.ts';
import { ENVIRONMENT, FILES } from './places.ts';
import { bold, italic, item, page, paragraph, section, subsection } from './roff.ts';

const CODES: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'Done.',
  failed: 'The request failed, or a job did not come up.',
  changesPending: '`plan --exit-code` only: something would change.',
  noDaemon: 'No daemon is running.',
  notRunning: '`status` of one job: it is not running.',
  noSuchJob: 'There is no such job.',
  usage: 'Wrong usage.',
  bug: 'A mistake of overseer.',
  config: 'The config has problems, and nothing was changed.',
};

/** overseer(1), from the lists that the command line itself is made of. */
export function overseerPage(): string {
  const shown = COMMANDS.filter(({ about }) => about !== null);
  return page(
    {
      name: 'overseer',
      section: 1,
      version: VERSION,
      manual: 'User Commands',
      about: 'keep the jobs of your config running',
    },
    section('SYNOPSIS', `${bold('overseer')} [${italic('command')}] [${italic('options')}]`),
    section(
      'DESCRIPTION',
      paragraph(
        'Makes reality match the config: new jobs start, changed ones restart, removed ones stop, jobs that go down come back, and a test command of your own decides whether a job should be running at all.',
      ),
      paragraph(
        'Without a command it does what `apply` does. Results go to stdout, everything else to stderr.',
      ),
    ),
    section('COMMANDS', ...shown.map(commandPart)),
    section('OPTIONS', paragraph('Of every command:'), ...optionItems(GLOBAL_OPTIONS)),
    section(
      'EXIT STATUS',
      ...Object.entries(CODES).map(([name, text]) =>
        item(bold(String(EXIT[name as keyof typeof EXIT])), text),
      ),
    ),
    section('ENVIRONMENT', ...ENVIRONMENT.map(({ name, about }) => item(bold(name), about))),
    section('FILES', ...FILES.map(({ path, about }) => item(italic(path), about))),
    section('SEE ALSO', `${bold('overseer.toml')}(5), ${bold('overseerd')}(8)`),
  );
}

function commandPart({ words, aliases = [], about, positionals = {}, options = {} }: Command): string {
  const [name = '', ...rest] = words.split(' ');
  const title = [
    bold(`overseer ${name}`),
    ...rest.map(placeOf),
    ...(aliases.length > 0 ? [`(also ${aliases.map(bold).join(', ')})`] : []),
  ];
  const places = Object.entries(positionals).map(([place, text]) => item(italic(place), `${text}.`));
  return subsection(`"${title.join(' ')}"`, paragraph(`${about}.`), ...places, ...optionItems(options));
}

/** `[jobs..]` as manual pages write it. */
function placeOf(word: string): string {
  const name = word.replace(/[[\].]/g, '');
  return `[${italic(name)}${word.includes('..') ? ' ...' : ''}]`;
}

function optionItems(options: Readonly<Record<string, Option>>): readonly string[] {
  return Object.entries(options).map(([name, { type, isValueOptional, about, alias, stands = 'value' }]) => {
    const names = [...(alias === undefined ? [] : [bold(`-${alias}`)]), bold(`--${name}`)].join(', ');
    const value = italic(stands.toLowerCase());
    if (type !== 'string') return item(names, `${about}.`);
    return item(isValueOptional === true ? `${names}[=${value}]` : `${names} ${value}`, `${about}.`);
  });
}
