import type { DaemonPorts } from '../../../../src/daemon/ports.ts';
import { ServedSocket } from '../../../../src/daemon/serving/served-socket.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

/** A served socket whose data folder changes when the test says so; what it does is told in `story`. */
class Served {
  readonly clock = new FakeClock();
  readonly story: string[] = [];
  /** The watches that are open, each with what it calls. */
  readonly watches: (() => void)[] = [];
  canWatch = true;
  holdsLock = true;
  canWrite = true;
  readonly socket: ServedSocket;

  constructor() {
    const ports: Partial<DaemonPorts> = {
      clock: this.clock,
      pid: 1,
      random: (bytes) => 'ab'.repeat(bytes),
      log: { line: (text) => this.story.push(text) },
      listen: () => Promise.resolve({ port: 4_000, peers: 0, close: () => Promise.resolve() }),
      publishSocket: () => ({
        renew: () => {
          this.story.push('renewed');
          return this.canWrite;
        },
        remove: () => null,
      }),
      watchHome: (onChange) => {
        if (!this.canWatch) return null;
        const watch = (): void => onChange();
        this.watches.push(watch);
        return { end: () => void this.watches.splice(this.watches.indexOf(watch), 1) };
      },
    };
    this.socket = new ServedSocket({
      ports: ports as DaemonPorts,
      holdsLock: () => this.holdsLock,
      onRequest: () => undefined,
      onFailure: (detail) => this.story.push(detail),
    });
  }

  /** As often as the open watches call for it, until a second later. */
  change(): readonly string[] {
    for (const watch of this.watches) watch();
    return this.pass(1_000);
  }

  pass(ms: number): readonly string[] {
    this.clock.advance(ms);
    return this.story.splice(0);
  }
}

test('after each change the socket file is looked after, and a new watch is the only one', async () => {
  const served = new Served();
  expect(await served.socket.open()).toBeNull();
  const seen = new Set(served.watches);
  for (let at = 1; at <= 3; at += 1) {
    expect(served.change()).toEqual(['renewed']);
    expect(served.watches).toHaveLength(1);
    for (const watch of served.watches) seen.add(watch);
    expect(seen.size).toBe(at + 1);
  }
  expect(served.pass(60_000)).toEqual([]);
});

test('many changes at once are looked after once', async () => {
  const served = new Served();
  await served.socket.open();
  for (let at = 0; at < 30; at += 1) served.watches[0]?.();
  expect(served.change()).toEqual(['renewed']);
});

test('where the folder cannot be watched, or not again, it is looked after each second', async () => {
  const never = new Served();
  never.canWatch = false;
  await never.socket.open();
  expect(never.pass(3_000)).toEqual(['renewed', 'renewed', 'renewed']);
  const once = new Served();
  await once.socket.open();
  once.canWatch = false;
  expect(once.change()[0]).toBe('renewed');
  expect(once.pass(3_000)).toEqual(['renewed', 'renewed', 'renewed']);
});

test('a socket file that cannot be written is told once, and again once it could be written', async () => {
  const served = new Served();
  await served.socket.open();
  const GONE = 'socket: the socket file is gone and cannot be written again';
  const changes = [false, false, true, false].map((canWrite) => {
    served.canWrite = canWrite;
    return served.change();
  });
  expect(changes).toEqual([['renewed', GONE], ['renewed'], ['renewed'], ['renewed', GONE]]);
});

test('a folder that another has is told once, and nothing is looked after any more', async () => {
  for (const canWatch of [true, false]) {
    const served = new Served();
    served.canWatch = canWatch;
    await served.socket.open();
    served.holdsLock = false;
    expect(served.change()).toEqual(['the data folder was removed or replaced']);
    expect([served.watches, served.change(), served.clock.pending]).toEqual([[], [], 0]);
  }
});

test('a socket file that is removed by its daemon is not looked after', async () => {
  for (const canWatch of [true, false]) {
    const served = new Served();
    served.canWatch = canWatch;
    await served.socket.open();
    for (const watch of served.watches) watch();
    expect(served.socket.unpublish()).toBeNull();
    expect([served.pass(60_000), served.watches, served.clock.pending]).toEqual([[], [], 0]);
  }
});
