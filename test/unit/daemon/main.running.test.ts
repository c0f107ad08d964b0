import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ANOTHER_DAEMON } from '../../../src/another-daemon.ts';
import { InProcessDaemon } from '../../support/in-process-daemon.ts';
import { until } from '../../support/until.ts';

let own: InProcessDaemon;
beforeEach(() => (own = new InProcessDaemon()));
afterEach(() => own.dispose());

const JOB = '[[jobs]]\nname = "web"\njob_command = { exe = "sleep", args = ["600"] }\nstart_seconds = 0\n';
const logs = (line: string) => () => own.log().some((each) => each.includes(line));
const signal = (name: string): void => void process.emit(name as never);

/** The end of a daemon by a signal, once this is in its log. */
const endedOnce =
  (line: string, by = 'SIGTERM') =>
  async (): Promise<void> => {
    await until(logs(line));
    signal(by);
  };

test('a daemon with --apply starts the jobs of the config, and SIGTERM stops them', async () => {
  own.configure(JOB);
  const ran = await own.run(['--apply'], endedOnce('web running'));
  expect([ran.code, ran.out]).toEqual([0, '']);
  const lines = own.log();
  expect(lines).toEqual([
    expect.stringMatching(/^overseerd --apply asks: apply /),
    expect.stringMatching(/^overseer \S+ serves /),
    expect.stringMatching(/^web started, pid \d+: new in the config$/),
    'web running',
    'SIGTERM asks: end, and stop every job',
    'web stopping: the daemon is shutting down',
    'web ended by SIGTERM',
    expect.stringMatching(/^web stopped/),
    'the daemon has ended',
  ]);
  // In the foreground the log is echoed.
  expect(ran.err.split('\n').length).toBe(lines.length + 1);
  expect(existsSync(join(own.data, 'socket'))).toBe(false);
});

test('a daemon whose config has a problem logs it and goes on', async () => {
  own.configure('[[jobs]]\nname = "web"\n');
  const { code } = await own.run(['--apply'], endedOnce('config refused', 'SIGINT'));
  expect(code).toBe(0);
  expect(own.log()).toContain('SIGINT asks: end, and stop every job');
});

test('a closed terminal and other signals do not end a daemon', async () => {
  const { code } = await own.run([], async () => {
    await until(logs('serves'));
    for (const name of ['SIGHUP', 'SIGPIPE', 'SIGUSR1', 'SIGUSR2', 'SIGQUIT']) signal(name);
    process.emit('uncaughtException', new Error('odd'));
    await until(logs('bug: Error: odd'));
    signal('SIGTERM');
  });
  expect(code).toBe(0);
  expect(own.log().filter((line) => line.includes('asks'))).toEqual([
    'SIGTERM asks: end, and stop every job',
  ]);
});

test('a second daemon of the same folder says so, to a client by its exit code', async () => {
  let second: unknown;
  await own.run([], async () => {
    await until(logs('serves'));
    second = [await own.run([]), await own.run(['--attached'])];
    signal('SIGTERM');
  });
  expect(second).toEqual([
    { code: 1, out: '', err: expect.stringContaining(`overseerd: another daemon serves ${own.data}\n`) },
    { code: ANOTHER_DAEMON, out: '', err: expect.any(String) },
  ]);
});
