import { answering, run } from '../../../../support/fake-cli.ts';
import { answer } from '../../../../support/sample-replies.ts';

test('a line is sent to no job that is not there, and wants words', async () => {
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
