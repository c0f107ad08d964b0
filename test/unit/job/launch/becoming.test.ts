import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  becoming,
  heedsAll,
  SHELL,
  shellWords,
  skillOf,
  SHELL_ENVIRONMENT,
  type BecomingOptions,
  type EnvSkill,
} from '../../../../src/job/launch/becoming.ts';
import { asSh, SHELLS } from '../../../support/shells.ts';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'overseer-becoming-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

interface Printed {
  readonly out: string;
  readonly code: number | null;
}

function become(
  env: Readonly<Record<string, string>>,
  more: {
    readonly sh?: string;
    readonly exe?: string;
    readonly args?: readonly string[];
    readonly script?: (whole: string) => string;
  } & Partial<BecomingOptions> = {},
): Promise<Printed> {
  const { sh = SHELL, exe = '/usr/bin/env', args = ['-0'], script = (whole) => whole, ...options } = more;
  const program = { exe, args, cwd: dir, env };
  const child = spawn(sh, shellWords(program), {
    cwd: dir,
    env: SHELL_ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stdin.end(script(becoming({ umask: null, openFiles: null, ...options, program })));
  return new Promise((resolve) => child.on('close', (code) => resolve({ out, code })));
}

const linesOf = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();

/** Variables that loaders or shells act on, that shells set themselves, or that env(1) could misread. */
const ODD = {
  PATH: '/usr/bin:/bin',
  LD_LIBRARY_PATH: '/nowhere',
  LD_DEBUG_OUTPUT: '/nowhere',
  LC_ALL: 'xx_YY.nowhere',
  SHELLOPTS: 'xtrace',
  BASH_ENV: '/nowhere',
  ENV: '/nowhere',
  'BASH_FUNC_umask%%': '() { echo taken; }',
  OPTIND: 'x',
  TMOUT: '0',
  UID: '77',
  PPID: '8',
  RANDOM: 'r',
  SHLVL: '7',
  PWD: '/elsewhere',
  OLDPWD: '/before',
  IFS: ',',
  _: 'last',
  E0: 'first',
  E1: 'second',
  'spring.datasource.password': `s3cret "quoted" 'it' $HOME \`id\` \\`,
  'a b': 'spaces',
  '-i': 'dash',
  '--': 'two',
  '-S': '$X',
  "it's": 'quote',
  'back\\slash': 'b',
  'at the end\\': 'e',
  'ref${E0}': 'r',
  '#hash': 'h',
  'line\nend': 'l',
  ümlaut: 'äö€',
  LINES_OF_IT: 'one\ntwo\n',
  CONTROL: '\x01\x02\x7f\x1b[31m',
  EMPTY: '',
};

/** Names that mean nothing to dash, of which some would act on env(1) and others on no program. */
const PLAIN = {
  PATH: '/usr/bin:/bin',
  HOME: '/nowhere',
  LANG: 'xx_YY.nowhere',
  LC_ALL: 'C',
  LD_LIBRARY_PATH: '/nowhere',
  LD_BIND_NOW: '1',
  Mixed_1: `it's "quoted" $HOME \`id\` \\ and\nlong`,
  EMPTY: '',
};

describe.each(SHELLS)('with %s as sh', (shell) => {
  const byDash = shell.endsWith('/dash');

  test.each([
    ['every odd name and value', ODD],
    ['plain names', PLAIN],
    ['a path alone', { PATH: '/usr/bin:/bin' }],
    ['no variable at all', {}],
  ])('the program has exactly its environment with %s', async (_, env) => {
    const { out, code } = await become(env, { sh: asSh(shell, dir), byDash });
    expect([out.split('\0').slice(0, -1).toSorted(), code]).toEqual([linesOf(env), 0]);
  });

  test('a megabyte of environment arrives', async () => {
    const env = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`BIG_${index}`, 'x'.repeat(100_000)]),
    );
    const { out } = await become(env, { sh: asSh(shell, dir), byDash });
    expect(out).toHaveLength(linesOf(env).join('\0').length + 1);
  });

  test('half of what opens the gate runs nothing and prints nothing', async () => {
    const sh = asSh(shell, dir);
    const halves = await Promise.all(
      [0.3, 0.6, 0.99].map((part) =>
        become(
          { A: 'x', 'b.c': 'y' },
          { sh, exe: '/bin/echo', args: ['ran'], script: (whole) => whole.slice(0, whole.length * part) },
        ),
      ),
    );
    expect(halves.map(({ out }) => out)).toEqual(['', '', '']);
  });
});

test('T-1501 dash becomes a program with plain variables by one exec, and others by env(1)', () => {
  const execs = (env: Readonly<Record<string, string>>, byDash: boolean): readonly string[] => {
    const script = becoming({
      program: { exe: 'x', args: [], cwd: '/', env },
      umask: null,
      openFiles: null,
      skill: 'signals',
      byDash,
    });
    return script.split('\n').flatMap((line) => /^exec (?!2>)\S+/.exec(line)?.[0] ?? []);
  };
  expect(execs(PLAIN, true)).toEqual(['exec "$@"']);
  for (const name of ['http_proxy', 'a.b', 'IFS', 'PWD']) expect(execs({ [name]: 'x' }, true)).toEqual(ENV);
  expect(execs(PLAIN, false)).toEqual(ENV);
});

const ENV = ['exec /usr/bin/env'];

/** Of macOS's nobody expects the last. */
const SKILLS = (['plain', 'split', 'signals'] as const).filter(
  (skill) => skill !== 'signals' || process.platform === 'linux',
);

describe.each(SKILLS)('with an env(1) that can do %s', (skill) => {
  const has = (wanted: EnvSkill): boolean => skill === wanted;

  test('a program whose path has a = begins with plain and with odd names', async () => {
    const exe = join(dir, 'a=b');
    copyFileSync('/usr/bin/env', exe);
    const plain = { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: '/nowhere', QUOTED: `it's` };
    const odd = { ...plain, LD_LIBRARY_PATH: '', 'my.var': '1', '-u': 'x' };
    for (const env of [plain, odd]) {
      const { out } = await become(env, { exe, skill });
      expect(out.split('\0').slice(0, -1).toSorted()).toEqual(linesOf(env));
    }
  });

  test('a background program gets SIGINT and SIGQUIT only if env(1) can restore their defaults', () => {
    const program = { exe: '/bin/true', args: [], cwd: '/', env: {} };
    expect(heedsAll(program, skill)).toBe(has('signals'));
    expect(heedsAll({ ...program, exe: '/a=b' }, skill)).toBe(false);
  });

  test('no value of a variable is a word of env(1) where it can be told by name', () => {
    const script = becoming({
      program: { exe: 'x', args: [], cwd: '/', env: { 'my.token': 's3cret' } },
      umask: 0o22,
      openFiles: 256,
      skill,
    });
    const exec = script.split('\n').find((line) => line.startsWith('exec /usr/bin/env')) ?? '';
    expect([exec === '', exec.includes('s3cret')]).toEqual([false, false]);
    expect(exec.includes('"$E0"')).toBe(has('plain'));
  });
});

test('the umask and the soft limit of open files are set for the program', async () => {
  const script = 'umask; ulimit -Sn';
  const { out } = await become(
    { PATH: '/usr/bin:/bin' },
    { exe: '/bin/sh', args: ['-c', script], umask: 0o027, openFiles: 256 },
  );
  expect(out).toBe('0027\n256\n');
});

test('a job without stdin has an empty one, and not the commands of its shell', async () => {
  const args = ['-c', 'test -c /dev/stdin && cat && echo empty'];
  expect(await become({}, { exe: '/bin/sh', args })).toEqual({ out: 'empty\n', code: 0 });
});

test.each<[string, EnvSkill]>([
  ['exec /usr/bin/env "$@"', process.platform === 'linux' ? 'signals' : 'split'],
  // Knows `-S`, and takes what it does not know for the name of a program.
  ['case $2 in --*) exit 125;; esac; echo "a.b=$E0"', 'split'],
  ['echo "env: unrecognized option: $1" >&2; exit 1', 'plain'],
  ['echo "a.b=$E0 and more"', 'plain'],
  ['exit 0', 'plain'],
])('what an env(1) can do is found by trying: `%s` is %s', (script, skill) => {
  const env = join(dir, 'env');
  writeFileSync(env, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  expect(skillOf(env)).toBe(skill);
});

test('an env(1) that is not there can do as little as any', () => {
  expect(skillOf(join(dir, 'none'))).toBe('plain');
});

describe('the commands of a shell', () => {
  const commands = (more: Partial<BecomingOptions>, exe = 'x'): readonly string[] =>
    becoming({
      program: { exe, args: ['y'], cwd: '/', env: { A: "it's", 'b.c': '2' } },
      umask: null,
      openFiles: null,
      skill: 'split',
      ...more,
    })
      .trimEnd()
      .split('\n');
  const carried = [String.raw`export E0='it'\''s'`, `export E1='2'`];
  const end = ['}'];

  test('they set limits first, and hand the values on by name', () => {
    expect(commands({ umask: 0o27, openFiles: 77, limits: { nofile: 55 }, stdin: 3 })).toEqual([
      'exec 2> /dev/null',
      '{ umask 27',
      'ulimit -Sn 77',
      expect.stringContaining('55'),
      'trap - EXIT',
      ...carried,
      String.raw`exec /usr/bin/env -S '-i -- '\''A'\''=${'${E0}'} '\''b.c'\''=${'${E1}'}' "$@" <&3 3<&- 2>&1`,
      ...end,
    ]);
  });

  test.each<[EnvSkill, string, string]>([
    ['plain', 'x', `-i -- 'A='"$E0" 'b.c='"$E1"`],
    ['split', 'x', String.raw`-S '-i -- '\''A'\''=${'${E0}'} '\''b.c'\''=${'${E1}'}'`],
    [
      'signals',
      'x',
      String.raw`-S '--default-signal=INT,QUIT -i -- '\''A'\''=${'${E0}'} '\''b.c'\''=${'${E1}'}'`,
    ],
    ['plain', 'a=b', `-i -- 'A='"$E0" 'b.c='"$E1" /usr/bin/nice -n 0 --`],
    ['plain', '-', `-i -- 'A='"$E0" 'b.c='"$E1" /usr/bin/nice -n 0 --`],
    ['plain', '-x', `-i -- 'A='"$E0" 'b.c='"$E1"`],
  ])('with an env(1) that can do %s the program %s is begun by it', (skill, exe, words) => {
    expect(commands({ skill }, exe)).toEqual([
      'exec 2> /dev/null',
      '{ trap - EXIT',
      ...carried,
      `exec /usr/bin/env ${words} "$@" < /dev/null 2>&1`,
      ...end,
    ]);
  });
});
