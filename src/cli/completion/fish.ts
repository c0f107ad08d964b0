import type { Command, Values } from '../cli.ts';
import { namesOf, optionsOf, wordValuesOf, type WrittenOption } from '../argv/option-spec.ts';
import { JOBS_QUERY } from './jobs-query.ts';
import { completedOf, takesValue, valuedOptions, type Completed } from './words.ts';

/** A script that completes the words of these commands in fish. */
export function fishCompletion(commands: readonly Command[]): string {
  const shown = completedOf(commands);
  return `# fish completion for overseer: overseer completion fish | source
# The words after the program but for options: the command, then what follows it.
function __overseer_words
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case ${valuedOptions(shown).join(' ')}
                set -e words[1]
            case '-*'
            case '*'
                echo $words[1]
        end
        set -e words[1]
    end
end
function __overseer_at -a place
    set -l words (__overseer_words)
    test (count $words) -gt 0; and contains -- $words[1] $argv[2..-1]
    and begin
        test $place = any; or test (count $words) -eq $place
        or test $place -lt 0 -a (count $words) -ge (math -- 0 - $place)
    end
end
# Of several values only the last is completed.
function __overseer_list
    set -l before (string match -r '^.*,' -- (string replace -r '^--[^=]*=' '' -- (commandline -ct)))
    printf '%s\n' "$before"$argv
end
function __overseer_jobs
    set -l words (commandline -opc)
    set -l folders
    for i in (seq 2 (count $words))
        switch $words[$i]
            case --config --data
                set -a folders $words[$i] (string replace -r '^~' $HOME -- $words[(math $i + 1)])
            case '--config=*' '--data=*' --project '--project=*'
                set -a folders $words[$i]
        end
    end
    $words[1] ${JOBS_QUERY} $folders 2>/dev/null
end
complete -c overseer -f
${optionsOf({})
  .flatMap((option) => optionLine('', option))
  .join('\n')}
${shown.flatMap(commandLines).join('\n')}
`;
}

function commandLines(command: Completed): readonly string[] {
  const names = namesOf(command);
  const { each, goesOn } = wordValuesOf(command);
  const own = optionsOf({ options: command.options ?? {} }).filter(
    (option) => !optionsOf({}).some(({ about }) => about === option.about),
  );
  const when = (place: string | number): string =>
    `-n ${quoted(`__overseer_at ${place} ${names.join(' ')}`)} `;
  const first = `-n 'test (count (__overseer_words)) -eq 0'`;
  return [
    ...names.map((name) => `complete -c overseer ${first} -a ${name} -d ${quoted(command.about ?? '')}`),
    ...own.flatMap((option) => optionLine(when('any'), option)),
    ...each.flatMap((values, at) => {
      if (values === null) return [];
      // A negative place is that one and every later one.
      const place = goesOn && at === each.length - 1 ? -(at + 1) : at + 1;
      return [`complete -c overseer ${when(place)}${argument(values)}`];
    }),
  ];
}

function optionLine(when: string, option: WrittenOption): readonly string[] {
  const [long = '', short] = option.written.map((word) => word.replace(/^-+/, ''));
  const values = option.values === undefined ? '' : ` ${argument(option.values, option.isList)}`;
  const letter = short === undefined ? '' : ` -s ${short}`;
  const line = `complete -c overseer ${when}-l ${long}${letter} -d ${quoted(option.about)}`;
  if (takesValue(option)) return [`${line} -x${values}`];
  // Its value is in the same word or nowhere.
  return option.isValueOptional === true
    ? [
        line,
        `complete -c overseer -n 'string match -q -- "--${long}=*" (commandline -ct)' -l ${long} -x${values}`,
      ]
    : [line];
}

function argument(values: Values, isList = false): string {
  switch (values) {
    case 'jobs':
      return `-a '(__overseer_jobs)'`;
    case 'files':
      return '-F';
    case 'folder':
      return `-a '(__fish_complete_directories)'`;
    default:
      return `-a ${quoted(isList ? `(__overseer_list ${values.join(' ')})` : values.join(' '))}`;
  }
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
