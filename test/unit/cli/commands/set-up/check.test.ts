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

test('check counts jobs and files, and has problems on stderr and JSON on stdout', async () => {
  const dir = newFolder();
  const job = (name: string): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n`;
  const files = [
    ['none', ''],
    ['one', job('a')],
    ['two', job('b') + job('c')],
  ] as const;
  for (const [name, text] of files) writeFileSync(join(dir, `${name}.toml`), text);
  const said = async (...names: readonly string[]): Promise<string> =>
    (await run(`check ${names.map((name) => join(dir, `${name}.toml`)).join(' ')}`, answering(null))).out;
  expect([await said('none'), await said('one'), await said('one', 'two')]).toEqual([
    'ok: 0 jobs in 1 file\n',
    'ok: 1 job in 1 file\n',
    'ok: 3 jobs in 2 files\n',
  ]);
  writeFileSync(join(dir, 'bad.toml'), 'nonsense = 1\n');
  const bad = await run(`check --json ${join(dir, 'bad.toml')}`, answering(null));
  expect([bad.code, JSON.parse(bad.out), bad.err]).toEqual([
    78,
    expect.objectContaining({ ok: false }),
    expect.stringMatching(/bad\.toml:1:1: /),
  ]);
});

test('a config that --config names must be there, unless files are named', async () => {
  const file = join(newFolder(), 'a.toml');
  writeFileSync(file, '');
  const code = async (words: string): Promise<number> => (await run(words, answering(null))).code;
  expect([await code('check --config /nowhere/x'), await code(`check --config /nowhere/x ${file}`)]).toEqual([
    78, 0,
  ]);
});
