import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HELP } from '../../../src/daemon/usage.ts';
import { VERSION } from '../../../src/version.ts';
import { InProcessDaemon } from '../../support/in-process-daemon.ts';

let own: InProcessDaemon;
beforeEach(() => (own = new InProcessDaemon()));
afterEach(() => own.dispose());

const JOB = '[[jobs]]\nname = "web"\njob_command = { exe = "sleep", args = ["600"] }\n';

test('overseerd prints its help and its version, and refuses other words', async () => {
  expect(await own.run(['--help'])).toEqual({ code: 0, out: HELP, err: '' });
  expect(await own.run(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
  expect(await own.run(['--nonsense'])).toEqual({
    code: 64,
    out: '',
    err: expect.stringMatching(/^overseerd: Unknown option '--nonsense'.*\nSee `overseerd --help`\.\n$/),
  });
  expect(HELP).toContain('  --autostart as --apply, but take over');
  expect(existsSync(own.data)).toBe(false);
});

test('what an environment names and is not there ends a daemon that would apply it', async () => {
  process.env['OVERSEER_CONFIG'] = join(own.home, 'none.toml');
  const none = join(own.home, 'none.toml');
  const said = `overseerd: there is no ${none}, which OVERSEER_CONFIG names\n`;
  expect(await own.run(['--apply'])).toEqual({ code: 78, out: '', err: said });
  // A service manager would only try again.
  expect(await own.run(['--autostart'])).toEqual({ code: 0, out: '', err: said });
});

test('a project that is named has its own config and data folder', async () => {
  const project = join(own.home, 'shop');
  mkdirSync(project);
  process.env['OVERSEER_PROJECT'] = project;
  expect((await own.run(['--apply'])).err).toBe(
    `overseerd: there is no ${join(project, 'overseer.toml')}, which OVERSEER_PROJECT names\n`,
  );
  writeFileSync(join(project, 'overseer.toml'), JOB);
  const plan = await own.run(['--plan']);
  expect(JSON.parse(plan.out)).toMatchObject({ answer: { changes: [{ job: 'web', action: 'start' }] } });
});

test('a data folder or a log that cannot be used ends a daemon with one line', async () => {
  mkdirSync(join(own.home, '.local', 'share'), { recursive: true });
  writeFileSync(own.data, '');
  expect(await own.run([])).toEqual({
    code: 1,
    out: '',
    err: `overseerd: the data folder ${own.data} is not a folder; move it away, or set XDG_DATA_HOME\n`,
  });
  rmSync(own.data);
  mkdirSync(join(own.data, 'overseerd.log'), { recursive: true, mode: 0o700 });
  expect(await own.run([])).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(/^overseerd: cannot open its log: .*\n$/),
  });
});

test('a path that cannot be resolved is a wrong use, and is told in one line', async () => {
  process.env['OVERSEER_DATA'] = '~somebody/data';
  expect(await own.run([])).toEqual({
    code: 64,
    out: '',
    err: expect.stringMatching(/^overseerd: ~somebody\/data: only ~ and ~\/ are expanded; .*\n$/),
  });
});

test('a plan without a daemon is printed as JSON, and makes nothing', async () => {
  own.configure(JOB + JOB.replace('web', 'db'));
  const { code, out, err } = await own.run(['--plan', '--job', 'db']);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toEqual({
    kind: 'answer',
    answer: {
      ok: true,
      problems: [],
      changes: [{ job: 'db', action: 'start', reason: 'new', facts: [], state: 'stopped', pid: null }],
    },
  });
  expect(existsSync(own.data)).toBe(false);
});
