import { call } from '../../../../src/cli/call/call.ts';
import type { CommandSet, Surroundings } from '../../../../src/cli/call/run-command-line.ts';
import type { Cli, Command } from '../../../../src/cli/cli.ts';
import { parse } from '../../../../src/cli/argv/parse.ts';
import { KeptOutput } from '../../../support/fake-cli.ts';

/** A set with one command more, and what it writes. */
function withCommand(run: (cli: Cli) => Promise<number>) {
  const outputs = [new KeptOutput(), new KeptOutput()] as const;
  const probe = { words: 'probe', about: 'Tries.', run } as unknown as Command;
  const set: CommandSet = {
    commands: [probe],
    parse: (words, columns) => parse(words, [probe], columns),
    outputOf: (descriptor) => outputs[descriptor === 1 ? 0 : 1],
  };
  return { set, out: () => outputs[0].text, err: () => outputs[1].text };
}

const listeners = (): number => process.listenerCount('SIGINT');

test('a call resolves to the exit code of its command, which has the two streams of the process', async () => {
  const { set, out, err } = withCommand(async (cli) => {
    await cli.out.write('result\n');
    await cli.err.write('words\n');
    return 4;
  });
  expect([await call(['probe'], set), out(), err()]).toEqual([4, 'result\n', 'words\n']);
});

test('Ctrl-C ends a call by itself, but for a command that has asked to hear of it, once', async () => {
  const before = listeners();
  let heard: Surroundings['interruption'] | null = null;
  const { set } = withCommand((cli) => {
    heard = cli.interruption;
    return Promise.resolve(0);
  });
  await call(['probe'], set);
  expect(listeners()).toBe(before);
  const interrupted = heard!();
  expect([interrupted.aborted, listeners()]).toEqual([false, before + 1]);
  process.emit('SIGINT');
  expect([interrupted.aborted, listeners()]).toEqual([true, before]);
});

test('of several signals the first one aborts, and none of them is caught any more', async () => {
  let heard: Surroundings['interruption'] | null = null;
  const { set } = withCommand((cli) => {
    heard = cli.interruption;
    return Promise.resolve(0);
  });
  await call(['probe'], set);
  const before = process.listenerCount('SIGHUP');
  const interrupted = heard!('SIGTERM', 'SIGHUP');
  expect(process.listenerCount('SIGHUP')).toBe(before + 1);
  process.emit('SIGTERM');
  expect([interrupted.aborted, process.listenerCount('SIGHUP')]).toEqual([true, before]);
});

test('a command that is interrupted ends its process as Ctrl-C does, and so the script around it', async () => {
  const kill = process.kill.bind(process);
  const sent: unknown[] = [];
  process.kill = (pid, signal) => (sent.push([pid, signal]), true);
  try {
    const { set } = withCommand((cli) => {
      void cli.endInterrupted();
      return Promise.resolve(0);
    });
    await call(['probe'], set);
    expect(sent).toEqual([[process.pid, 'SIGINT']]);
  } finally {
    process.kill = kill;
  }
});

test('an exception in a callback is reported as a bug, whatever the command still waits for', async () => {
  const before = process.listeners('uncaughtException');
  const { set, out, err } = withCommand(() => new Promise(() => undefined));
  const ended = call(['probe'], set);
  const [added] = process.listeners('uncaughtException').filter((each) => !before.includes(each));
  added?.(new Error('lost'), 'uncaughtException');
  expect([await ended, out(), err()]).toEqual([
    70,
    '',
    expect.stringMatching(/^overseer: a bug of ours: lost\n/),
  ]);
});
