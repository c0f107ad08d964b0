import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { placeOf } from '../../../../../src/cli/autostart/place.ts';
import { fakeWorld, HOMES } from '../../../../support/fake-client.ts';
import { run, type Outcome } from '../../../../support/fake-cli.ts';
import { newFolder } from '../../../../support/new-folder.ts';

const homes = { ...HOMES, home: newFolder() };
const autostart = (words: string): Promise<Outcome> => run(`autostart ${words}`, fakeWorld(), { homes });
const fileOfEntry = async (): Promise<string> => (await placeOf(homes, {}))?.file ?? '';

test('without an entry autostart says that it is off, which is exit code 1', async () => {
  const [said, asked, json] = [await autostart(''), await autostart('status'), await autostart('--json')];
  expect(said).toEqual(asked);
  expect([said.code, said.out, said.err]).toEqual([1, 'disabled: overseer does not start at login\n', '']);
  expect([json.code, JSON.parse(json.out)]).toEqual([1, expect.objectContaining({ enabled: false })]);
});

test('an entry that is not there cannot be taken back, and one of somebody else is left', async () => {
  const none = await autostart('disable --json');
  expect([none.code, JSON.parse(none.out)]).toEqual([0, expect.objectContaining({ changed: false })]);
  mkdirSync(dirname(await fileOfEntry()), { recursive: true });
  writeFileSync(await fileOfEntry(), '[Unit]\n');
  const foreign = await autostart('disable');
  expect([foreign.code, foreign.out, foreign.err]).toEqual([
    1,
    '',
    expect.stringContaining(await fileOfEntry()),
  ]);
});

test('--path is for enable alone, and an unknown word is refused with the nearest', async () => {
  const said = async (words: string): Promise<string> => {
    const { code, err } = await autostart(words);
    return `${code} ${err.split('\n')[0]}`;
  };
  expect([
    await said('--path /bin'),
    await said('status --path /bin'),
    await said('disable --path /bin'),
    await said('enabel'),
  ]).toEqual([
    '64 overseer: --path is for enable',
    '64 overseer: --path is for enable',
    '64 overseer: --path is for enable',
    '64 overseer: autostart wants enable, disable, status, not enabel: did you mean "enable"?',
  ]);
});
