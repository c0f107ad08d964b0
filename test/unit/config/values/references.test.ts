import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../../src/config/read-config.ts';
import type { Ready } from '../../../../src/config/config.ts';
import { resolveReady } from '../../../../src/config/values/ready.ts';
import { expandReferences } from '../../../../src/config/values/references.ts';
import { jobEnvironment } from '../../../../src/job/environment.ts';

const dir = mkdtempSync(join(tmpdir(), 'overseer-references-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const BASE = { HOME: '/home/me', PATH: '/bin' };
const known = { variables: { A: 'a', EMPTY: '', __proto__: 'kept' }, home: '/home/me' };

function reading(lines: string, file = ''): ReturnType<typeof readConfig> {
  writeFileSync(join(dir, 'vars.env'), file);
  writeFileSync(join(dir, 'a.toml'), `[[jobs]]\nname = "web"\njob_command = "x"\ncwd = "${dir}"\n${lines}\n`);
  return readConfig({ dir, home: '/home/me', base: BASE });
}

function environmentOf(
  lines: string,
  file = '',
  instance: string | null = null,
): Readonly<Record<string, string>> {
  const read = reading(lines, file);
  const job = read.ok ? read.config.jobs[0] : undefined;
  if (job === undefined) throw new Error(JSON.stringify(read));
  return jobEnvironment(BASE, job, instance, 'f');
}

describe('references in a value', () => {
  it.each([
    ['${A}', 'a'],
    ['x${A}y${A}', 'xaya'],
    ['$A $5 a$', '$A $5 a$'],
    ['$$', '$'],
    ['$${A}', '${A}'],
    ['$$$${A}', '$${A}'],
    ['$$${A}', '$a'],
    ['${NONE:-text}', 'text'],
    ['${NONE:-}', ''],
    ['${A:-text}', 'a'],
    ['${EMPTY:-text}', 'text'],
    ['${EMPTY}', ''],
    ['${NONE:-a:-b $c}', 'a:-b $c'],
    ['~/x', '/home/me/x'],
    ['~', '~'],
    ['x~/y', 'x~/y'],
    ['~other/x', '~other/x'],
  ])('%s is %s', (text, expected) => {
    expect(expandReferences(text, known)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['${NONE}', 0, '${NONE} is not known'],
    ['ab${toString}', 2, '${toString} is not known'],
    ['${constructor}', 0, 'is not known'],
    ['$$${hasOwnProperty}', 2, 'is not known'],
    ['${}', 0, 'this is no reference'],
    ['${A', 0, 'this is no reference'],
    ['${A-b}', 0, 'this is no reference'],
    ['${A:b}', 0, 'this is no reference'],
    ['${ A }', 0, 'this is no reference'],
    ['${9}', 0, 'this is no reference'],
  ])('%s is refused where it stands', (text, at, said) => {
    expect(expandReferences(text, known)).toEqual({ ok: false, at, message: expect.stringContaining(said) });
  });
});

describe('references in ready', () => {
  const readyOf = (ready: string, more = ''): Ready | null => {
    const read = reading(`instances = 2\n${more}\nready = ${ready}`);
    const job = read.ok ? read.config.jobs[0] : undefined;
    if (job?.ready == null) throw new Error(JSON.stringify(read));
    const variables = jobEnvironment(BASE, job, '2', 'f');
    const resolved = resolveReady(job.ready, { variables, home: BASE.HOME });
    return resolved.ok ? resolved.value : null;
  };
  const rest = { intervalMs: 1000, timeoutMs: 5000, withinMs: 60_000 };

  it('references in ready use the variables of the job, and of each copy', () => {
    expect(readyOf('{ tcp = "localhost:800${OVERSEER_INSTANCE}" }')).toEqual({
      kind: 'tcp',
      host: 'localhost',
      port: 8002,
      ...rest,
    });
    expect(
      readyOf('{ http = "http://h:${PORT}/${NONE:-x}" }', 'env = { PORT = "90${OVERSEER_INSTANCE}" }'),
    ).toEqual({ kind: 'http', url: 'http://h:902/x', ...rest });
    expect(readyOf("{ log = 'on ${WHERE} (\\d+)$$' }", 'env = { WHERE = "a.b" }')).toEqual({
      kind: 'log',
      pattern: 'on a\\.b (\\d+)$$',
      ...rest,
    });
  });

  it('a reference of a probe in [defaults] that leads nowhere is told there, once', () => {
    writeFileSync(
      join(dir, 'a.toml'),
      '[defaults]\nready = { tcp = "h:${NONE}" }\nalive = { tcp = "h:${NONE}" }\n' +
        ['a', 'b'].map((name) => `[[jobs]]\nname = "${name}"\njob_command = "x"\n`).join(''),
    );
    const read = readConfig({ dir, home: '/home/me', base: BASE });
    expect(
      read.ok ? [] : read.problems.map(({ line, message }) => `${line} ${message.slice(0, 45)}`),
    ).toEqual(
      [
        '2 [defaults]: ready.tcp: ${NONE} is not known: ',
        '3 [defaults]: alive.tcp: ${NONE} is not known: ',
      ].map((each) => each.slice(0, 47)),
    );
  });

  it('references are looked at also where the name or the command of a job is wrong', () => {
    const more = 'ready = { tcp = "h:${NONE}" }\nenv = { A = "${NONE}" }\n';
    const wrong = [
      `[[jobs]]\nname = "ä"\njob_command = "x"\n${more}`,
      `[[jobs]]\nname = "b"\njob_command = "x | y"\n${more}`,
    ];
    writeFileSync(join(dir, 'a.toml'), wrong.join(''));
    const read = readConfig({ dir, home: '/home/me', base: BASE });
    expect(read.ok ? [] : read.problems.map(({ line }) => line)).toEqual([2, 4, 5, 8, 9, 10]);
  });

  it.each(Array.from('.*+?^$(){}[]|\\/-'))(
    'a value with %s in it is text for the pattern of ready',
    (sign) => {
      const value = `a${sign}b`;
      const ready = { kind: 'log', pattern: '', written: '^${V}$', intervalMs: 1, timeoutMs: 1, withinMs: 1 };
      const resolved = resolveReady(ready as Ready, { variables: { V: value }, home: '/' });
      const pattern = resolved.ok && resolved.value.kind === 'log' ? resolved.value.pattern : '(?!)';
      expect([
        new RegExp(pattern).test(value),
        new RegExp(pattern).test('ab'),
        new RegExp(pattern).test('b'),
      ]).toEqual([true, false, false]);
    },
  );

  it('an expression without a reference stays as it is', () => {
    expect(readyOf("{ log = 'x{2}$|\\$$' }")).toEqual({ kind: 'log', pattern: 'x{2}$|\\$$', ...rest });
  });

  it.each([
    ['{ tcp = "localhost:${NONE}" }', '${NONE} is not known'],
    ['{ tcp = "localhost:${HOME}" }', '"host:port" with a port'],
    ['{ http = "${HOME}" }', 'an http:// or https:// URL'],
    ['{ log = "${toString}" }', '${toString} is not known'],
  ])('a reference that leads to no probe is a problem: %s', (ready, said) => {
    const read = reading(`ready = ${ready}`);
    expect(read.ok ? [] : read.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining(said),
    ]);
  });
});

describe('references in env', () => {
  it('references in env may name the base environment, env_file and overseer’s variables', () => {
    const lines =
      'env_file = "vars.env"\nenv = { P = "${PATH}:/x", F = "${FILE}", J = "${OVERSEER_JOB}", H = "~/h", __proto__ = "${HOME}" }';
    const env = environmentOf(lines, 'FILE=f\n');
    expect(env).toMatchObject({ P: '/bin:/x', F: 'f', J: 'web', H: '/home/me/h', FILE: 'f' });
    expect(Object.getOwnPropertyDescriptor(env, '__proto__')?.value).toBe('/home/me');
  });

  it('references in env give each copy its own number', () => {
    const lines = 'instances = 2\nenv = { PORT = "800${OVERSEER_INSTANCE}" }';
    expect([environmentOf(lines, '', '1')['PORT'], environmentOf(lines, '', '2')['PORT']]).toEqual([
      '8001',
      '8002',
    ]);
  });

  it('an unknown name in env is a problem with its place, and so is an instance without copies', () => {
    const read = reading('env = { A = "1", B = "x${A}", C = "${OVERSEER_INSTANCE}", D = "${__proto__}" }');
    expect(
      read.ok
        ? []
        : read.problems.map(({ line, column, message }) => `${line}:${column} ${message.slice(0, 50)}`),
    ).toEqual([
      '5:24 jobs[0] "web": env.B: ${A} is not known: a value m',
      '5:35 jobs[0] "web": env.C: ${OVERSEER_INSTANCE} is not ',
      '5:63 jobs[0] "web": env.D: ${__proto__} is not known: a',
    ]);
  });

  it('a file of [defaults] that cannot be read is the only problem of what refers to it', () => {
    writeFileSync(
      join(dir, 'a.toml'),
      `[defaults]\ncwd = "${dir}"\nenv_file = "none.env"\n` +
        '[[jobs]]\nname = "a"\njob_command = "x"\nenv = { A = "${FILE}" }\n',
    );
    const read = readConfig({ dir, home: '/home/me', base: BASE });
    expect(read.ok ? [] : read.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('none.env'),
    ]);
  });

  it('a variable whose name is a number and whose value is no text is one problem', () => {
    const read = reading('env = { A = "1", "1" = 5 }');
    expect(read.ok ? [] : read.problems.map(({ column, message }) => `${column}: ${message}`)).toEqual([
      '24: jobs[0] "web": env.1 must be a string, got 5: write "5"',
    ]);
  });

  it('a file that cannot be read is the only problem of what refers to it', () => {
    const read = reading('env_file = "none.env"\nenv = { A = "${FILE}" }');
    expect(read.ok ? [] : read.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('none.env'),
    ]);
  });
});
