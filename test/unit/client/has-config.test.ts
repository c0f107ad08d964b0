import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasConfig } from '../../../src/client/has-config.ts';
import { newFolder } from '../../support/new-folder.ts';

test('there is a config where a file may be one, readable or not', () => {
  const dir = newFolder();
  const at = (name: string): string => join(dir, name);
  for (const name of ['empty', 'other', 'named']) mkdirSync(at(name));
  for (const name of ['file', 'other/.hidden.toml', 'other/a.txt', 'named/a.toml'])
    writeFileSync(at(name), '');
  const asked = ['missing', 'missing/below', 'empty', 'other', 'named', 'file', 'file/below'];
  // A path below a file fails when it is read, so it counts as a config.
  expect(asked.filter((name) => hasConfig(at(name)))).toEqual(['named', 'file', 'file/below']);
});
