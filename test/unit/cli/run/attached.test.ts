import { ANOTHER_DAEMON } from '../../../../src/another-daemon.ts';
import { attach, type Attaching } from '../../../../src/cli/run/attached.ts';
import type { AttachedDaemon } from '../../../../src/client/ports.ts';
import { fakePorts, fakeWorld, HOMES, socketText } from '../../../support/fake-client.ts';

interface Story {
  /** The daemon of the socket file that was there before. */
  readonly left?: number;
  /** The one that writes its own at the so-manieth look. */
  readonly comes?: number;
  readonly exitCode?: number;
  readonly logTail?: string;
}

async function attached({ left, comes, exitCode, logTail = '' }: Story): Promise<Attaching> {
  const world = fakeWorld(left === undefined ? {} : { socket: { kind: 'text', text: socketText(left) } });
  let looks = 0;
  const daemon = {
    exitCode: () => {
      looks += 1;
      if (looks === 3 && comes !== undefined) world.socket = { kind: 'text', text: socketText(comes) };
      return looks >= 5 ? (exitCode ?? null) : null;
    },
    ending: () => `ended with exit code ${exitCode}`,
    logTail: () => logTail,
  } as unknown as AttachedDaemon;
  const ports = { ...fakePorts(world), attachDaemon: () => Promise.resolve(daemon) };
  const found = await attach(ports, HOMES);
  return found.ok ? { ...found, daemon: null as never } : found;
}

test.each<[string, Story, Attaching]>([
  ['has written its address is attached', { comes: 1 }, { ok: true, daemon: null as never }],
  ['has taken the place of another is attached', { left: 1, comes: 2 }, { ok: true, daemon: null as never }],
  [
    'finds another one there is not attached',
    { left: 1, exitCode: ANOTHER_DAEMON },
    { ok: false, isBusy: true, detail: `the daemon ended with exit code ${ANOTHER_DAEMON}` },
  ],
  [
    'ends at once is not attached, and its log says why',
    { exitCode: 70, logTail: 'no space left' },
    { ok: false, isBusy: false, detail: 'the daemon ended with exit code 70; it logged:\nno space left' },
  ],
  [
    'says nothing is waited for no longer than 15 s',
    { left: 1, logTail: 'still reading' },
    {
      ok: false,
      isBusy: false,
      detail: 'the daemon is not reachable after 15 s; it logged:\nstill reading',
    },
  ],
])('a daemon that %s', async (_, story, attaching) => {
  expect(await attached(story)).toEqual(attaching);
});
