import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Change } from '../../src/plan/change.ts';
import { parseSocketFile, type SocketFile } from '../../src/wire/socket-file.ts';
import { Home, OVERSEERD, awaited, ended, fixture, within } from './support/home.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

const job = (name: string, more = ''): string => program(name, '"sleep 1000"', more);
const program = (name: string, command: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = ${command}\nstart_seconds = 0\n${more}\n`;
const script = (name: string, text: string, more = ''): string =>
  program(name, `{ exe = "sh", args = ["-c", ${JSON.stringify(text)}] }`, more);

const inShort = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ job: name, action, reason, state }) => `${name} ${action} ${reason} ${state}`);

async function logged(name: string, text: string): Promise<void> {
  await awaited(async () => home.log(name).includes(text) || null, `${text} in the log of ${name}`);
}

describe('what a job is given', () => {
  test('T-171 signs, quotes and every script reach the program as they are written', async () => {
    const words = ['100%', '%s', "it's", '"quoted"', 'käse 茶 🍵', '$HOME', '*', '', '--', 'a b'];
    const print = JSON.stringify('printf "<%s>" "$@" "$SAYS"');
    home.write(
      'jobs.toml',
      program(
        'odd',
        `{ exe = "sh", args = ["-c", ${print}, "x", ${words.map((word) => JSON.stringify(word)).join(', ')}] }`,
        'env = { SAYS = "100% käse" }\nrestart = "never"',
      ),
    );
    await home.overseer();
    await home.until('odd', ({ state }) => state === 'finished');
    expect(home.log('odd')).toBe([...words, '100% käse'].map((word) => `<${word}>`).join(''));
  });

  test('T-172 its environment is the base, then env_file, then env, then its own name; a variable that is taken out is gone', async () => {
    writeFileSync(home.path('first.env'), 'A=file\nB=file\nC=file\n');
    writeFileSync(home.path('second.env'), 'B=second\n');
    const files = 'env_file = ["first.env", "second.env"]';
    home.write(
      'jobs.toml',
      script('web', 'env | sort; exec sleep 1000', `${files}\nenv = { C = "env", D = "\${USER}" }`),
    );
    const environment = async (): Promise<readonly string[]> => {
      await logged('web', 'XDG_DATA_HOME=');
      return home
        .log('web')
        .split('\n')
        .filter((line) => /^([A-D]|OVERSEER_(?!ID)\w+|LEAKED)=/.test(line));
    };
    await ended(home.begin({ LEAKED: 'from a terminal' }));
    expect(await environment()).toEqual(['A=file', 'B=second', 'C=env', 'D=tester', 'OVERSEER_JOB=web']);
    rmSync(join(home.data, 'logs', 'web.log'));
    home.write('jobs.toml', script('web', 'env | sort; exec sleep 1000', files));
    expect(inShort((await home.apply()).changes)).toEqual(['web restart changed running']);
    expect(await environment()).toEqual(['A=file', 'B=second', 'C=file', 'OVERSEER_JOB=web']);
    appendFileSync(home.path('second.env'), 'A=second\n');
    expect((await home.apply()).changes).toMatchObject([{ action: 'restart', reason: 'changed' }]);
  });

  test.each([
    ['9lives', 'a digit first'],
    ['a.b@c:d-e_f', 'every sign that is allowed'],
    ['x'.repeat(64), 'sixty-four letters'],
  ])('T-173 a job may be called %s (%s)', async (name) => {
    home.write('jobs.toml', script(name, 'echo here; exec sleep 1000'));
    await home.overseer();
    await logged(name, 'here');
    expect([(await home.overseer('status', name)).code, (await home.overseer('stop', name)).code]).toEqual([
      0, 0,
    ]);
  });
});

describe('a job that cannot be started fails, and says what is at fault', () => {
  const of = (path: string): readonly [string, string][] => [
    [`cwd does not exist: ${path}`, job('web', `cwd = "${path}"`)],
    [`command not found: ${path}`, program('web', JSON.stringify(path))],
  ];

  test('T-174 a folder or a command that is not there, that is no program, or that may not be run', async () => {
    const path = home.path('thing');
    const expectDetail = async (detail: string, text: string): Promise<void> => {
      home.write('jobs.toml', text);
      expect((await home.apply()).changes).toMatchObject([
        { state: 'failed', detail: expect.stringContaining(detail) as string, pid: null },
      ]);
    };
    for (const [detail, text] of of(path)) await expectDetail(detail, text);
    mkdirSync(path);
    await expectDetail(`not a program but a folder: ${path}`, program('web', JSON.stringify(path)));
    rmSync(path, { recursive: true });
    writeFileSync(path, 'no program');
    await expectDetail(`not executable: ${path}`, program('web', JSON.stringify(path)));
    await expectDetail(`cwd is not a folder: ${path}`, job('web', `cwd = "${path}"`));
    writeFileSync(path, '#!/no/such/interpreter\n');
    expect(readdirSync(home.data).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  test('T-175 J-42 a crashing program that is replaced comes up with the next trigger', async () => {
    const path = home.path('program');
    writeFileSync(path, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    home.write(
      'jobs.toml',
      program('web', JSON.stringify(path), 'backoff = { min = 30 }').replace(
        'start_seconds = 0',
        'start_seconds = 0.1',
      ),
    );
    expect(inShort((await home.apply()).changes)).toEqual(['web start new backoff']);
    writeFileSync(path, '#!/bin/sh\nexec sleep 1000\n');
    expect(inShort((await home.apply()).changes)).toEqual(['web start not-running running']);
  });
});

describe('what counts as a start', () => {
  test('T-176 J-30 a job that ends before start_seconds has failed to start, one that ends after has not', async () => {
    const ends = (name: string): string => script(name, 'sleep 0.3', 'backoff = { min = 20 }');
    home.write(
      'jobs.toml',
      ends('early').replace('start_seconds = 0', 'start_seconds = 0.6') +
        ends('late').replace('start_seconds = 0', 'start_seconds = 0.1'),
    );
    await home.apply('--no-wait');
    const early = await home.until('early', ({ state }) => state === 'backoff');
    const late = await home.until('late', ({ restarts }) => restarts === 1);
    expect([early.lastExit?.code, early.nextStartAt === null, late.lastExit?.code]).toEqual([0, false, 0]);
  });
});

describe('a changed config', () => {
  test('T-177 reaches a job in backoff, which then is one copy with the new command', async () => {
    home.write(
      'jobs.toml',
      script('web', 'exit 1', 'backoff = { min = 20 }').replace('start_seconds = 0', 'start_seconds = 0.1'),
    );
    await home.apply();
    home.write('jobs.toml', script('web', 'echo new; exec sleep 1000'));
    expect(inShort((await home.apply()).changes)).toEqual(['web start changed running']);
    await logged('web', 'new');
    expect(home.log('web')).toBe('new\n');
  });

  test('T-178 reaches a job that waits for another, which then is one copy with the new command', async () => {
    const db = (test: string): string => job('db', `test_command = "${test}"`);
    home.write('jobs.toml', db('false') + script('web', 'echo old; exec sleep 1000', 'after = ["db"]'));
    expect(inShort((await home.apply()).changes)).toEqual([
      'db none test-failed held',
      'web start new waiting',
    ]);
    home.write('jobs.toml', db('true') + script('web', 'echo new; exec sleep 1000', 'after = ["db"]'));
    await home.apply();
    await logged('web', 'new');
    expect([home.log('web'), (await home.job('web')).state]).toEqual(['new\n', 'running']);
  });

  test('T-179 of the only job leaves the daemon as it is', async () => {
    home.write('jobs.toml', job('web'));
    await home.apply();
    const daemon = home.daemonPid();
    home.write('jobs.toml', job('web').replace('1000', '1001'));
    await home.apply();
    home.write('jobs.toml', '');
    expect(inShort((await home.apply()).changes)).toEqual(['web remove removed stopped']);
    expect((await home.status()).daemon.pid).toBe(daemon);
  });
});

describe('a stop by hand', () => {
  test('T-180 wins over a restart that is under way', async () => {
    home.write(
      'jobs.toml',
      script('web', "trap 'sleep 0.4; exit 0' TERM; echo began; while :; do sleep 0.02; done"),
    );
    await home.apply();
    await logged('web', 'began');
    const restart = home.overseer('restart', 'web');
    await home.until('web', ({ state }) => state === 'stopping');
    expect(inShort((await home.json<{ changes: readonly Change[] }>('stop', 'web')).changes)).toEqual([
      'web stop by-hand stopped',
    ]);
    await within(restart, 'the restart to be told');
    expect((await home.job('web')).state).toBe('stopped');
    expect(home.log('web').split('began').length).toBe(2);
  });
});

describe('a test', () => {
  test('T-181 J-17 that outlives its time is ended with the children that it started', async () => {
    home.write(
      'jobs.toml',
      job('web', `test_command = ${JSON.stringify(fixture('has-children-too'))}\ntest_timeout = 0.3`),
    );
    expect((await home.apply()).changes).toMatchObject([{ reason: 'test-unknown', state: 'held' }]);
    expect(home.processes()).toEqual([home.daemonPid()]);
  });

  test('T-182 that runs while its job is in backoff or on its way out decides as ever: no holds it, yes starts it', async () => {
    const asked = 'test_command = "test -e flag"';
    const slow = "trap 'sleep 0.4; exit 0' TERM; echo began; while :; do sleep 0.02; done";
    writeFileSync(home.path('flag'), '');
    home.write(
      'jobs.toml',
      script('down', 'exit 1', `backoff = { min = 1000, max = 1000 }\n${asked}`) + script('out', slow, asked),
    );
    await home.apply();
    await home.until('down', ({ state }) => state === 'backoff');
    await logged('out', 'began');
    const restart = home.overseer('restart', 'out');
    await home.until('out', ({ state }) => state === 'stopping');
    rmSync(home.path('flag'));
    expect(inShort((await home.apply()).changes)).toEqual([
      expect.stringMatching(/^down \w+ test-failed held$/),
      expect.stringMatching(/^out \w+ test-failed held$/),
    ]);
    await within(restart, 'the restart to be told');
    const begun = (): number => home.log('out').split('began\n').length - 1;
    expect(begun()).toBe(1);
    writeFileSync(home.path('flag'), '');
    expect(inShort((await home.apply()).changes)).toEqual([
      expect.stringMatching(/^down start test-passed /),
      'out start test-passed running',
    ]);
    await awaited(async () => begun() === 2 || null, 'the second run');
  });

  test('T-183 that says no is no failed start: nothing is restarted because of it', async () => {
    home.write('jobs.toml', job('web', 'test_command = "false"\nmax_restarts = 1'));
    for (let round = 0; round < 3; round += 1)
      expect(inShort((await home.apply()).changes)).toEqual([
        expect.stringMatching(/^web none test-failed held$/),
      ]);
    expect(await home.job('web')).toMatchObject({ state: 'held', restarts: 0 });
  });
});

describe('what is kept', () => {
  test('T-184 stays the same through a trigger that changes nothing', async () => {
    home.write('jobs.toml', job('web') + job('api', 'restart = "never"'));
    await home.apply();
    const kept = (): string => readFileSync(join(home.data, 'state.journal'), 'utf8');
    const before = kept();
    await home.apply();
    expect(kept()).toBe(before);
  });
});

describe('overseerd', () => {
  test('T-185 says in one line that another daemon serves the data folder, with exit code 1', async () => {
    await home.overseer();
    const socket = readFileSync(join(home.data, 'socket'));
    const ran = await ended(home.spawn(OVERSEERD, []));
    expect(ran).toEqual({ code: 1, stdout: '', stderr: `overseerd: another daemon serves ${home.data}\n` });
    expect(readFileSync(join(home.data, 'socket')).equals(socket)).toBe(true);
  });

  test('that cannot begin says why in one line, to whoever started it and to a client', async () => {
    mkdirSync(join(home.data, 'state.journal'), { recursive: true });
    const why = `overseerd: ${home.data}/state.journal is not a regular file: move it away, overseer keeps its state there.\n`;
    expect(await ended(home.spawn(OVERSEERD, []))).toEqual({ code: 1, stdout: '', stderr: why });
    expect(await home.overseer()).toEqual({
      code: 1,
      stdout: '',
      stderr: `overseer: cannot reach or start the daemon: the daemon ended with exit code 1; it logged:\n${why}`,
    });
  });

  test('removes what one that was killed has left half written', async () => {
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

  test('in the foreground shows its log from the beginning once it serves', async () => {
    const daemon = home.spawn(OVERSEERD, []);
    const gone = ended(daemon);
    await home.serving();
    daemon.kill('SIGTERM');
    const { code, stderr } = await gone;
    expect([code, stderr]).toEqual([0, readFileSync(join(home.data, 'overseerd.log'), 'utf8')]);
    expect(stderr).toContain('daemon Success InitHomes -> OpenSocket');
  });

  test('T-186 ends by SIGTERM as by die: every job in the reverse order of after, however often it is asked, with exit code 0', async () => {
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

  test('T-187 answers a real client while strangers send it garbage', async () => {
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
});

describe('the log of a job', () => {
  test('T-188 holds long lines, and what was written just before the end without a line end', async () => {
    home.write(
      'jobs.toml',
      program('brief', JSON.stringify(fixture('prints-and-ends')), 'restart = "never"'),
    );
    await home.overseer();
    await home.until('brief', ({ state }) => state === 'finished');
    expect(home.log('brief')).toBe(`${'x'.repeat(20_000)}\nlast words`);
    expect((await home.overseer('logs', 'brief')).stdout).toBe(home.log('brief'));
  });

  test('T-189 comes back with the next start when its folder was removed', async () => {
    home.write('jobs.toml', script('web', 'echo here; exec sleep 1000'));
    await home.overseer();
    await logged('web', 'here');
    rmSync(join(home.data, 'logs'), { recursive: true });
    expect((await home.overseer('restart', 'web')).code).toBe(0);
    await logged('web', 'here');
  });
});
