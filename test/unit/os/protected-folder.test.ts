import { isProtectedFolder } from '../../../src/os/protected-folder.ts';
import { newFolder } from '../../support/new-folder.ts';
import { openBelow } from '../../support/open-files.ts';

test('a folder that can be read does not count as protected, nor does a missing one', () => {
  const folder = newFolder();
  expect([isProtectedFolder(folder, 'darwin'), isProtectedFolder(`${folder}/none`, 'darwin')]).toEqual([
    false,
    false,
  ]);
  expect(openBelow(folder)).toEqual([]);
});
