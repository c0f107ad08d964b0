import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run, type Outcome } from '../../../../support/fake-cli.ts';
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
  expect(out).toMatch(/^old +2\.0 kB +\d files\n\n2\.0 kB left by 1 removed job\n$/);
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
  expect(out).toMatch(/^big +1\.3 MB/m);
  expect(out).toMatch(/^tiny +1 B +1 file$/m);
  expect(out).toMatch(/\n1\.3 MB left by 3 removed jobs\n$/);
});
