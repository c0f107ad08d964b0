import { COMMANDS } from '../../../../src/cli/commands/commands.ts';
import { parse } from '../../../../src/cli/argv/parse.ts';

/** Names that every object answers to. */
const BUILT_IN = Object.getOwnPropertyNames(Object.prototype);

const messageFor = async (...words: readonly string[]): Promise<string> => {
  const parsed = await parse(words, COMMANDS, 80);
  return parsed.kind === 'wrong' ? parsed.message : parsed.kind;
};

test('a built-in name is an unknown command like any other', async () => {
  for (const name of BUILT_IN) expect(await messageFor(name)).toBe(`unknown command ${name}`);
});

test('a built-in name is an unknown option like any other, with a value too', async () => {
  for (const name of BUILT_IN) {
    expect(await messageFor('status', `--${name}`)).toBe(`unknown option --${name}`);
    expect(await messageFor('status', `--${name}=1`)).toBe(`unknown option --${name}`);
    expect(await messageFor(`--${name}`, 'status')).toBe(`unknown option --${name}`);
  }
});

test('a built-in name is a job like any other', async () => {
  for (const name of BUILT_IN) {
    const parsed = await parse(['status', name], COMMANDS, 80);
    expect(parsed.kind === 'run' ? parsed.args.words('jobs') : parsed).toEqual([name]);
  }
});
