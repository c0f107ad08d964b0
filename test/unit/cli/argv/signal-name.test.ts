import { constants } from 'node:os';
import { answering, run } from '../../../support/fake-cli.ts';
import { fakePorts, fakeWorld } from '../../../support/fake-client.ts';
import { answer } from '../../../support/sample-replies.ts';

test.each([
  ['usr1', 'SIGUSR1'],
  ['SIGUSR1', 'SIGUSR1'],
  ['sigusr1', 'SIGUSR1'],
  [String(constants.signals.SIGUSR1), 'SIGUSR1'],
  ['stop', 'SIGSTOP'],
  ['9', 'SIGKILL'],
])('the signal %s is %s, as for kill', async (word, name) => {
  const asked: unknown[] = [];
  const ports = fakePorts(answering(answer({ signalled: ['web'] })));
  const connect: typeof ports.connect = async (file) => {
    const connection = await ports.connect(file);
    return {
      ...connection,
      request: (request, ...rest) => (asked.push(request), connection.request(request, ...rest)),
    };
  };
  const { out } = await run(`signal ${word} web`, fakeWorld(), { ports: { ...ports, connect } });
  expect([asked, out]).toEqual([
    [{ name: 'signal', signal: name, jobs: ['web'] }],
    `sent ${name.slice(3)} to web\n`,
  ]);
});

test('a signal that there is none of is refused with the nearest one, before anybody is asked', async () => {
  for (const word of ['HPU', 'SIGHPU', 'sighpu']) {
    const { code, err } = await run(`signal ${word} web`, answering(null));
    expect([code, err.split('\n')[0]]).toEqual([
      64,
      `overseer: there is no signal ${word}: did you mean "HUP"?; \`kill -l\` lists them`,
    ]);
  }
});
