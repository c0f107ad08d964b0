import { chmodSync, closeSync, mkdirSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritableDescriptors } from '../../../src/client/inheritable-descriptors.ts';
import { realPorts } from '../../../src/client/real-ports.ts';
import { HOMES } from '../../support/fake-client.ts';
import { newFolder } from '../../support/new-folder.ts';
import { until } from '../../support/until.ts';

test('descriptors of this program are not inherited, nor the first three', () => {
  const own = openSync('/dev/null', 'r');
  const found = inheritableDescriptors();
  closeSync(own);
  expect(found).not.toContain(own);
  expect(found.every((fd) => fd > 2)).toBe(true);
});

/** A daemon's program of this script, launched in a home of its own. */
async function launched(script: string, log = ''): Promise<Awaited<ReturnType<typeof begin>>> {
  const daemon = await begin(script, log);
  await until(() => daemon.exitCode() !== null);
  return daemon;
}

async function begin(script: string, log: string) {
  const data = join(newFolder(), 'data');
  mkdirSync(data, { mode: 0o700 });
  const program = join(data, '..', 'program.cjs');
  writeFileSync(program, script);
  writeFileSync(join(data, 'overseerd.log'), log);
  chmodSync(join(data, 'overseerd.log'), 0o400);
  const daemon = await realPorts(program).launchDaemon({ ...HOMES, data });
  return Object.assign(daemon, { log: join(data, 'overseerd.log') });
}

test('how a daemon ended is known, by its code or by a signal', async () => {
  expect((await launched('process.exit(3)')).ending()).toBe('ended with exit code 3');
  const killed = await launched('process.kill(process.pid, "SIGKILL")');
  expect([killed.ending(), killed.exitCode()]).toEqual(['was ended by SIGKILL', -1]);
});

test('of what a daemon logged its reasons are told, else its last ten lines, and nothing older', async () => {
  const lines = Array.from({ length: 12 }, (_, at) => `line ${at}`);
  const print = (text: readonly string[]): string =>
    `console.log(${JSON.stringify(text.join('\n'))}); process.exit(1)`;
  expect((await launched(print(lines), 'overseerd: older\n')).logTail()).toBe(lines.slice(2).join('\n'));
  expect((await launched(print(['one', 'overseerd: no room', 'two']))).logTail()).toBe('overseerd: no room');
});

test('a log that its owner could not open again is made so', async () => {
  const { log } = await launched('process.exit(0)');
  expect(statSync(log).mode & 0o777).toBe(0o600);
});
