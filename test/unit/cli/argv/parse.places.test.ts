import { parse, type ParsedArgv } from '../../../../src/cli/argv/parse.ts';
import { COMMANDS } from '../../../../src/cli/commands/commands.ts';

const parsed = (line: string): Promise<ParsedArgv> => parse(line.split(' '), COMMANDS, 80);

/** The command, its jobs, and the project that is named. */
async function meant(line: string): Promise<unknown> {
  const found = await parsed(line);
  if (found.kind !== 'run') return found;
  const { command, args } = found;
  return [command.words.split(' ')[0], args.words('jobs'), args.text('project')];
}

test('--project takes no word after it, wherever it stands', async () => {
  expect(await meant('--project status web')).toEqual(['status', ['web'], '.']);
  expect(await meant('status --project web')).toEqual(['status', ['web'], '.']);
  expect(await meant('--for stopped --project wait web')).toEqual(['wait', ['web'], '.']);
});

test('the help of a command is shown whatever else is wrong', async () => {
  for (const line of ['stop web --nonsense --help', 'help stop extra', 'machines job db --help']) {
    const found = await parsed(line);
    expect([line, found.kind]).toEqual([line, 'help']);
    expect(found).toMatchObject({
      text: expect.stringContaining(`overseer ${/stop|machines/.exec(line)?.[0]}`),
    });
  }
});

test('the help of help is that of the whole program', async () => {
  expect(await parsed('help help')).toEqual(await parsed('--help'));
});

test('the letter that is given a value in vain is the last of several', async () => {
  expect(await parsed('logs -tf=no')).toMatchObject({ kind: 'wrong', message: '-f takes no value' });
});

test('a command that is not for people is never suggested', async () => {
  for (const { words, about } of COMMANDS) {
    const [name = ''] = words.split(' ');
    if (about === null)
      expect(await parsed(`${name.slice(0, -1)}x`)).toMatchObject({
        kind: 'wrong',
        message: expect.not.stringContaining(`"${name}"`),
      });
  }
});
