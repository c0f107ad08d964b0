import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parseSocketFile, type SocketFile } from '../../src/wire/socket-file.ts';
import { OVERSEERD, awaited, ended, within } from './support/home.ts';
import { home } from './support/fresh-home.ts';
import { VERSION } from '../../src/version.ts';
import { sleeper } from './support/shell-job.ts';
import { job, script } from './support/sleeps.ts';

test('T-185 overseerd says in one line that another daemon serves the folder, with exit code 1', async () => {
  home.write('jobs.toml', job('web'));
  await home.overseer();
  const socket = readFileSync(join(home.data, 'socket'));
  const ran = await ended(home.spawn(OVERSEERD, []));
  expect(ran).toEqual({ code: 1, stdout: '', stderr: `overseerd: another daemon serves ${home.data}\n` });
  expect(readFileSync(join(home.data, 'socket')).equals(socket)).toBe(true);
});

test('overseerd that cannot begin says why in one line, to its starter and to a client', async () => {
  home.write('jobs.toml', job('web'));
  mkdirSync(join(home.data, 'state.journal'), { recursive: true });
  const why = `overseerd: ${home.data}/state.journal is not a regular file: move it away, overseer keeps its state there.\n`;
  expect(await ended(home.spawn(OVERSEERD, []))).toEqual({ code: 1, stdout: '', stderr: why });
  expect(await home.overseer()).toEqual({
    code: 1,
    stdout: '',
    stderr: `overseer: cannot reach or start the daemon: the daemon ended with exit code 1; it logged:\n${why}`,
  });
});

test('overseerd removes the files that a killed daemon has left half written', async () => {
  home.write('jobs.toml', job('web'));
  mkdirSync(home.data, { recursive: true });
  for (const name of ['overseerd.log', 'socket.4711', 'state.journal.new', 'socket.mine'])
    writeFileSync(join(home.data, name), '');
  await home.overseer();
  expect(
    readdirSync(home.data)
      .filter((name) => /^(socket|state)/.test(name))
      .toSorted(),
  ).toEqual(['socket', 'socket.mine', 'state.journal']);
});

test('overseerd in the foreground shows its log from the beginning once it serves', async () => {
  const daemon = home.spawn(OVERSEERD, []);
  const gone = ended(daemon);
  await home.serving();
  const { port } = parseSocketFile(readFileSync(join(home.data, 'socket'), 'utf8')) as SocketFile;
  daemon.kill('SIGTERM');
  const { code, stderr } = await gone;
  expect([code, stderr]).toEqual([0, readFileSync(join(home.data, 'overseerd.log'), 'utf8')]);
  const [first, ...rest] = stderr.split('\n').map((line) => line.replace(/^\S+Z /, ''));
  expect(first).toBe(`overseer ${VERSION} serves ${home.data} at port ${port}, pid ${daemon.pid}`);
  expect(rest.at(-2)).toBe('the daemon has ended');
});

test('T-186 overseerd ends by SIGTERM as by die: in reverse order of after, with exit code 0', async () => {
  const slow = (name: string, after: string): string =>
    script(
      name,
      `trap 'echo ${name} >> ../order; sleep 0.2; exit 0' TERM; echo up; while :; do sleep 0.02; done`,
      `after = [${after}]\ncwd = "~/config"`,
    );
  home.write('jobs.toml', slow('b', '"a"') + slow('a', ''));
  const daemon = home.spawn(OVERSEERD, ['--apply']);
  const gone = ended(daemon);
  await home.serving();
  await awaited(async () => (home.log('a') + home.log('b') === 'up\nup\n' ? true : null), 'both jobs');
  daemon.kill('SIGHUP');
  daemon.kill('SIGTERM');
  await awaited(async () => existsSync(home.path('order')) || null, 'the first stop');
  daemon.kill('SIGTERM');
  daemon.kill('SIGHUP');
  const { code } = await gone;
  expect([code, home.processes(), readFileSync(home.path('order'), 'utf8')]).toEqual([0, [], 'b\na\n']);
  expect(home.daemons()[0]?.at(-1)).toEqual({ event: 'Success', from: 'Exit', to: 'Done' });
});

test('T-187 overseerd answers a real client while strangers send it garbage', async () => {
  home.write('jobs.toml', job('web'));
  await home.apply();
  const { port, token } = parseSocketFile(readFileSync(join(home.data, 'socket'), 'utf8')) as SocketFile;
  const heard: Buffer[] = [];
  const strangers = [
    'GET / HTTP/1.1\r\n\r\n',
    '\u0016\u0003\u0001\u0002',
    'OVSR1\n\u00ff\u00ff\u00ff\u00ff',
    'OVSR1\n',
    '',
  ].map((bytes) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.on('data', (chunk) => heard.push(chunk));
    socket.write(Buffer.from(bytes, 'latin1'));
    return socket;
  });
  expect((await home.overseer('status', 'web')).code).toBe(0);
  for (const socket of strangers) socket.destroy();
  expect((await home.overseer('status', 'web')).code).toBe(0);
  expect(Buffer.concat(heard).toString('latin1')).not.toContain(token);
});

describe('overseerd', () => {
  const overseerd = (...args: readonly string[]): ReturnType<typeof ended> =>
    ended(home.spawn(OVERSEERD, args));

  test('T-12 overseerd has --help and --version, and refuses unknown words with exit code 64', async () => {
    expect(await overseerd('--version')).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect(await overseerd('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--apply'),
      stderr: '',
    });
    expect(await overseerd('--aply')).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('--aply'),
    });
    expect(existsSync(home.data)).toBe(false);
  });

  test('T-13 overseerd reads the config by itself only with --apply', async () => {
    home.write('jobs.toml', sleeper('web'));
    const plain = overseerd();
    await home.serving();
    expect((await home.status()).jobs).toEqual([]);
    await home.overseer('die');
    expect((await within(plain, 'its end')).code).toBe(0);
    const applying = overseerd('--apply');
    await home.serving();
    await home.until('web', ({ state }) => state === 'running');
    await home.overseer('die');
    expect((await within(applying, 'its end')).code).toBe(0);
  });

  test('T-14 overseerd logs what is wrong with a config that --apply refuses', async () => {
    const file = home.write('jobs.toml', '[[jobs]]\nname = "web"\nrestrat = "never"\n');
    const applying = overseerd('--apply');
    await home.serving();
    const log = (): string => readFileSync(join(home.data, 'overseerd.log'), 'utf8');
    const lines = [
      `config refused: ${file}:1:1: jobs[0] "web": job_command is missing`,
      `config refused: ${file}:3:1: jobs[0] "web": unknown key "restrat": did you mean "restart"?\n`,
    ];
    await awaited(
      async () => lines.every((line) => log().includes(line)) || null,
      'both problems in the log',
    );
    await home.overseer('die');
    expect(await within(applying, 'its end')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('config refused: '),
    });
  });
});
