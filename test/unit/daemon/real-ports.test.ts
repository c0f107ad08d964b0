import { jest } from '@jest/globals';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realPorts } from '../../../src/daemon/real-ports.ts';
import type { DaemonPorts } from '../../../src/daemon/ports.ts';
import type { OsProcesses } from '../../../src/job/processes/os-processes.ts';
import { dataFolder } from '../../../src/data-folder.ts';
import { parseSocketFile } from '../../../src/wire/socket-file.ts';
import { until } from '../../support/until.ts';
import { newInstance, newToken } from '../../support/wire-secrets.ts';

let home: string;
let ports: DaemonPorts;
const begin = (): DaemonPorts =>
  realPorts({ config: join(home, 'config'), data: join(home, 'data'), home }, { line: () => undefined }, () =>
    Promise.resolve(true),
  );

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'overseer-ports-')));
  mkdirSync(join(home, 'config'));
  mkdirSync(join(home, 'data'), { mode: 0o700 });
  ports = begin();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('the config of a folder is read with the home of this user', async () => {
  writeFileSync(
    join(home, 'config', 'a.toml'),
    '[[jobs]]\nname = "web"\njob_command = "true"\ncwd = "~/x"\n',
  );
  const reading = await ports.readConfig(join(home, 'config'));
  expect(reading).toMatchObject({ ok: true, config: { jobs: [{ name: 'web', cwd: join(home, 'x') }] } });
});

test('a path is told without its links, and one that does not exist as it is', () => {
  symlinkSync(join(home, 'config'), join(home, 'link'));
  expect(ports.realPath(join(home, 'link'))).toBe(join(home, 'config'));
  expect(ports.realPath(join(home, 'none'))).toBe(join(home, 'none'));
});

test('secrets are random, and of as many bytes as are asked for', () => {
  const [one, other] = [ports.random(16), ports.random(16)];
  expect(one).toMatch(/^[0-9a-f]{32}$/);
  expect(one).not.toBe(other);
});

test('the socket file is written into the data folder, and the history of a job below it', () => {
  const file = { version: 1, host: '127.0.0.1', port: 4, pid: 5, token: newToken(), instance: newInstance() };
  const published = ports.publishSocket(file as never);
  const path = dataFolder(join(home, 'data')).socket;
  expect(parseSocketFile(readFileSync(path, 'utf8'))).toEqual(file);
  expect(published.remove()).toBeNull();
  ports.history.append('web', ['{"kind":"run"}']);
  expect(ports.history.read('web')).toEqual(['{"kind":"run"}']);
  ports.history.remove('web');
  expect(ports.history.read('web')).toEqual([]);
});

test('the steps of the charts are traced only where the environment names a file for them', () => {
  expect(ports.trace).toBeUndefined();
  process.env['OVERSEER_TRACE'] = join(home, 'trace');
  try {
    expect(begin().trace).toBeDefined();
  } finally {
    delete process.env['OVERSEER_TRACE'];
  }
});

test('in a lull the daemon looks at the processes that have begun since', () => {
  const look = jest.spyOn(ports.processes as OsProcesses, 'lookAhead');
  expect(look).not.toHaveBeenCalled();
  ports.tidy?.();
  expect(look).toHaveBeenCalledTimes(1);
});

test('the removal of the socket file is noticed where the system says so', async () => {
  const path = dataFolder(join(home, 'data')).socket;
  writeFileSync(path, '');
  let changes = 0;
  const watch = ports.watchHome(() => (changes += 1));
  // On a Mac somebody has to poll.
  expect(watch === null).toBe(process.platform !== 'linux');
  if (watch === null) return;
  rmSync(path);
  await until(() => changes > 0);
  watch.end();
});
