import { mkdirSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOurs } from '../../../../src/data-folder.ts';
import { ownFiles } from '../../../../src/job/watch/own-files.ts';
import { realWatchCalls } from '../../../../src/job/watch/watch-calls.ts';
import { newFolder } from '../../../support/new-folder.ts';

let root: string;
let data: string;
beforeEach(() => {
  root = realpathSync(newFolder());
  data = join(root, 'data');
  for (const folder of ['data/logs', 'data/app', 'app', 'far'])
    mkdirSync(join(root, folder), { recursive: true });
});

const at = (path: string): string => join(root, path);
const put = (path: string): void => writeFileSync(at(path), '');
const ofJobIn = (cwd: string) => ownFiles({ data, isOurs }, at(cwd), realWatchCalls);
/** Whether what stands at a path is left out. */
async function isOwn(cwd: string, path: string): Promise<boolean> {
  const { dev, ino } = statSync(at(path), { bigint: true });
  const names = path.split('/');
  const name = names.pop() ?? '';
  return (await ofJobIn(cwd)).has(`${dev}:${ino}`, at(names.join('/')), name);
}

test('the data folder is left out for a job elsewhere, and nothing beside it', async () => {
  expect([await isOwn('app', 'data'), await isOwn('app', 'far'), await isOwn('app', 'app')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('where links of the daemon lead is left out, and where those of the user lead is not', async () => {
  for (const name of ['web', 'journal', 'mine', 'plain']) put(`far/${name}.log`);
  symlinkSync(at('far/web.log'), at('data/logs/web.log'));
  symlinkSync(at('far/journal.log'), at('data/state.journal'));
  symlinkSync(at('far/mine.log'), at('data/mine'));
  symlinkSync(at('far/none'), at('data/logs/nowhere.log'));
  put('data/logs/plain.log');
  const left = (name: string): Promise<boolean> => isOwn('app', `far/${name}.log`);
  expect([await left('web'), await left('journal'), await left('mine'), await left('plain')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(await isOwn('app', 'data/logs/plain.log')).toBe(false);
});

test.each(['data', 'data/app'])(
  'a job that lives in the data folder does not watch the names that are ours there: %s',
  async (cwd) => {
    for (const path of ['data/state.journal', 'data/mine', 'data/app/state.journal']) put(path);
    expect([
      await isOwn(cwd, 'data'),
      await isOwn(cwd, 'data/state.journal'),
      await isOwn(cwd, 'data/mine'),
      await isOwn(cwd, 'data/app/state.journal'),
    ]).toEqual([false, true, false, false]);
  },
);

test('a data folder is known by whatever way it is reached', async () => {
  symlinkSync(data, at('same'));
  put('data/lock');
  expect([await isOwn('same/app', 'data'), await isOwn('same/app', 'same/lock')]).toEqual([false, true]);
});

test('the folder of another daemon is known by its names, but for jobs that live with this one', async () => {
  const names = new Set(['lock', 'overseerd.log', 'state.journal', 'other']);
  const few = new Set(['lock', 'other']);
  const [elsewhere, within] = [await ofJobIn('app'), await ofJobIn('data/app')];
  expect([elsewhere.isData(names), elsewhere.isData(few), within.isData(names)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a data folder that is not there, or a folder of a job that is not, leaves nothing out', async () => {
  put('app/state.journal');
  const nowhere = await ownFiles({ data: at('none'), isOurs }, at('gone'), realWatchCalls);
  expect(await nowhere.has('1:1', at('app'), 'state.journal')).toBe(false);
});
