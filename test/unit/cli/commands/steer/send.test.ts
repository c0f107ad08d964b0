import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { answering, run } from '../../../../support/fake-cli.ts';
import { answer } from '../../../../support/sample-replies.ts';
import { newFolder } from '../../../../support/new-folder.ts';

test('send needs words, and fails for a job whose input is gone', async () => {
  expect((await run('send web', answering(null))).err.split('\n')[0]).toBe(
    "overseer: which line to which job? As in `overseer send repl help`; an empty line is `''`",
  );
  const inputs = [{ job: 'web', path: '/nowhere/web' }];
  expect(await run('send web hello you', answering(answer({ inputs })))).toEqual({
    code: 1,
    out: '',
    err: 'overseer: web has no open standard input any more: `overseer why web` says why\n',
  });
  const json = await run('send web hello --json', answering(answer({ inputs })));
  expect(JSON.parse(json.out)).toEqual({ sent: [], problems: [expect.stringContaining('web has no open')] });
});

test.each([
  ['print a a b a', 'print a a b a\n'],
  ['one', 'one\n'],
  ['-- -x -x --json', '-x -x --json\n'],
])('send passes on the words %j as they were written', async (words, line) => {
  const path = join(newFolder(), 'web');
  spawnSync('mkfifo', [path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const sent = await run(`send web ${words}`, answering(answer({ inputs: [{ job: 'web', path }] })));
  const block = Buffer.alloc(100);
  const got = block.toString('utf8', 0, readSync(fd, block));
  closeSync(fd);
  expect([sent.code, got]).toEqual([0, line]);
});

test('send fails if one of several jobs misses the line, and names those that got it', async () => {
  const [first, last] = [join(newFolder(), 'a'), join(newFolder(), 'c')];
  const fds = [first, last].map((path) => {
    spawnSync('mkfifo', [path]);
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  });
  const inputs = [
    { job: 'a', path: first },
    { job: 'b', path: '/nowhere/b' },
    { job: 'c', path: last },
  ];
  const sent = await run('send * hello', answering(answer({ inputs })));
  const block = Buffer.alloc(100);
  const got = fds.map((fd) => block.toString('utf8', 0, readSync(fd, block)));
  for (const fd of fds) closeSync(fd);
  expect(sent).toEqual({
    code: 1,
    out: 'sent to a, c\n',
    err: 'overseer: b has no open standard input any more: `overseer why b` says why\n',
  });
  expect(got).toEqual(['hello\n', 'hello\n']);
});
