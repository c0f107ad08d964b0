import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Home, awaited, kill, root } from './support/home.ts';
import { shellJob, sleeper } from './support/shell-job.ts';
import { wholeLines } from './support/whole-lines.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** A hook that runs a shell script. */
const hook = (script: string): string => `{ exe = "sh", args = ["-c", ${JSON.stringify(script)}] }`;
const TELL =
  'echo "$OVERSEER_STATE<$OVERSEER_FROM|$OVERSEER_EXIT_CODE|$OVERSEER_EXIT_SIGNAL|$OVERSEER_DETAIL" >> told';

const linesOf = (file: string): readonly string[] => wholeLines(home.path(file));
const daemonLog = (): string => readFileSync(`${home.data}/overseerd.log`, 'utf8');
const told = (count: number, file = 'told'): Promise<readonly string[]> =>
  awaited(async () => (linesOf(file).length >= count ? linesOf(file) : null), `${count} lines in ${file}`);
/** A command that no other process of the machine has. */
const hanging = (seconds: number | string): string => `sleep ${seconds}.${process.pid}`;

const processes = async (command: string): Promise<string> =>
  (
    await home.shell(`ps -eo args | grep -c ${JSON.stringify(`[${command[0]}]${command.slice(1)}`)}`)
  ).stdout.trim();

test('T-800 a hook runs when its job runs or fails, with the environment of the job and the facts', async () => {
  home.write(
    'jobs.toml',
    shellJob(
      'web',
      'sleep 0.1; exit 3',
      `restart = "never"\nenv = { COLOUR = "red" }\non = { running = ${hook(TELL)}, failed = ${hook(
        `${TELL}; echo "$COLOUR $OVERSEER_JOB $PWD" >> told`,
      )} }`,
    ),
  );
  await home.overseer();
  expect(await told(3)).toEqual([
    expect.stringMatching(/^running<starting\|\|\|pid \d+$/),
    'failed<stopping|3||exited with 3',
    `red web ${home.dir}`,
  ]);
});

test('T-801 a hook learns the signal that ended its job', async () => {
  home.write(
    'jobs.toml',
    shellJob('web', 'kill -9 $$', `restart = "never"\non = { failed = ${hook(TELL)} }`),
  );
  await home.overseer();
  expect(await told(1)).toEqual(['failed<stopping||SIGKILL|ended by SIGKILL']);
});

test('T-802 what a hook prints and how it fails is in overseerd.log, and why tells the failure', async () => {
  home.write(
    'jobs.toml',
    sleeper('web', `on = { running = "echo all is well" }`) +
      sleeper('db', `on = { running = ${hook('echo no mail >&2; exit 7')} }`) +
      sleeper('bad', `on = { running = "no-such-notifier" }`),
  );
  await home.apply();
  const log = await awaited(
    async () => (daemonLog().split('the hook for').length === 4 ? daemonLog() : null),
    'three lines',
  );
  expect(log).toContain('web the hook for running printed: all is well');
  expect(log).toContain('db the hook for running failed: it exited with 7; it printed: no mail');
  expect(log).toMatch(/bad the hook for running failed: it could not run: .*no-such-notifier/);
  expect((await home.overseer('why', 'db')).stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /Its hook for running failed at [\d:]+: it exited with 7\./,
  );
  expect((await home.overseer('why', 'web')).stdout).not.toContain('hook');
  for (const job of ['web', 'db', 'bad']) expect(await home.job(job)).toMatchObject({ state: 'running' });
});

test('T-803 a hook that hangs delays nothing, and is killed with its group after 30 s', async () => {
  home.write(
    'jobs.toml',
    shellJob(
      'web',
      'sleep 0.2; exit 1',
      `restart = "never"\non = { starting = ${hook(`${hanging(987)} & ${hanging(988)}`)}, failed = ${hook(TELL)} }`,
    ),
  );
  await home.overseer();
  await home.until('web', ({ state }) => state === 'failed');
  expect(await processes(hanging('98[78]'))).not.toBe('0');
  expect(linesOf('told')).toEqual([]);
  await awaited(async () => linesOf('told').length === 1 || null, 'the hook that waited', 45_000);
  expect(daemonLog()).toContain('web the hook for starting failed: it was killed after 30 s');
  expect(await processes(hanging('98[78]'))).toBe('0');
}, 60_000);

test('T-804 a hook whose daemon crashes is run again by the next one, and by no later one', async () => {
  const slow = hook(`echo begun >> told; test ! -e go && exec ${hanging(986)}; echo done >> told; echo over`);
  home.write('jobs.toml', sleeper('web', `on = { running = ${slow} }`));
  await home.apply();
  const { pid } = await home.job('web');
  await told(1);
  kill(home.daemonPid(), 'SIGKILL');
  writeFileSync(home.path('go'), '');
  await home.overseer();
  expect(await told(3)).toEqual(['begun', 'begun', 'done']);
  expect(await processes(hanging(986))).toBe('0');
  await awaited(async () => daemonLog().includes('printed: over') || null, 'the end of the hook');
  await home.status();
  kill(home.daemonPid(), 'SIGKILL');
  await home.overseer();
  await home.overseer('restart', 'web');
  expect(await told(5)).toEqual(['begun', 'begun', 'done', 'begun', 'done']);
  expect((await home.job('web')).pid).not.toBe(pid);
});

test('T-1030 a hook that a crash broke off is run again, also where the config has dropped it since', async () => {
  const slow = hook(`echo begun $V >> told; test -e go || exec ${hanging(984)}`);
  home.write('jobs.toml', sleeper('web', `env = { V = "1" }\non = { running = ${slow} }`));
  await home.apply();
  await told(1);
  const later = `env = { V = "2" }\non = { stopped = ${hook('echo stopped $V >> told')} }`;
  home.write('jobs.toml', sleeper('web', later));
  await home.apply();
  await home.overseer('stop', 'web');
  kill(home.daemonPid(), 'SIGKILL');
  writeFileSync(home.path('go'), '');
  await home.overseer();
  expect(await told(3)).toEqual(['begun 1', 'begun 1', 'stopped 2']);
});

test('T-805 a job that crashes all the time has one hook at a time, and then the newest', async () => {
  const slow = hook('echo "+" >> told; sleep 0.7; echo "-" >> told');
  home.write(
    'jobs.toml',
    shellJob('web', 'exit 1', `backoff = { min = 0.01, max = 0.01 }\non = { backoff = ${slow} }`),
  );
  await home.overseer('--no-wait');
  await told(3);
  const { restarts } = await home.until('web', (job) => job.restarts > 10);
  const lines = linesOf('told');
  expect(lines.join('')).toMatch(/^(\+-)+\+?$/);
  expect(lines.length).toBeLessThan(restarts);
});

test('T-806 a change of on applies in place, and the next state has the new hook', async () => {
  home.write('jobs.toml', sleeper('web', `on = { stopped = ${hook('echo old >> told')} }`));
  await home.apply();
  const before = await home.job('web');
  home.write('jobs.toml', sleeper('web', `on = { stopped = ${hook('echo new >> told')} }`));
  const { changes } = await home.apply();
  expect(changes).toMatchObject([{ job: 'web', action: 'update', detail: 'on changed' }]);
  expect((await home.job('web')).pid).toBe(before.pid);
  await home.overseer('stop', 'web');
  expect(await told(1)).toEqual(['new']);
});

test('T-807 die waits for the hooks of the jobs that it stops, but not for one that hangs', async () => {
  home.write(
    'jobs.toml',
    sleeper('web', `on = { stopped = ${hook('sleep 0.5; echo stopped >> told')} }`) +
      sleeper('db', `on = { stopping = ${hook(`test -e go || ${hanging(985)}; echo stopping >> told`)} }`),
  );
  await home.apply();
  const die = await home.overseer('die');
  expect([die.code, linesOf('told')]).toEqual([0, ['stopped']]);
  await awaited(async () => (await processes(hanging(985))) === '0' || null, 'the end of what hangs');
  writeFileSync(home.path('go'), '');
  await home.overseer();
  expect(await told(2)).toEqual(['stopped', 'stopping']);
});

test('T-808 the hook of a job that was removed runs to its end', async () => {
  home.write('jobs.toml', sleeper('web', `on = { stopped = ${hook('sleep 0.5; echo gone >> told')} }`));
  await home.apply();
  home.write('jobs.toml', sleeper('db'));
  await home.apply();
  expect((await home.status()).jobs.map(({ name }) => name)).toEqual(['db']);
  expect(await told(1)).toEqual(['gone']);
});

test('T-809 show tells the hooks of a job', async () => {
  home.write('jobs.toml', sleeper('web', 'on = { failed = "mail -s \'web is down\' me" }'));
  expect((await home.overseer('show', 'web')).stdout).toMatch(/^ +on +\{ failed = .*web is down.*\}$/m);
});

test.each(['osascript', 'notify-send'])(
  'T-810 the notification in the documentation is told what has happened: %s',
  async (notifier) => {
    const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    const part = page.slice(page.indexOf('### `on`'));
    const examples = [...part.matchAll(/^```toml\n([^]*?)^```$/gm)].map(([, toml = '']) => toml);
    const example = examples.find((toml) => toml.includes(notifier)) ?? '';
    mkdirSync(home.path('bin'));
    const says = '#!/bin/sh\necho "$# $1 $2; $OVERSEER_JOB $OVERSEER_DETAIL" >> "$HOME/told"\n';
    writeFileSync(home.path(`bin/${notifier}`), says);
    chmodSync(home.path(`bin/${notifier}`), 0o755);
    home.write(
      'jobs.toml',
      `[defaults]\nrestart = "never"\nstart_seconds = 0\n${example.replace('node server.js', 'false')}`,
    );
    await home.shell(`PATH="$HOME/bin:$PATH" overseer`);
    expect(await told(1)).toEqual([
      notifier === 'osascript'
        ? expect.stringMatching(/^2 -e display notification .*; web exited with 1$/)
        : '2 web failed exited with 1; web exited with 1',
    ]);
  },
);
