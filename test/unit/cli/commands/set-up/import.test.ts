import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';

let dir: string;
beforeEach(() => {
  dir = newFolder();
  mkdirSync(join(dir, 'config'));
});
const call = (words: string): Promise<Outcome> =>
  run(words, answering(null), {
    homes: { ...HOMES, config: join(dir, 'config'), data: join(dir, 'data'), home: dir },
    env: { PATH: '/usr/bin', HOME: dir },
  });

test('an import is printed, with remarks on what has no counterpart', async () => {
  const file = join(dir, 'Procfile');
  writeFileSync(file, 'web: node server.js\nodd line\n');
  const { code, out, err } = await call(`import ${file}`);
  expect(out).toContain('name = "web"');
  expect([code, err]).toEqual([0, expect.stringMatching(/^Procfile:2: /)]);
  expect(JSON.parse((await call(`import ${file} --json`)).out)).toMatchObject({
    jobs: ['web'],
    problems: [],
    remarks: expect.arrayContaining([expect.objectContaining({ line: 2 })]),
  });
});

test('an import is written once, under the name of what it was made of', async () => {
  const file = join(dir, 'Procfile');
  writeFileSync(file, 'web: node server.js\n');
  const { code, out } = await call(`import ${file} --write`);
  const path = join(dir, 'config', 'procfile.toml');
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(
      /^wrote .*procfile\.toml \(1 job\)\nRead it, then `overseer.* plan` says what it would do\.\n$/,
    ),
  ]);
  expect(readFileSync(path, 'utf8')).toContain('name = "web"');
  const again = await call(`import ${file} --write`);
  expect([again.code, again.out]).toEqual([expect.any(Number), '']);
  expect(again.code).not.toBe(0);
});

test('an import wants a file of a format that there is', async () => {
  const wrong = async (words: string): Promise<string> => {
    const { code, err } = await call(`import ${words}`);
    return `${code} ${err.split('\n')[0]}`;
  };
  writeFileSync(join(dir, 'x'), '');
  expect([await wrong(''), await wrong('x --from procfil')]).toEqual([
    '64 overseer: import wants a file, such as Procfile or supervisord.conf',
    expect.stringMatching(/^64 overseer: there is no format procfil: did you mean "procfile"\?; there are /),
  ]);
  expect(await wrong(join(dir, 'none'))).toMatch(/^1 overseer: /);
  expect(existsSync(join(dir, 'config', 'none.toml'))).toBe(false);
});

test.each([
  ['.Procfile', 'procfile.toml'],
  ['My.Procfile', 'my.toml'],
  ['....x', 'imported.toml'],
])('an import of %s is written as %s: in small letters, and not hidden', async (name, written) => {
  const file = join(dir, name);
  writeFileSync(file, 'web: node server.js\n');
  const { code, out } = await call(`import --from procfile ${file} --write`);
  expect([code, out]).toEqual([0, expect.stringContaining(`/config/${written} (1 job)\n`)]);
});
