import { ANOTHER_DAEMON } from '../../../../src/another-daemon.ts';
import type { AttachedDaemon, ClientPorts } from '../../../../src/client/ports.ts';
import { attach } from '../../../../src/cli/run/attached.ts';
import { endJobs } from '../../../../src/cli/run/end-jobs.ts';
import { fakePorts, fakeWorld, HOMES, socketText, type FakeWorld } from '../../../support/fake-client.ts';

interface Attached {
  readonly code?: number;
  readonly tail?: string;
  /** It writes its socket file after so many looks at it. */
  readonly servesAfter?: number;
}

/** Ports whose attached daemons do as told, in order. */
function portsWith(
  world: FakeWorld,
  daemons: readonly Attached[],
): ClientPorts & { readonly begun: () => number } {
  let begun = 0;
  return {
    ...fakePorts(world),
    begun: () => begun,
    attachDaemon: () => {
      const { code, tail = '', servesAfter = Infinity } = daemons[begun] ?? {};
      begun += 1;
      const number = begun + 1;
      let looks = 0;
      return Promise.resolve({
        exitCode: () => {
          looks += 1;
          if (looks >= servesAfter) world.socket = { kind: 'text', text: socketText(number) };
          return code ?? null;
        },
        ending: () => `ended with exit code ${code}`,
        logTail: () => tail,
      } as unknown as AttachedDaemon);
    },
  };
}

test('a daemon is attached when its socket file is there, and not that of the one before', async () => {
  const world = fakeWorld({ socket: { kind: 'text', text: socketText(1) } });
  const attaching = await attach(portsWith(world, [{ servesAfter: 3 }]), HOMES);
  expect([attaching.ok, world.socket]).toEqual([true, { kind: 'text', text: socketText(2) }]);
});

test('a daemon that ends at once is told with its log, or that another one serves the folder', async () => {
  const end = (daemon: Attached): Promise<unknown> => attach(portsWith(fakeWorld(), [daemon]), HOMES);
  expect([
    await end({ code: 1, tail: 'no room' }),
    await end({ code: 1 }),
    await end({ code: ANOTHER_DAEMON }),
  ]).toEqual([
    { ok: false, isBusy: false, detail: 'the daemon ended with exit code 1; it logged:\nno room' },
    { ok: false, isBusy: false, detail: 'the daemon ended with exit code 1' },
    { ok: false, isBusy: true, detail: `the daemon ended with exit code ${ANOTHER_DAEMON}` },
  ]);
});

test('a daemon that does not come is not waited for without end', async () => {
  expect(await attach(portsWith(fakeWorld(), [{ tail: 'still reading' }]), HOMES)).toEqual({
    ok: false,
    isBusy: false,
    detail: 'the daemon is not reachable after 15 s; it logged:\nstill reading',
  });
});

/** Ends the jobs of a daemon that was lost; `dies` answers each DIE. */
async function ending(
  daemons: readonly Attached[],
  { isGone = true, dies = [true], pids = [null, 42] as readonly (number | null)[] } = {},
) {
  const world = fakeWorld({ writerLives: false });
  const ports = portsWith(world, daemons);
  const asked: number[] = [];
  const seen: number[] = [];
  const answers = [...dies];
  const hasEnded = await endJobs({
    ports: { ...ports, isAlive: (pid) => (seen.push(pid), seen.length < 3) },
    homes: HOMES,
    daemon: { exitCode: () => (isGone ? 1 : null) } as unknown as AttachedDaemon,
    jobs: () => Promise.resolve(pids.map((pid) => ({ pid }))),
    die: () => {
      asked.push(ports.begun());
      return Promise.resolve(answers.shift() ?? false);
    },
  });
  return { hasEnded, asked, begun: ports.begun(), seen };
}

test('a daemon that is still there ends its jobs itself', async () => {
  expect(await ending([], { isGone: false })).toEqual({ hasEnded: true, asked: [0], begun: 0, seen: [] });
  expect((await ending([], { isGone: false, dies: [false] })).hasEnded).toBe(false);
});

test('another daemon ends the jobs of one that is gone, and their processes are waited for', async () => {
  expect(await ending([{ servesAfter: 1 }])).toEqual({
    hasEnded: true,
    asked: [1],
    begun: 1,
    seen: [42, 42, 42],
  });
  // One that serves the folder by now has the jobs.
  expect((await ending([{ code: ANOTHER_DAEMON }])).asked).toEqual([1]);
});

test('three daemons are tried, and then the jobs are given up', async () => {
  expect(
    await ending([{ code: 1 }, { servesAfter: 1 }, { servesAfter: 1 }], { dies: [false, true] }),
  ).toMatchObject({
    hasEnded: true,
    asked: [2, 3],
  });
  expect(await ending([{ code: 1 }, { code: 1 }, { code: 1 }])).toMatchObject({
    hasEnded: false,
    asked: [],
    begun: 3,
  });
});
