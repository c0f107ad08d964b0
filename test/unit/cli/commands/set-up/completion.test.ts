import { COMMANDS } from '../../../../../src/cli/commands/commands.ts';
import { namesOf } from '../../../../../src/cli/argv/option-spec.ts';
import { run } from '../../../../support/fake-cli.ts';
import { fakeWorld } from '../../../../support/fake-client.ts';

const completion = (words: string, env: Readonly<Record<string, string>> = {}) =>
  run(`completion ${words}`, fakeWorld(), { env });

test('the script is that of the shell that is named, or else of $SHELL', async () => {
  const [bash, zsh, fish] = [await completion('bash'), await completion('zsh'), await completion('fish')];
  expect([bash.code, zsh.code, fish.code, bash.err]).toEqual([0, 0, 0, '']);
  expect(bash.out).toMatch(/^# bash completion for overseer/);
  expect(zsh.out).toContain('#compdef overseer');
  expect(fish.out).toContain('complete -c overseer');
  expect((await completion('', { SHELL: '/usr/bin/fish' })).out).toBe(fish.out);
  expect((await completion('zsh', { SHELL: '/usr/bin/fish' })).out).toBe(zsh.out);
});

test.each(['bash', 'zsh', 'fish'])(
  'the script for %s knows every command that the help shows, and its options',
  async (shell) => {
    const { out } = await completion(shell);
    for (const command of COMMANDS.filter(({ about }) => about !== null)) {
      for (const name of namesOf(command))
        expect([name, new RegExp(`\\b${name}\\b`).test(out)]).toEqual([name, true]);
      for (const option of Object.keys(command.options ?? {}))
        expect([option, out.includes(option)]).toEqual([option, true]);
    }
  },
);

test('a shell that has no script is told, with the nearest that has one', async () => {
  const said = async (words: string, env = {}): Promise<string> => {
    const { code, err } = await completion(words, env);
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([
    await said('bsh'),
    await said('tcsh'),
    await said(''),
    await said('', { SHELL: '/bin/dash' }),
  ]).toEqual([
    '64 overseer: there is no script for bsh: did you mean "bash"?',
    '64 overseer: there is no script for tcsh; there are bash, zsh, fish',
    '64 overseer: which shell? There are scripts for bash, zsh, fish',
    '64 overseer: which shell? There are scripts for bash, zsh, fish',
  ]);
});
