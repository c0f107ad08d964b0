import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { answering, KeptOutput, run, type Outcome } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { job, statusOf } from '../../../../support/sample-replies.ts';
import { newFolder } from '../../../../support/new-folder.ts';

let dir: string;
beforeEach(() => {
  dir = newFolder();
  for (const folder of ['config', 'data/logs', 'data/exits/old', 'data/histories'])
    mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'config', 'a.toml'), '[[jobs]]\nname = "written"\njob_command = "x"\n');
  for (const name of ['web', 'written', 'old'])
    writeFileSync(join(dir, 'data', 'logs', `${name}.log`), 'x'.repeat(1_500));
  writeFileSync(join(dir, 'data', 'logs', 'old.log.1'), 'x'.repeat(500));
});

const clean = (words: string, reply = statusOf(job({ name: 'web' }))): Promise<Outcome> =>
  run(`clean ${words}`, answering(reply), {
    homes: { ...HOMES, config: join(dir, 'config'), data: join(dir, 'data') },
  });
const logs = (): readonly boolean[] =>
  ['web.log', 'written.log', 'old.log', 'old.log.1'].map((name) =>
    existsSync(join(dir, 'data', 'logs', name)),
  );

test('what removed jobs left is listed, and nothing is deleted without a word', async () => {
  const { code, out, err } = await clean('');
  expect(out).toMatch(/^old +2 kB +\d files\n\n2 kB left by 1 removed job\n$/);
  expect([code, err.split('\n')[0]]).toEqual([
    64,
    'overseer: nothing was deleted: without a terminal say --yes',
  ]);
  expect(logs()).toEqual([true, true, true, true]);
});

test('what removed jobs left is deleted with --yes, and nothing of the others', async () => {
  const { code, out } = await clean('--yes');
  expect([code, out.endsWith('deleted\n')]).toEqual([0, true]);
  expect(logs()).toEqual([true, true, false, false]);
  expect(await clean('--yes')).toEqual({ code: 0, out: 'nothing is left of removed jobs\n', err: '' });
});

test('with --json the same is told, and deleted only with --yes', async () => {
  const told = JSON.parse((await clean('--json')).out) as {
    readonly deleted: boolean;
    readonly left: unknown;
  };
  expect(told).toMatchObject({ ok: true, deleted: false, left: [{ job: 'old', bytes: 2_000 }] });
  expect(logs()[2]).toBe(true);
  expect(JSON.parse((await clean('--json --yes')).out)).toMatchObject({ deleted: true });
  expect(logs()).toEqual([true, true, false, false]);
});

test('clean deletes nothing if it is not known which jobs there are', async () => {
  expect(await run('clean --yes', answering(null))).toMatchObject({
    code: 3,
    err: 'overseer: no daemon is running that could say which jobs there are; `overseer` starts one\n',
  });
  writeFileSync(join(dir, 'config', 'a.toml'), 'nonsense = 1\n');
  const bad = await clean('--yes');
  expect([bad.code, bad.err.split('\n').at(-2)]).toEqual([
    78,
    'overseer: the config has a problem, so it is not known which jobs it names',
  ]);
  expect(logs()).toEqual([true, true, true, true]);
});

test('sizes have the unit that is read best', async () => {
  writeFileSync(join(dir, 'data', 'logs', 'big.log'), Buffer.alloc(1_250_000));
  writeFileSync(join(dir, 'data', 'logs', 'tiny.log'), 'x');
  const { out } = await clean('');
  expect(out).toMatch(/^big +1\.25 MB/m);
  expect(out).toMatch(/^tiny +1 B +1 file$/m);
  expect(out).toMatch(/\n1\.25 MB left by 3 removed jobs\n$/);
});

test('whatever a removed job may leave is listed below its name, job by job', async () => {
  const data = join(dir, 'data');
  for (const folder of ['stdin', 'history']) mkdirSync(join(data, folder));
  const left = [
    'logs/a@10.log.2',
    'logs/a@10.log.idx',
    'logs/a@9.log.rotating',
    'logs/a@9.log.1.idx',
    'stdin/a@9',
  ];
  for (const path of [...left, 'history/a@9', 'exits/a@10', 'logs/no log.log', 'logs/a.txt', 'stdin/web'])
    writeFileSync(join(data, path), 'xy');
  // A link counts nothing, and goes without what it leads to.
  const kept = join(dir, 'kept');
  writeFileSync(kept, 'x'.repeat(9_000));
  symlinkSync(kept, join(data, 'logs', 'linked.log'));
  symlinkSync(join(dir, 'nowhere'), join(data, 'logs', 'torn.log'));
  const { left: told } = JSON.parse((await clean('--json --yes')).out) as {
    readonly left: readonly {
      readonly job: string;
      readonly bytes: number;
      readonly paths: readonly string[];
    }[];
  };
  expect(told.map(({ job: name, bytes, paths }) => `${name} ${bytes} ${paths.length}`)).toEqual([
    'a@9 8 4',
    'a@10 6 3',
    'linked 0 1',
    'old 2000 3',
    'torn 0 1',
  ]);
  expect([
    existsSync(kept),
    existsSync(join(data, 'stdin/web')),
    existsSync(join(data, 'logs/a.txt')),
  ]).toEqual([true, true, true]);
  for (const { paths } of told) expect(paths.filter((path) => existsSync(path))).toEqual([]);
});

test('a linked subfolder is not looked into, and what a link within a folder leads to stays', async () => {
  const data = join(dir, 'data');
  mkdirSync(join(dir, 'elsewhere'));
  const kept = ['old', 'gone', 'gone.log'].map((name) => join(dir, 'elsewhere', name));
  for (const path of kept) writeFileSync(path, 'x');
  symlinkSync(join(dir, 'elsewhere'), join(data, 'history'));
  symlinkSync(join(dir, 'elsewhere'), join(data, 'exits/old/linked'));
  rmSync(join(data, 'logs'), { recursive: true });
  symlinkSync(join(dir, 'elsewhere'), join(data, 'logs'));
  const { left } = JSON.parse((await clean('--json --yes')).out) as { readonly left: unknown };
  expect(left).toEqual([{ job: 'old', bytes: 0, paths: [join(data, 'exits/old')] }]);
  expect([existsSync(join(data, 'exits/old')), ...kept.map((path) => existsSync(path))]).toEqual([
    false,
    true,
    true,
    true,
  ]);
});

test.each([
  [999, '999 B'],
  [1_000, '1 kB'],
  [999_999, '1 MB'],
])('%i bytes are %s', async (bytes, words) => {
  writeFileSync(join(dir, 'data', 'logs', 'sized.log'), Buffer.alloc(bytes));
  expect((await clean('')).out).toMatch(new RegExp(`^sized +${words} +1 file$`, 'm'));
});

test('at a terminal clean asks, and only a yes deletes', async () => {
  const own = { stdin: process.stdin, stdout: process.stdout };
  const given = (name: 'stdin' | 'stdout', value: unknown): void =>
    void Object.defineProperty(process, name, { value, configurable: true });
  const asked = async (typed: string, isTTY: boolean): Promise<unknown> => {
    const keys = Object.assign(new PassThrough(), { isTTY });
    given('stdin', keys);
    given('stdout', new PassThrough().resume());
    keys.write(typed);
    const out = new KeptOutput({ columns: 80 });
    const { code } = await run('clean', answering(statusOf(job({ name: 'web' }))), {
      homes: { ...HOMES, config: join(dir, 'config'), data: join(dir, 'data') },
      out,
    });
    return [code, out.text.includes('deleted\n'), logs()[2]];
  };
  try {
    expect([await asked('\n', true), await asked('y\n', false), await asked('y\n', true)]).toEqual([
      [0, false, true],
      [64, false, true],
      [0, true, false],
    ]);
  } finally {
    given('stdin', own.stdin);
    given('stdout', own.stdout);
  }
});
