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
  bug: 'A bug of overseer.',
  config: 'The config has problems, and nothing was changed.',
};

const EXAMPLES: readonly { readonly call: string; readonly about: string }[] = [
  { call: 'overseer init', about: 'Writes a first config, with comments.' },
  { call: 'overseer plan', about: 'Shows what the next `overseer` would do, and changes nothing.' },
  { call: 'overseer', about: 'Starts, stops and restarts what differs from the config.' },
  {
    call: 'overseer why web',
    about: 'Says why `web` is in its state, how its last run ended, and what it printed.',
  },
  { call: 'overseer logs -f web api', about: 'Follows what two jobs print.' },
  { call: "overseer restart 'web@*'", about: 'Restarts every copy of `web`.' },
  {
    call: 'overseer start backup && echo ok',
    about: 'Runs a scheduled job now and waits for it; its exit code decides.',
  },
  { call: 'overseer wait db --for running --timeout 30', about: 'Waits until `db` is running.' },
  { call: 'overseer --project status', about: 'Asks the daemon of the project in this folder.' },
];

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
    section('EXAMPLES', ...EXAMPLES.map(({ call, about }) => item(bold(call), about))),
    section('FILES', ...FILES.map(({ path, about }) => item(italic(path), about))),
    section('SEE ALSO', `${bold('overseer.toml')}(5), ${bold('overseerd')}(8)`),
  );
}

function commandPart(command: Command): string {
  const { words, aliases = [], about, positionals = {}, options = {}, needsWords } = command;
  const [name = '', ...rest] = words.split(' ');
  const title = [
    bold(`overseer ${name}`),
    ...rest.map((word) => placeOf(word, needsWords === true)),
    ...(aliases.length > 0 ? [`(also ${aliases.map(bold).join(', ')})`] : []),
  ];
  const places = Object.entries(positionals).map(([place, text]) => item(italic(place), `${text}.`));
  return subsection(`"${title.join(' ')}"`, paragraph(`${about}.`), ...places, ...optionItems(options));
}

/** `[jobs..]` as manual pages write it. */
function placeOf(word: string, isNeeded: boolean): string {
  const place = `${italic(word.replace(/[[\].]/g, ''))}${word.includes('..') ? ' ...' : ''}`;
  return isNeeded ? place : `[${place}]`;
}

function optionItems(options: Readonly<Record<string, Option>>): readonly string[] {
  return Object.entries(options).map(([name, { type, isValueOptional, about, alias, stands = 'value' }]) => {
    const names = [...(alias === undefined ? [] : [bold(`-${alias}`)]), bold(`--${name}`)].join(', ');
    const value = italic(stands.toLowerCase());
    if (type !== 'string') return item(names, `${about}.`);
    return item(isValueOptional === true ? `${names}[=${value}]` : `${names} ${value}`, `${about}.`);
  });
}
