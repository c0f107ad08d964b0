import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askingPorts, preparedBy } from '../../../src/client/asking-ports.ts';
import { failureOf } from '../../../src/client/client-failure.ts';
import { realPorts } from '../../../src/client/real-ports.ts';
import { planOffline } from '../../../src/client/plan-offline.ts';
import { dataFolder } from '../../../src/data-folder.ts';
import type { Homes } from '../../../src/homes.ts';
import { newFolder } from '../../support/new-folder.ts';

let home: string;
let homes: Homes;
let socket: string;
beforeEach(() => {
  home = realpathSync(newFolder());
  homes = { config: join(home, 'config'), data: join(home, 'data'), home };
  mkdirSync(homes.data, { mode: 0o700 });
  socket = dataFolder(homes.data).socket;
});

const put = (text: string, mode = 0o600): void => {
  writeFileSync(socket, text);
  chmodSync(socket, mode);
};

test('the text of a socket file of this user alone is believed', () => {
  expect(askingPorts.readSocketFile(homes)).toEqual({ kind: 'missing' });
  put('{}');
  expect(askingPorts.readSocketFile(homes)).toEqual({ kind: 'text', text: '{}' });
  expect(askingPorts.readSocketFile({ ...homes, data: join(home, 'none') })).toEqual({ kind: 'missing' });
});

test.each<[string, () => void, string]>([
  ['others may read', () => put('{}', 0o604), 'can be read or written by others'],
  ['a group may write', () => put('{}', 0o620), 'can be read or written by others'],
  ['is a folder', () => mkdirSync(socket), 'is a folder, but no socket file of overseer’s'],
  ['is a link', () => symlinkSync('/etc/passwd', socket), 'but no socket file of overseer’s'],
  ['is far too long', () => put('x'.repeat(64 * 1024 + 1)), 'but no socket file of overseer’s'],
])('a socket file that %s is not read', (_, make, detail) => {
  make();
  expect(askingPorts.readSocketFile(homes)).toEqual({
    kind: 'unusable',
    detail: expect.stringContaining(detail.replace('’', "'")),
  });
});

test('a socket file of another user is not read, and one below a file is told as that', () => {
  put('{}');
  const { getuid } = process;
  process.getuid = () => 12_345;
  try {
    expect(askingPorts.readSocketFile(homes)).toMatchObject({ kind: 'unusable' });
  } finally {
    process.getuid = getuid!;
  }
  writeFileSync(join(home, 'file'), '');
  expect(askingPorts.readSocketFile({ ...homes, data: join(home, 'file') })).toEqual({
    kind: 'unusable',
    detail: expect.stringMatching(/^cannot read .*file\/socket: /),
  });
});

test('a socket file as long as one may be is read', () => {
  put('x'.repeat(64 * 1024));
  expect(askingPorts.readSocketFile(homes).kind).toBe('text');
});

test('a question looks at the data folder and at the one around it, and makes neither', () => {
  expect(askingPorts.prepareData({ ...homes, data: join(home, 'none') }, true)).toBeNull();
  const asked: unknown[] = [];
  const prepare = (data: string, isServed: boolean): string | null => {
    asked.push([data, isServed]);
    return data.endsWith('bad') ? 'it is bad' : null;
  };
  put('{}');
  expect(preparedBy(prepare, { ...homes, around: join(home, 'around') })).toBeNull();
  expect(preparedBy(prepare, { ...homes, around: join(home, 'bad') })).toBe('it is bad');
  expect(asked).toEqual([
    [join(home, 'around'), false],
    [homes.data, true],
    [join(home, 'bad'), false],
  ]);
});

const failed = (error: string, deadEnd: string | null = null): unknown => {
  const found = deadEnd === null ? null : { text: null, code: deadEnd, detail: '' };
  return failureOf({ result: { ok: false, error, detail: 'why' }, deadEnd: found } as never);
};

test('each way to get no answer has a code and words, and a daemon out of reach is not none', () => {
  expect([
    failed('NoDaemonError'),
    failed('NoDaemonError', 'refused'),
    failed('NoDaemonError', 'version'),
    failed('NoDaemonError', 'timeout'),
    failed('InitHomesError'),
    failed('DaemonLaunchError'),
    failed('SocketSendError'),
    failed('SocketReadError'),
  ]).toEqual([
    { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' },
    { code: 'no-daemon', message: 'no daemon is running; `overseer` starts one' },
    { code: 'unreachable', message: 'why' },
    { code: 'unreachable', message: 'why' },
    { code: 'homes', message: 'why' },
    { code: 'launch', message: 'cannot reach or start the daemon: why' },
    { code: 'send', message: 'the request could not be sent: why' },
    { code: 'read', message: 'no answer: why; `overseer status` says how things are' },
  ]);
  expect(() => failureOf({ result: { ok: true }, deadEnd: null } as never)).toThrow('has no failure');
});

test('the program of the daemon is asked for a plan with the words of the request', async () => {
  const program = join(home, 'program.cjs');
  writeFileSync(
    program,
    'process.stdout.write(JSON.stringify([process.argv.slice(2), process.env.OVERSEER_DATA]))',
  );
  const ask = (request: object): unknown => planOffline(program, homes, request as never);
  expect(await ask({ configDir: '/c', allowEmpty: false })).toEqual([['--plan'], homes.data]);
  expect(await ask({ configDir: '/c', allowEmpty: true, replace: true, jobs: ['a', 'b'] })).toEqual([
    ['--plan', '--allow-empty', '--replace', '--job=a', '--job=b'],
    homes.data,
  ]);
  writeFileSync(program, 'process.stderr.write("no room\\n"); process.exit(3)');
  expect(await ask({ configDir: '/c', allowEmpty: false })).toEqual({
    kind: 'refusal',
    refusal: { code: 'internal', message: 'no plan could be made: no room' },
  });
});

test('a config is looked for in its folder, and a socket file that is gone is not removed', () => {
  const ports = realPorts('/nowhere');
  expect(ports.hasConfig(homes)).toBe(false);
  mkdirSync(homes.config);
  writeFileSync(join(homes.config, 'a.toml'), '');
  expect(ports.hasConfig(homes)).toBe(true);
  expect(ports.removeSocketFile(homes)).toMatch(/^ENOENT/);
  put('{}');
  expect([ports.removeSocketFile(homes), ports.readSocketFile(homes)]).toEqual([null, { kind: 'missing' }]);
});
