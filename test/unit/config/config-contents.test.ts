import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configContents } from '../../../src/config/config-contents.ts';
import { newFolder } from '../../support/new-folder.ts';

const ROOM = 2 ** 20;
const JOB = '[[jobs]]\nname = "a"\njob_command = "x"\n';

/** What is known of a folder with these two files. */
function contents(one: string | Buffer, two = '', maxBytes = ROOM): ReturnType<typeof configContents> {
  const dir = newFolder();
  writeFileSync(join(dir, '1.toml'), one);
  writeFileSync(join(dir, '2.toml'), two);
  const known = configContents(dir, maxBytes);
  return known && known.map(({ file, text }) => ({ file: file.slice(dir.length + 1), text }));
}

test('the contents of a config are its files in their order, or the one file that it is', () => {
  expect(contents(JOB, '# two\n')).toEqual([
    { file: '1.toml', text: JOB },
    { file: '2.toml', text: '# two\n' },
  ]);
  const file = join(newFolder(), 'one.toml');
  writeFileSync(file, JOB);
  expect(configContents(file, ROOM)).toEqual([{ file, text: JOB }]);
});

test.each([
  ['at the beginning of a line', `${JOB}env_file = "a.env"\n`],
  ['indented', `${JOB}  env_file = "a.env"\n`],
  ['indented by a tab', `${JOB}\tenv_file = ["a.env"]\n`],
  ['in quotes', `${JOB}"env_file" = "a.env"\n`],
  ['in an inline table', 'jobs = [{ name = "a", job_command = "x", env_file = "a.env" }]\n'],
  ['with dots', 'defaults.env_file = "a.env"\n'],
  ['with an escape', `${JOB}"env\\u005ffile" = "a.env"\n`],
  ['with a long escape', `${JOB}"env\\U0000005ffile" = "a.env"\n`],
])('a config that names a file of variables %s is more than its files', (_, text) => {
  expect([contents(text), contents(JOB, text)]).toEqual([null, null]);
});

test('the contents of a config that is too long or cannot be read are not known', () => {
  const bytes = Buffer.byteLength(JOB);
  expect([contents(JOB, '#\n', bytes + 2)?.length, contents(JOB, '#\n', bytes + 1)]).toEqual([2, null]);
  expect(contents(Buffer.from([0x23, 0xff]))).toBeNull();
  expect(configContents(join(newFolder(), 'none'), ROOM)).toEqual([]);
});
