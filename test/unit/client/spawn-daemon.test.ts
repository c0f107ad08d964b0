import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPorts } from '../../../src/client/real-ports.ts';
// Loaded before the descriptors are counted: to translate it, the tests may start a process.
import '../../../src/client/spawn-daemon.ts';
import { HOMES } from '../../support/fake-client.ts';
import { openBelow } from '../../support/open-files.ts';
import { until } from '../../support/until.ts';

test('a launched daemon has nothing of its terminal, and its last words are known', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-client-'));
  const program = join(folder, 'tells-its-surroundings.cjs');
  writeFileSync(join(folder, 'overseerd.log'), 'older\n');
  writeFileSync(
    program,
    `const { readdirSync, readlinkSync, existsSync } = require('node:fs');
      console.log(process.cwd(), process.argv.slice(2).join(' '));
      process.stdin.on('end', () => console.log('left alone')).resume();
      setTimeout(() => process.exit(9), 50);`,
  );
  const open = openBelow('/dev/null').length;
  const daemon = await realPorts(program).launchDaemon({ ...HOMES, data: folder });
  expect([openBelow(realpathSync(folder)), openBelow('/dev/null').length]).toEqual([[], open]);
  while (daemon.exitCode() === null) await new Promise((resolve) => setTimeout(resolve, 10));
  expect({
    code: daemon.exitCode(),
    ending: daemon.ending(),
    tail: daemon.logTail(),
    log: readFileSync(join(folder, 'overseerd.log'), 'utf8'),
  }).toEqual({
    code: 9,
    ending: 'ended with exit code 9',
    tail: '/ --launched',
    log: 'older\n/ --launched\n',
  });
  rmSync(folder, { recursive: true });
});

test('a daemon that cannot be started at all says why', async () => {
  const daemon = await realPorts('/nowhere').launchDaemon({ ...HOMES, data: '/nonexistent' });
  expect([daemon.exitCode(), daemon.ending(), daemon.logTail()]).toEqual([
    -1,
    "cannot be started: ENOENT: no such file or directory, open '/nonexistent/overseerd.log'",
    '',
  ]);
});

test('the last words of a daemon are its own, and none of those that its log had before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-client-'));
  const program = join(folder, 'ends-in-silence.cjs');
  writeFileSync(join(folder, 'overseerd.log'), 'overseerd: an older complaint\n');
  writeFileSync(program, 'process.exit(3);');
  const daemon = await realPorts(program).launchDaemon({ ...HOMES, data: folder });
  await until(() => daemon.exitCode() !== null);
  expect([daemon.exitCode(), daemon.logTail()]).toEqual([3, '']);
  rmSync(folder, { recursive: true });
});

test('a daemon whose program Node refuses leaves its log closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overseer-client-'));
  const daemon = await realPorts('/no\0where').launchDaemon({ ...HOMES, data: folder });
  expect([daemon.exitCode(), daemon.ending()]).toEqual([
    -1,
    expect.stringContaining('cannot be started: The argument'),
  ]);
  expect(openBelow(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
