import { EventEmitter } from 'node:events';
import { QuietLogs } from '../../../../src/job/logs/quiet-logs.ts';

/** Watches that say what they are told to, and whether they are open. */
function quiet(os: 'linux' | 'darwin' = 'linux', refusal: Error | null = null) {
  const opened: {
    readonly path: string;
    readonly on: () => void;
    readonly emitter: EventEmitter;
    isOpen: boolean;
  }[] = [];
  const logs = new QuietLogs(os, (path, on) => {
    if (refusal !== null) throw refusal;
    const emitter = new EventEmitter();
    const watch = { path, on, emitter, isOpen: true };
    opened.push(watch);
    return Object.assign(emitter, { close: () => (watch.isOpen = false) }) as never;
  });
  return { logs, opened, open: () => opened.filter(({ isOpen }) => isOpen).map(({ path }) => path) };
}

test('a log that changes is reported once, and watched no more', () => {
  const { logs, opened, open } = quiet();
  let changes = 0;
  expect(logs.add('/a', () => (changes += 1))).toBe(true);
  opened[0]?.on();
  expect([changes, open()]).toEqual([1, []]);
  logs.add('/a', () => (changes += 10));
  opened[1]?.emitter.emit('error', new Error('gone'));
  expect([changes, open()]).toEqual([11, []]);
});

test('one watch a log: a second takes the place of the first, and dropping ends it', () => {
  const { logs, open } = quiet();
  logs.add('/a', () => undefined);
  logs.add('/a', () => undefined);
  logs.add('/b', () => undefined);
  expect(open()).toEqual(['/a', '/b']);
  logs.drop('/a');
  logs.drop('/never');
  expect(open()).toEqual(['/b']);
  logs.add('/c', () => undefined);
  logs.end();
  expect(open()).toEqual([]);
});

test('a watch that the system refuses is none, and a mistake of ours is thrown', () => {
  const refused = quiet('linux', Object.assign(new Error('no'), { code: 'ENOSPC' }));
  expect(refused.logs.add('/a', () => undefined)).toBe(false);
  const bug = quiet('linux', new TypeError('a bug of ours'));
  expect(() => bug.logs.add('/a', () => undefined)).toThrow('a bug of ours');
});

test.each([
  ['linux', 20_000],
  ['darwin', 1_000],
] as const)('on %s no more than %i logs are watched', (os, most) => {
  const { logs, open } = quiet(os);
  for (let at = 0; at < most; at += 1) logs.add(`/${at}`, () => undefined);
  expect(logs.add('/more', () => undefined)).toBe(false);
  expect(logs.add('/0', () => undefined)).toBe(true);
  expect(open().length).toBe(most);
});
