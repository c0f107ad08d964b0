import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFirstConfig } from '../../../../../src/cli/offline.ts';
import { answering, run } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';

test('init writes a config that check accepts, once', async () => {
  const homes = { ...HOMES, config: join(newFolder(), 'overseer') };
  const first = await run('init', answering(null), { homes });
  expect(first).toEqual({
    code: 0,
    out: `wrote ${homes.config}/overseer.toml\nEdit it, then run \`overseer\`; \`overseer check\` looks for mistakes first.\n`,
    err: '',
  });
  expect(await run('check', answering(null), { homes })).toEqual({
    code: 0,
    out: 'ok: 1 job in 1 file\n',
    err: '',
  });
  expect((await run('init', answering(null), { homes })).out).toContain(
    'is there already; nothing was written',
  );
});

test('init says in words why it cannot write the config', async () => {
  const dir = newFolder();
  writeFileSync(join(dir, 'file'), '');
  const file = join(dir, 'file');
  for (const [config, words] of [
    [join(file, 'below'), `${file}/below cannot be read: a part of its path is no folder`],
  ] as const)
    expect(await run('init', answering(null), { homes: { ...HOMES, config } })).toEqual({
      code: 1,
      out: '',
      err: `overseer: ${words}\n`,
    });
});

test('init leaves a config of any name alone', () => {
  const dir = newFolder();
  writeFileSync(join(dir, 'mine.toml'), '');
  expect(writeFirstConfig(dir)).toEqual({ ok: true, path: join(dir, 'mine.toml'), isNew: false });
  const mine = join(dir, 'mine.toml');
  expect(writeFirstConfig(mine)).toEqual({ ok: true, path: mine, isNew: false });
  const named = join(dir, 'new.toml');
  expect(writeFirstConfig(named)).toEqual({ ok: true, path: named, isNew: true });
});
