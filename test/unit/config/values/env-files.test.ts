import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Job, Problem } from '../../../../src/config/config.ts';
import { readConfigFiles } from '../../../../src/config/read-config.ts';
import { folderOf, read, complaints, saidAbout } from '../../../support/config-files.ts';

describe('env files', () => {
  const readEnv = (env: string): Job['envFromFiles'] | Problem => {
    const dir = folderOf({ 'x.env': env });
    const reading = read({
      'a.toml': `[[jobs]]\nname = "a"\njob_command = "x"\ncwd = "${dir}"\nenv_file = "x.env"`,
    });
    return reading.ok ? reading.config.jobs[0]!.envFromFiles : { ...reading.problems[0]!, file: 'x.env' };
  };

  test.each([
    ['A=1\nB = two words  # no\n\n# c\nexport C=3\r\nA=4', { A: '4', B: 'two words', C: '3' }],
    [`A='it''s'`, null],
    [
      `A='$x \\n "'\nB="a\\n\\t\\"\\\\ $x \\q"\nC=it's#1 #2`,
      { A: '$x \\n "', B: 'a\n\t"\\ $x \\q', C: "it's#1" },
    ],
    ['A="two\nlines"\nB=\nC=  \nD=#x\nE=""', { A: 'two\nlines', B: '', C: '', D: '', E: '' }],
    ['\ufeff__proto__=1', Object.fromEntries([['__proto__', '1']])],
    ['', {}],
  ])('%j is read', (text, expected) => {
    if (expected !== null) expect(readEnv(text)).toStrictEqual(expected);
    else expect(readEnv(text)).toMatchObject({ line: 1 });
  });

  test.each([
    ['A=1\nsecret', 2, 1, 'expected NAME=value, a # comment or an empty line'],
    ['=1', 1, 1, 'expected NAME=value, a # comment or an empty line'],
    ['A="secret\n', 1, 3, 'this quote is never closed'],
    ["A=1\nB='a'secret", 2, 6, 'expected the end of the line after the value'],
    ['A=\u0000', 1, 3, 'unexpected NUL character: expected a text file'],
  ])(
    '%j in an env_file is refused at its own line, and nothing of it is shown',
    (text, line, column, message) => {
      expect(readEnv(text)).toStrictEqual({ file: 'x.env', line, column, message });
    },
  );

  test('T-223 a later env_file wins, and a relative path is below the cwd of each job', () => {
    const dir = folderOf({ '1.env': 'A=1\nB=1', '2.env': 'B=2' });
    const text = `[defaults]\nenv_file = ["1.env", "~/2.env"]\n[[jobs]]\nname = "a"\njob_command = "x"\ncwd = "${dir}"`;
    const reading = readConfigFiles([join(folderOf({ 'a.toml': text }), 'a.toml')], { home: dir });
    expect(reading.ok && reading.config.jobs[0]!.envFromFiles).toEqual({ A: '1', B: '2' });
    expect(
      complaints(`${text}\n[[jobs]]\nname = "b"\njob_command = "x"\n[[jobs]]\nname = "c"\njob_command = "x"`),
    ).toHaveLength(2);
  });

  test('a large env_file counts once against the limit of all, however many jobs name it', () => {
    const dir = folderOf({ 'x.env': `A=${'x'.repeat(2 ** 20 - 2)}` });
    const jobs = Array.from({ length: 17 }, (_, at) => `[[jobs]]\nname = "j${at}"\njob_command = "x"\n`);
    expect(complaints(`[defaults]\nenv_file = "${dir}/x.env"\n${jobs.join('')}`)).toEqual([]);
  });

  test('env files of more than sixteen MiB together are refused, each of them counted', () => {
    const dir = folderOf({ 'x.env': `A=${'x'.repeat(2 ** 20 - 2)}` });
    const names = Array.from({ length: 17 }, (_, at) => `${at}.env`);
    for (const name of names) symlinkSync('x.env', join(dir, name));
    const said = (files: readonly string[]): string[] =>
      complaints(
        `[[jobs]]\nname = "a"\njob_command = "x"\ncwd = "${dir}"\nenv_file = ${JSON.stringify(files)}`,
      );
    expect(said(names.slice(1))).toEqual([]);
    expect(said(names)).toEqual([
      expect.stringContaining('16.env is too much: at most 16 MiB of such files are read together'),
    ]);
  });

  test('no env_file is searched if cwd itself is wrong', () => {
    expect(
      complaints('[defaults]\ncwd = "x"\nenv_file = "1.env"\n[[jobs]]\nname = "b"\njob_command = "x"'),
    ).toHaveLength(1);
    expect(saidAbout('cwd = "x"\nenv_file = "1.env"')).toHaveLength(1);
  });
});
