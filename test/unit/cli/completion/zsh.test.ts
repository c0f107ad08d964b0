import { zshCompletion } from '../../../../src/cli/completion/zsh.ts';
import { COMMANDS, linesWith } from './few-commands.ts';

test('zsh completes each command with its aliases, options and arguments', () => {
  const script = zshCompletion(COMMANDS);
  expect(linesWith(script, /^ {6}described=/)).toEqual([
    `      described=('status:Show the jobs\\: don'\\''t wait' 'ls:Show the jobs\\: don'\\''t wait' ` +
      `'wait:Do it' 'why:Do it' 'help:Show the help of a command')`,
  ]);
  expect(linesWith(script, /^ {6}options=.*watch/)).toEqual([
    expect.stringMatching(
      /^ {6}options=\('--watch:Go on\\: until Ctrl-C' '-w:Go on\\: until Ctrl-C' '--\w+:.*'\)$/,
    ),
  ]);
  expect(linesWith(script, /_describe.*; else /).map((line) => line.replace(/^.*; else /, ''))).toEqual([
    'case $place in *) _overseer_jobs ;; esac; fi ;;',
    'case $place in 0) compadd up down ;; *) _files ;; esac; fi ;;',
    'case $place in 0) _overseer_jobs ;; esac; fi ;;',
    'case $place in 0) compadd status ls wait why ;; esac; fi ;;',
  ]);
  expect(linesWith(script, /^ {4}(status|wait|why|help|reload)/)).toEqual([
    '    status|ls)',
    '    wait)',
    '    why)',
    '    help)',
  ]);
});

test('zsh completes the values of options, and the last one in a list', () => {
  expect(linesWith(zshCompletion(COMMANDS), /^ {4}--(for|dir|timeout)/)).toEqual([
    `    --for) [[ $cur == *,* ]] && compset -P '*,'; compadd running failed; return ;;`,
    '    --dir) _files -/; return ;;',
    '    --timeout) return ;;',
  ]);
  expect(linesWith(zshCompletion(COMMANDS), /\(\(i\+\+\)\)/).at(-1)).toMatch(
    /^ {6}(--\w+\|)*--for\|--timeout\|--dir(\|--\w+)*\) /,
  );
});
