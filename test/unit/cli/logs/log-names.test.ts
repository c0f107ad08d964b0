import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loggedNames } from '../../../../src/cli/logs/log-names.ts';
import { newFolder } from '../../../support/new-folder.ts';

test('logs are those of instances, in the order of their names and numbers', () => {
  const dir = newFolder();
  const files = [
    'web@10.log',
    'web@9.log',
    'db.log',
    'a:b.log',
    'web@9.log.1',
    'web@9.log.idx',
    '.hidden.log',
  ];
  for (const file of [...files, 'e\u001b[2J.log', 'two words.log', '-x.log', 'log', 'web.txt', '.log'])
    writeFileSync(join(dir, file), '');
  mkdirSync(join(dir, '.pipes'));
  expect(loggedNames(dir)).toEqual(['a:b', 'db', 'web@9', 'web@10']);
  expect(loggedNames(join(dir, 'none'))).toEqual([]);
});
