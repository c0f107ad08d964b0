import { answering, run } from '../../../../support/fake-cli.ts';
import { answer } from '../../../../support/sample-replies.ts';

test('a signal wants a name or a number that there is, and says to whom it went', async () => {
  const said = async (words: string, signalled = ['web']): Promise<string> => {
    const { code, out, err } = await run(`signal ${words}`, answering(answer({ signalled })));
    return `${code} ${(out || err).split('\n')[0]}`;
  };
  expect([
    await said('HUP web'),
    await said('1 web db', ['web', 'db']),
    await said('SIGRTMIN+0 web'),
    await said('USR1 --all', []),
    await said('HPU web'),
    await said(''),
    await said('HUP'),
  ]).toEqual([
    '0 sent HUP to web',
    '0 sent HUP to web, db',
    '0 sent RTMIN to web',
    '0 nothing is running there',
    expect.stringMatching(/^64 overseer: there is no signal HPU.*; `kill -l` lists them$/),
    '64 overseer: which signal to which job? As in `overseer signal HUP web`',
    '64 overseer: which signal to which job? As in `overseer signal HUP web`',
  ]);
});
