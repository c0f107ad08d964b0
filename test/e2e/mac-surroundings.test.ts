import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ended, type Ran } from './support/home.ts';
import { MacHome, type Knobs } from './support/mac.ts';
import { shellJob, sleeper } from './support/shell-job.ts';

let home: MacHome;
beforeEach(() => {
  home = new MacHome();
});
afterEach(() => home.dispose());

const run = (
  knobs: Knobs,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> => ended(home.begin({ ...env, ...home.knobs(knobs) }, ...args));

const CURE = '`overseer die`, then `overseer`\n';

test('a trigger says that the daemon belongs to an earlier login once its socket is gone', async () => {
  home.write('jobs.toml', sleeper('web'));
  const socket = home.path('com.apple.launchd.aB3/Listeners');
  mkdirSync(dirname(socket));
  writeFileSync(socket, '');
  expect((await run({}, [], { SSH_AUTH_SOCK: socket })).stderr).toBe('');
  rmSync(dirname(socket), { recursive: true });
  const { stderr, code } = await run({});
  expect([stderr, code]).toEqual([
    `overseer: the daemon belongs to an earlier login, so what it starts has no DNS, no keychain and no ssh-agent: ${CURE}`,
    0,
  ]);
});

test('a trigger says that the daemon finds no DNS, which may be for that reason', async () => {
  home.write('jobs.toml', sleeper('web'));
  expect((await run({ isOffline: true })).stderr).toBe(
    `overseer: the daemon finds no DNS; if this terminal does, the daemon belongs to an earlier login: ${CURE}`,
  );
});

test('a job whose folder macOS protects says so and how to mend it, and another job runs', async () => {
  const cwd = home.path('Documents');
  mkdirSync(cwd);
  home.write('jobs.toml', shellJob('kept', 'exec sleep 1000', `cwd = "${cwd}"`) + sleeper('web'));
  const { stdout, code } = await run({ refuses: [cwd] });
  expect(code).toBe(1);
  expect(stdout).toContain(`macOS keeps ${cwd} from overseer: give node Full Disk Access`);
  expect((await home.job('web')).state).toBe('running');
  await run({}, ['die']);
  expect((await run({})).code).toBe(0);
  expect((await home.job('kept')).state).toBe('running');
});
