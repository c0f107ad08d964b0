import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run } from '../../../../support/fake-cli.ts';
import { newFolder } from '../../../../support/new-folder.ts';

test('check prints every problem of the files that it is given', async () => {
  const file = join(newFolder(), 'a.toml');
  writeFileSync(file, 'nonsense = 1\n[[jobs]]\nname = "a"\n');
  const { code, out, err } = await run(`check ${file}`, answering(null));
  expect([code, out, err.match(/a\.toml:\d+:\d+/g)]).toEqual([78, '', ['a.toml:1:1', 'a.toml:2:1']]);
  expect(JSON.parse((await run(`check --json ${file}`, answering(null))).out)).toMatchObject({
    ok: false,
    jobs: 0,
    files: [file],
  });
});
