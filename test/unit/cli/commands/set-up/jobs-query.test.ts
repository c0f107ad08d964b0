import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JOBS_QUERY } from '../../../../../src/cli/completion/jobs-query.ts';
import { answering, run } from '../../../../support/fake-cli.ts';
import { HOMES } from '../../../../support/fake-client.ts';
import { newFolder } from '../../../../support/new-folder.ts';
import { job, statusOf } from '../../../../support/sample-replies.ts';
import type { Reply } from '../../../../../src/wire/messages.ts';

async function names(config: string, reply: Reply | null = null): Promise<readonly string[]> {
  const dir = newFolder();
  for (const folder of ['config', 'data/logs']) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'config', 'a.toml'), config);
  writeFileSync(join(dir, 'data', 'logs', 'old.log'), '');
  writeFileSync(join(dir, 'data', 'logs', 'web@2.log'), '');
  const homes = { ...HOMES, config: join(dir, 'config'), data: join(dir, 'data') };
  return (await run(JOBS_QUERY, answering(reply), { homes })).out.trimEnd().split('\n');
}

const WEB = '[[jobs]]\nname = "web"\njob_command = "x"\ninstances = 2\ntags = ["front"]\n';

test('the names that complete a word are those of the daemon, with their jobs and tags', async () => {
  const known = statusOf(
    job({ name: 'web@1', job: 'web', tags: ['front', 'x'] }),
    job({ name: 'db', job: 'db', tags: ['x'] }),
  );
  expect(await names(WEB, known)).toEqual(['db', 'tag:front', 'tag:x', 'web', 'web@1']);
});

test('without a daemon, completion offers the names of the config and of existing logs', async () => {
  expect(await names(WEB)).toEqual(['old', 'tag:front', 'web', 'web@2']);
  expect(await names('nonsense = 1\n')).toEqual(['old', 'web', 'web@2']);
});
