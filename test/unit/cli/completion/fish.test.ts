import { fishCompletion } from '../../../../src/cli/completion/fish.ts';
import { COMMANDS, linesWith } from './few-commands.ts';

test('fish completes each command with its aliases, options and arguments', () => {
  expect(linesWith(fishCompletion(COMMANDS), /^complete .*(eq 0|_at)/)).toEqual([
    `complete -c overseer -n 'test (count (__overseer_words)) -eq 0' -a status -d 'Show the jobs: don\\'t wait'`,
    `complete -c overseer -n 'test (count (__overseer_words)) -eq 0' -a ls -d 'Show the jobs: don\\'t wait'`,
    `complete -c overseer -n '__overseer_at any status ls' -l watch -s w -d 'Go on: until Ctrl-C'`,
    `complete -c overseer -n '__overseer_at -1 status ls' -a '(__overseer_jobs)'`,
    `complete -c overseer -n 'test (count (__overseer_words)) -eq 0' -a wait -d 'Do it'`,
    `complete -c overseer -n '__overseer_at any wait' -l for -d 'The state' -x -a '(__overseer_list running failed)'`,
    `complete -c overseer -n '__overseer_at any wait' -l timeout -d 'Give up' -x`,
    `complete -c overseer -n '__overseer_at any wait' -l dir -d 'Where' -x -a '(__fish_complete_directories)'`,
    `complete -c overseer -n '__overseer_at 1 wait' -a 'up down'`,
    `complete -c overseer -n '__overseer_at -2 wait' -F`,
    `complete -c overseer -n 'test (count (__overseer_words)) -eq 0' -a why -d 'Do it'`,
    `complete -c overseer -n '__overseer_at 1 why' -a '(__overseer_jobs)'`,
    `complete -c overseer -n 'test (count (__overseer_words)) -eq 0' -a help -d 'Show the help of a command'`,
    `complete -c overseer -n '__overseer_at 1 help' -a 'status ls wait why'`,
  ]);
});

test('fish completes global options, defined once, and --project with and without a value', () => {
  const script = fishCompletion(COMMANDS);
  expect(linesWith(script, / -l json /)).toEqual([
    expect.stringMatching(/^complete -c overseer -l json -d '.+'$/),
  ]);
  expect(linesWith(script, / -l project /)).toEqual([
    expect.stringMatching(/^complete -c overseer -l project -d '.+'$/),
    expect.stringMatching(
      /^complete -c overseer -n 'string match -q -- "--project=\*" \(commandline -ct\)' -l project -x/,
    ),
  ]);
  expect(linesWith(script, /^ +case --config/)).toHaveLength(2);
  expect(linesWith(script, /^ +case .*--for --timeout --dir/)).toHaveLength(1);
});

test('signs that fish would read in what is said of a command are escaped', () => {
  const odd = [{ ...COMMANDS[0]!, aliases: [], about: String.raw`C:\new it's $HOME` }];
  expect(linesWith(fishCompletion(odd), /-a status/)).toEqual([
    String.raw`complete -c overseer -n 'test (count (__overseer_words)) -eq 0' -a status -d 'C:\\new it\'s $HOME'`,
  ]);
});
