import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whatConfigSays, withReason } from '../../../../src/cli/ask/unknown-jobs.ts';
import type { Refusal, Request } from '../../../../src/wire/messages.ts';
import { HOMES } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';

const CONFIG =
  '[[jobs]]\nname = "web"\njob_command = "x"\n' +
  '[[jobs]]\nname = "none"\njob_command = "x"\ninstances = 0\ntags = ["off"]\n';

function homesWith(config = CONFIG) {
  const dir = newFolder();
  writeFileSync(join(dir, 'a.toml'), config);
  return { ...HOMES, config: dir };
}
const refused = (jobs?: readonly string[], code: Refusal['code'] = 'no-such-job'): Refusal => ({
  code,
  message: 'no such job: X',
  ...(jobs !== undefined && { jobs }),
});
const STOP: Request = { name: 'stop', jobs: ['web'], all: false };
const said = async (refusal: Refusal, request: Request = STOP, config = CONFIG): Promise<string> =>
  (await withReason(homesWith(config), request, refusal)).message;

test('a job that is written but not in force yet is told as such', async () => {
  expect([await said(refused(['web'])), await said(refused(['web', 'no']))]).toEqual([
    'web is in the config, but the daemon has not read it yet: `overseer` applies the config',
    'no such job: X; web is in the config, but the daemon has not read it yet: `overseer` applies the config',
  ]);
});

test('a job of which the config asks for no copy is told as such, by its name, copy or tag', async () => {
  const none = 'the config asks for no instance of none (instances = 0)';
  expect([
    await said(refused(['none'])),
    await said(refused(['none@2'])),
    await said(refused(['tag:off'])),
    await said(refused(['none@x'])),
    await said(refused(['none', 'no'])),
  ]).toEqual([none, none, none, 'no such job: X', `no such job: X; ${none}`]);
  expect(await said(refused(['web', 'none']))).toBe(
    'web is in the config, but the daemon has not read it yet: `overseer` applies the config; ' + none,
  );
});

test('a refusal stays as it is where the config has nothing to say, or it is of another kind', async () => {
  expect(await said(refused(['no']))).toBe('no such job: X');
  expect(await withReason(homesWith(), STOP, refused(['web'], 'busy'))).toEqual(refused(['web'], 'busy'));
});

test('a config with problems is no reason of a single job, but said', async () => {
  const bad = 'the config has problems, which `overseer check` shows, so it is not in force';
  expect(await said(refused(['web']), STOP, 'nonsense = 1\n')).toBe(`no such job: X; ${bad}`);
  // A daemon without any job says itself that it has read no config.
  expect(await said(refused(), STOP, 'nonsense = 1\n')).toBe('no such job: X');
  expect(await whatConfigSays(homesWith('nonsense = 1\n'), [])).toEqual({ reason: null, explained: 0 });
});

test('the words of the request count where the daemon names none', async () => {
  expect(await said(refused(), { name: 'why', job: 'none' })).toBe(
    'the config asks for no instance of none (instances = 0)',
  );
  expect(await said(refused(), { name: 'why', job: 'web' })).toBe('no such job: X');
  expect(await said(refused(), { name: 'DIE', keepJobs: false })).toBe('no such job: X');
});

test('a word of another process manager is answered with the one here', async () => {
  expect(await said(refused(['all']))).toBe('no such job: all; `--all` means every job');
});
