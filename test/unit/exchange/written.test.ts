import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problemsOf, writeFiles, writeImported } from '../../../src/exchange/written.ts';
import { newFolder } from '../../support/new-folder.ts';

const OPTIONS = { home: '/home/ann' };
const job = (name: string): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n`;

test('the jobs of an import become a file of the config folder, which may be new', () => {
  const config = join(newFolder(), 'new/config');
  const path = join(config, 'a.toml');
  expect(writeImported(config, 'a.toml', job('a'), OPTIONS)).toEqual({ ok: true, path });
  expect([readFileSync(path, 'utf8'), readdirSync(config)]).toEqual([job('a'), ['a.toml']]);
});

test('an import writes over no file', () => {
  const config = newFolder();
  writeFileSync(join(config, 'a.toml'), '# mine\n');
  expect(writeImported(config, 'a.toml', job('a'), OPTIONS)).toEqual({
    ok: false,
    code: 'there-already',
    message: `${join(config, 'a.toml')} is there already; nothing was written`,
  });
  symlinkSync('nowhere', join(config, 'b.toml'));
  expect(writeImported(config, 'b.toml', job('b'), OPTIONS)).toMatchObject({ ok: false });
  expect([readFileSync(join(config, 'a.toml'), 'utf8'), readdirSync(config)]).toEqual([
    '# mine\n',
    ['a.toml', 'b.toml'],
  ]);
});

test('a config that is one file is written when it is not there, and not added to', () => {
  const config = join(newFolder(), 'sub/overseer.toml');
  expect(writeImported(config, 'a.toml', job('a'), OPTIONS)).toEqual({ ok: true, path: config });
  expect(writeImported(config, 'a.toml', job('b'), OPTIONS)).toEqual({
    ok: false,
    code: 'there-already',
    message:
      `${config} is there already; nothing was written; without --write the jobs are printed, ` +
      'to be added to it',
  });
  expect(readFileSync(config, 'utf8')).toBe(job('a'));
});

test('an import that would make the config wrong is not written, and its problems are told', () => {
  const config = newFolder();
  writeFileSync(join(config, 'mine.toml'), job('a'));
  const written = writeImported(config, 'a.toml', job('a'), OPTIONS);
  expect(written).toMatchObject({ ok: false, code: 'config' });
  const files = 'problems' in written ? written.problems.map(({ file }) => file) : [];
  expect(files.filter((file) => ![join(config, 'a.toml'), join(config, 'mine.toml')].includes(file))).toEqual(
    [],
  );
  expect(files.length).toBeGreaterThan(0);
  expect(readdirSync(config)).toEqual(['mine.toml']);
});

test('a folder that cannot be made is told', () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  expect(writeImported(join(file, 'config'), 'a.toml', job('a'), OPTIONS)).toMatchObject({
    ok: false,
    code: 'unwritable',
    message: expect.stringContaining(`cannot write ${join(file, 'config/a.toml')}: `),
  });
});

test('files are written all or none, into a folder that may be new', () => {
  const dir = join(newFolder(), 'new/out');
  expect(
    writeFiles(dir, [
      { name: 'a', text: '1' },
      { name: 'b', text: '2' },
    ]),
  ).toBeNull();
  expect([readFileSync(join(dir, 'a'), 'utf8'), readFileSync(join(dir, 'b'), 'utf8')]).toEqual(['1', '2']);
  expect(
    writeFiles(dir, [
      { name: 'c', text: '3' },
      { name: 'b', text: '4' },
    ]),
  ).toBe(`${join(dir, 'b')} is there already; nothing was written`);
  expect([existsSync(join(dir, 'c')), readFileSync(join(dir, 'b'), 'utf8')]).toEqual([false, '2']);
  mkdirSync(join(dir, 'sub'));
  symlinkSync('nowhere', join(dir, 'dangling'));
  expect(writeFiles(dir, [{ name: 'dangling', text: '5' }])).toContain(`cannot write to ${dir}: `);
  expect(existsSync(join(dir, 'nowhere'))).toBe(false);
});

test('the problems of a text are those of a config of it alone, and nothing of it stays', async () => {
  const folders = (): readonly string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('overseer-import-'));
  const before = folders();
  expect(problemsOf(job('a'), OPTIONS)).toEqual([]);
  expect(problemsOf(`${job('a')}nonsense = 1\n`, OPTIONS)).toMatchObject([{ line: 4 }]);
  // Other tests make such folders at the same time, and remove them.
  const left = folders().filter((name) => !before.includes(name));
  while (folders().some((name) => left.includes(name)))
    await new Promise((resolve) => setTimeout(resolve, 20));
});
