import { jest } from '@jest/globals';
import { RequestsStage } from '../../../../support/requests-stage.ts';
import { signalNamed } from '../../../../../src/daemon/requests/steer/signal-named.ts';

async function staged(): Promise<RequestsStage> {
  const stage = new RequestsStage();
  await stage.apply({ a: { tags: ['x'] }, b: { tags: ['x'], stdin: true }, c: { stdin: true } });
  await stage.ask({ name: 'stop', jobs: ['a', 'c'], all: false });
  stage.story.splice(0);
  return stage;
}

test('a signal is known by its name with or without SIG, and so are those of real time', () => {
  expect(
    ['SIGHUP', 'HUP', 'USR1', 'SIGRTMIN+1', 'RTMIN+1', 'hup', 'SIG', 'toString', ''].map(signalNamed),
  ).toEqual([
    'SIGHUP',
    'SIGHUP',
    'SIGUSR1',
    ...['SIGRTMIN+1', 'RTMIN+1'].map(signalNamed),
    null,
    null,
    null,
    null,
  ]);
  expect(signalNamed('RTMIN+1')).toEqual(signalNamed('SIGRTMIN+1'));
});

test('a signal goes to the jobs that are named and run', async () => {
  const stage = await staged();
  const signal = async (name: string, ...jobs: string[]): Promise<unknown> =>
    (await stage.ask({ name: 'signal', signal: name, jobs })).answer;
  expect(await signal('HUP', 'b')).toEqual({ signalled: ['b'] });
  expect(stage.story).toEqual(['b gets SIGHUP']);
  // A tag selects those of its jobs that run.
  expect(await signal('USR1', 'tag:x')).toEqual({ signalled: ['b'] });
  expect(await signal('USR1', 'tag:x', 'a', 'c')).toEqual({
    code: 'not-running',
    message: 'a, c: not running, so nothing was signalled',
  });
  expect(await signal('FOO', 'b')).toEqual({
    code: 'bad-request',
    message: 'there is no signal FOO; `kill -l` lists them',
  });
  expect(await signal('HUP', 'no')).toMatchObject({ code: 'no-such-job' });
  expect(stage.story).toEqual(['b gets SIGHUP', 'b gets SIGUSR1']);
});

test('a job whose group may not be signalled is not told as signalled', async () => {
  const stage = await staged();
  const { processes } = stage.world;
  const refused = jest.spyOn(processes, 'signal').mockReturnValue('forbidden');
  expect((await stage.ask({ name: 'signal', signal: 'HUP', jobs: ['b'] })).answer).toEqual({ signalled: [] });
  expect(refused).toHaveBeenCalledTimes(1);
});

test('what writes to a job is told its input, and what to do where it has none', async () => {
  const stage = await staged();
  const stdin = async (...jobs: string[]): Promise<unknown> =>
    (await stage.ask({ name: 'stdin', jobs })).answer;
  expect(await stdin('b')).toEqual({ inputs: [{ job: 'b', path: '/stdin/b' }] });
  expect(await stdin('*')).toEqual({ inputs: [{ job: 'b', path: '/stdin/b' }] });
  expect(await stdin('a')).toEqual({
    code: 'no-stdin',
    message:
      'the standard input of a is empty: write `stdin = true` for it in the config, then run `overseer`',
  });
  expect(await stdin('b', 'c')).toEqual({
    code: 'not-running',
    message: 'c is stopped, so it reads nothing; `overseer start c` starts it',
  });
  await stage.ask({ name: 'stop', jobs: ['b'], all: false });
  // None that the tag selects can read: the first of them is told of.
  expect(await stdin('tag:x')).toMatchObject({ code: 'no-stdin' });
  const held = new RequestsStage();
  held.verdicts.set('a', 1);
  await held.apply({ a: { stdin: true, test: { exe: 't', args: [] } } });
  expect((await held.ask({ name: 'stdin', jobs: ['a'] })).answer).toEqual({
    code: 'not-running',
    message: 'a is held, so it reads nothing; `overseer why a` says why',
  });
});
