import { existsSync } from 'node:fs';
import { namesOf } from '../../src/cli/argv/option-spec.ts';
import { COMMANDS } from '../../src/cli/commands/commands.ts';
import { VERSION } from '../../src/version.ts';
import { home } from './support/fresh-home.ts';
import { ended, fixture } from './support/home.ts';

test('T-49 wrong usage is exit code 64, with the nearest right word', async () => {
  const reload = await home.overseer('reload');
  expect([reload.code, reload.stdout]).toEqual([64, '']);
  expect(reload.stderr).toMatch(
    /^overseer: there is no `reload`: .*overseer restart JOB.*\nTry `overseer --help`\.\n$/,
  );
  expect((await home.overseer('reload', 'web')).code).toBe(64);
  expect(await home.overseer('statsu')).toEqual({
    code: 64,
    stdout: '',
    stderr: 'overseer: unknown command statsu: did you mean "status"?\nTry `overseer --help`.\n',
  });
  expect(await home.overseer('status', '--jsn')).toEqual({
    code: 64,
    stdout: '',
    stderr: 'overseer: unknown option --jsn: did you mean "--json"?\nTry `overseer status --help`.\n',
  });
  expect(existsSync(home.data)).toBe(false);
});

describe('help and version', () => {
  const commands = COMMANDS.filter(({ about }) => about !== null).flatMap((command) => namesOf(command));

  test('T-50 help and version are in every command, on stdout, with exit code 0, and start nothing', async () => {
    expect(await home.overseer('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const helps = await Promise.all(
      [[], ...commands.map((command) => [command])].map((words) => home.overseer(...words, '--help')),
    );
    expect(helps.map(({ code, stdout, stderr }) => [code, stdout.startsWith('overseer'), stderr])).toEqual(
      helps.map(() => [0, true, '']),
    );
    expect((await home.overseer('status', '-h')).stdout).toBe(
      (await home.overseer('status', '--help')).stdout,
    );
    expect((await home.overseer('stop', '--version')).stdout).toBe(`${VERSION}\n`);
    for (const [words, same] of [
      ['help', '--help'],
      ['help status', 'status --help'],
    ] as const)
      expect(await home.overseer(...words.split(' '))).toEqual(await home.overseer(...same.split(' ')));
    expect(existsSync(home.data)).toBe(false);
  });

  test('the help names every command that there is', async () => {
    const { stdout } = await home.overseer('--help');
    expect(commands.filter((command) => !stdout.includes(command))).toEqual([]);
  });
});

test('T-15 a bug of overseer’s own is exit code 70, and OVERSEER_DEBUG shows where it is', async () => {
  const NODE_OPTIONS = `--require ${fixture('throws-later.cjs')}`;
  const { code, stderr } = await ended(home.begin({ NODE_OPTIONS }, 'check'));
  const said =
    'overseer: a bug of ours: planted\nPlease report it; OVERSEER_DEBUG=1 shows where it happened.\n';
  expect([code, stderr]).toEqual([70, said]);
  expect((await ended(home.begin({ NODE_OPTIONS, OVERSEER_DEBUG: '1' }, 'check'))).stderr).toContain(
    'throws-later.cjs',
  );
});
