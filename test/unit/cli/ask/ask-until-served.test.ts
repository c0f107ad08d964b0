import type { FoundSocketFile } from '../../../../src/client/ports.ts';
import { AskedDaemon } from '../../../support/asked-daemon.ts';
import { KeptOutput, run, type Outcome } from '../../../support/fake-cli.ts';
import { socketText } from '../../../support/fake-client.ts';
import { answer, refusal, REPORT } from '../../../support/sample-replies.ts';

const socketOf = (number: number): FoundSocketFile => ({ kind: 'text', text: socketText(number) });

interface Story {
  /** At which look at the socket file the next daemon is there. */
  readonly nextAt?: number;
  /** At which look Ctrl-C is pressed. */
  readonly interruptedAt?: number;
}

/** A command whose daemon is about to end, and what it printed on a terminal. */
async function asked(words: string, daemon: AskedDaemon, story: Story = {}): Promise<Outcome> {
  const { nextAt = Infinity, interruptedAt = Infinity } = story;
  const interrupted = new AbortController();
  const err = new KeptOutput({ columns: 80 });
  let looks = 0;
  const readSocketFile = (): FoundSocketFile => {
    looks += 1;
    if (looks >= interruptedAt) interrupted.abort();
    return socketOf(looks >= nextAt ? 2 : 1);
  };
  const outcome = await run(words, daemon.world, {
    ports: { ...daemon.target.ports, readSocketFile },
    err,
    interruption: () => interrupted.signal,
  });
  return { ...outcome, err: err.text };
}

test('a start waits for the end of a daemon that is shutting down, and is asked of the next', async () => {
  const daemon = new AskedDaemon().on('start', [refusal('shutting-down')], [answer(REPORT)]);
  const { code, err } = await asked('start web', daemon, { nextAt: 20 });
  expect([code, daemon.asked.length]).toEqual([0, 2]);
  expect(err).toContain('waiting for the daemon to end');
});

test('what starts no daemon is refused by one that is shutting down', async () => {
  const daemon = new AskedDaemon().on('stop', [refusal('shutting-down')]);
  const { code, err } = await asked('stop web', daemon, { nextAt: 20 });
  expect([code, daemon.asked.length]).toEqual([1, 1]);
  expect(err).toContain('overseer: it is shutting-down');
  expect(err).not.toContain('waiting');
});

test('a start gives up where the daemon does not end within two minutes', async () => {
  const daemon = new AskedDaemon().on('start', [refusal('shutting-down')]);
  const { code, err } = await asked('start web', daemon);
  expect([code, daemon.asked.length]).toEqual([1, 2]);
  expect(err).toContain('overseer: it is shutting-down');
});

test('Ctrl-C ends the waiting for a daemon that is shutting down', async () => {
  const daemon = new AskedDaemon().on('start', [refusal('shutting-down')]);
  expect(await asked('start web', daemon, { interruptedAt: 20 })).toMatchObject({ code: 130 });
  expect(daemon.asked.length).toBe(1);
});
