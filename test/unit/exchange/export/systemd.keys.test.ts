import { exportOf, linesOf, saidOf } from '../../../support/exchange/export-of.ts';

type Jobs = Parameters<typeof exportOf>[1];
/** The lines of the service of a job that one without these keys has not. */
const addedBy = (keys: Jobs[string], file = 'web.service'): readonly string[] => {
  const textOf = (each: Jobs[string]): readonly string[] =>
    (exportOf('systemd', { web: each }).files.find(({ name }) => name === file)?.text ?? '').split('\n');
  const before = textOf({});
  return textOf(keys).filter((line) => !before.includes(line));
};

test.each<[Jobs[string], readonly string[]]>([
  [{ description: ' one\n two \\' }, ['Description=one two']],
  [{ description: '50%' }, ['Description=50%%']],
  [{ restart: 'never' }, ['Type=oneshot', 'RemainAfterExit=yes']],
  [
    { restart: 'on-failure', max_restarts: 3 },
    ['StartLimitIntervalSec=1h', 'StartLimitBurst=3', 'Restart=on-failure'],
  ],
  [{ backoff: { min: 2 } }, ['RestartSec=2']],
  [
    { test_command: 'bin/look "a b"', cwd: '/srv' },
    ['ExecCondition=/srv/bin/look "a b"', 'WorkingDirectory=/srv'],
  ],
  [
    { job_command: { exe: './run', args: ['$A', '50%'] }, cwd: '/srv' },
    ['ExecStart=/srv/run "$$A" "50%%"', 'WorkingDirectory=/srv'],
  ],
  [{ job_command: '/bin/run' }, ['ExecStart=/bin/run']],
  [{ job_command: { exe: 'x', args: ['a\n\t"\u0001\u001f'] } }, [String.raw`ExecStart=x "a\n\t\"\x01\x1f"`]],
  [{ env: { A: 'b c' }, env_file: ['vars'] }, ['EnvironmentFile=/home/ann/vars', 'Environment="A=b c"']],
  [{ umask: '022' }, ['UMask=022']],
  [{ success_codes: [0, 3, 4] }, ['SuccessExitStatus=3 4']],
  [{ success_codes: [0] }, []],
  [{ stop_signal: 'SIGINT' }, ['KillSignal=SIGINT']],
  [{ stop_timeout: 0 }, ['TimeoutStopSec=1ms']],
  [{ stop_timeout: 2.5 }, ['TimeoutStopSec=2.5']],
  [{ max_memory: '300MiB' }, ['MemoryMax=300M']],
  [{ max_memory: 1000 }, ['MemoryMax=1000']],
  [{ nice: 5 }, ['Nice=5']],
  [{ limits: { nofile: 64, core: 'unlimited' } }, ['LimitNOFILE=64', 'LimitCORE=infinity']],
  [{ enabled: true }, []],
])('a key of a job is in its unit: %j', (keys, lines) => {
  expect(addedBy(keys)).toEqual(lines);
});

test('a unit that nothing starts by itself has no [Install]', () => {
  const hasInstall = (keys: Jobs[string], file: string): boolean | undefined =>
    exportOf('systemd', { web: keys })
      .files.find(({ name }) => name === file)
      ?.text.includes('[Install]');
  const scheduled = { schedule: '5 4 * * *' };
  expect([
    hasInstall({}, 'web.service'),
    hasInstall({ enabled: false }, 'web.service'),
    hasInstall(scheduled, 'web.service'),
    hasInstall(scheduled, 'web.timer'),
    hasInstall({ ...scheduled, enabled: false }, 'web.timer'),
    hasInstall({}, 'web.timer'),
  ]).toEqual([true, false, false, true, false, undefined]);
});

test.each<[Jobs[string], readonly string[]]>([
  [{ schedule: '5 4 * * *' }, ['OnCalendar=*-*-* 04:05:00', 'Persistent=true']],
  [
    { schedule: '5 4 * * *', run_at_start: true },
    ['OnCalendar=*-*-* 04:05:00', 'OnActiveSec=0', 'Persistent=true'],
  ],
  [{ schedule: 'every 1h30m' }, ['OnActiveSec=5400', 'OnUnitActiveSec=5400']],
  [{ schedule: 'every 1h 30m', run_at_start: true }, ['OnActiveSec=0', 'OnUnitActiveSec=5400']],
])('a schedule is a timer: %j', (keys, lines) => {
  const words = ['OnCalendar', 'OnActiveSec', 'OnUnitActiveSec', 'Persistent'];
  expect(linesOf(exportOf('systemd', { web: keys }), 'web.timer', ...words)).toEqual(lines);
});

test('the copies of a job are instances of a template, which knows its number', () => {
  const exported = exportOf('systemd', {
    'w@b': {
      instances: 2,
      env: { PORT: '80${OVERSEER_INSTANCE}' },
      ready: { tcp: 'h:80${OVERSEER_INSTANCE}' },
    },
    after: { after: ['w@b'] },
  });
  expect(exported.files.map(({ name }) => name)).toEqual(['w-b@.service', 'after.service']);
  expect(linesOf(exported, 'w-b@.service', 'Environment')).toEqual([
    'Environment="PORT=80%i"',
    'Environment="OVERSEER_JOB=w@b"',
    'Environment="OVERSEER_INSTANCE=%i"',
  ]);
  expect(linesOf(exported, 'w-b@.service', 'ExecStartPost')[0]).toContain('/dev/tcp/h/80%i');
  expect(linesOf(exported, 'after.service', 'After', 'Wants')).toEqual([
    'After=w-b@1.service w-b@2.service',
    'Wants=w-b@1.service w-b@2.service',
  ]);
  expect(linesOf(exported, 'after.service', 'Environment')).toEqual(['Environment="OVERSEER_JOB=after"']);
});

test('a job that is off is required to be up, and is not started', () => {
  const exported = exportOf('systemd', { db: { enabled: false }, web: { after: ['db'] } });
  expect(linesOf(exported, 'web.service', 'After', 'Wants', 'Requires', 'Requisite')).toEqual([
    'After=db.service',
    'Requisite=db.service',
  ]);
});

test('a job whose end only some wait for is no oneshot, as it may be restarted', () => {
  const jobs = { load: { restart: 'on-failure' }, a: { after: [{ job: 'load', is: 'finished' }] } };
  const typeOf = (more: Jobs): readonly string[] =>
    linesOf(exportOf('systemd', { ...jobs, ...more }), 'load.service', 'Type');
  expect(typeOf({})).toEqual(['Type=oneshot']);
  expect(typeOf({ b: { after: [{ job: 'load', is: 'running' }] } })).toEqual(['Type=exec']);
});

test.each<[Jobs[string], string, boolean]>([
  [{ restart: 'never' }, 'restart', false],
  [{ restart: 'never', schedule: '5 4 * * *' }, 'restart', true],
  [{ success_codes: [0, 3] }, 'success_codes', false],
  [{ success_codes: [3] }, 'success_codes', true],
  [{ stop_timeout: 1 }, 'stop_timeout', false],
  [{ stop_timeout: 0 }, 'stop_timeout', true],
  [{ description: 'one line' }, 'description', false],
  [{ description: 'two\nlines' }, 'description', true],
  [{ enabled: true }, 'enabled', false],
  [{ enabled: false }, 'enabled', true],
])('what is not the same in systemd is told, and nothing else: %j', (keys, key, isTold) => {
  expect(saidOf(exportOf('systemd', { web: keys }), 'web', key)).toHaveLength(isTold ? 1 : 0);
});

test('only a name with an @ is told to be another one in systemd', () => {
  const said = (name: string): readonly string[] => saidOf(exportOf('systemd', { [name]: {} }), name, 'name');
  expect([said('web').length, said('w@b').length]).toEqual([0, 1]);
});
