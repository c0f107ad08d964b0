import { importOf } from '../../../support/exchange/import-of.ts';

const service = (
  lines: string,
  environment: Readonly<Record<string, string>> = {},
  name = 'web.service',
): ReturnType<typeof importOf> => {
  const { toml, remarks } = importOf({ [name]: `[Service]\nExecStart=/bin/web\n${lines}\n` }, environment);
  return { toml, remarks: remarks.filter((each) => !each.startsWith('-: ')) };
};

test.each([
  ['Restart=on-abnormal', 'restart = "on-failure"', ['3: Restart=on-abnormal is taken for "on-failure"']],
  [
    'Restart=on-success',
    'restart = "always"',
    ['3: Restart=on-success is taken for "always": overseer has no restart after success alone'],
  ],
  ['Restart=no', 'restart = "never"', []],
  ['RestartSec=5min', 'backoff = { min = 300, max = 300, factor = 1 }', []],
  ['RestartSec=soon', null, ['3: this is no time: soon']],
  [
    'SuccessExitStatus=3 SIGKILL TEMPFAIL 0',
    'success_codes = [0, 3]',
    ['3: SIGKILL TEMPFAIL is left out of the success codes: only numbers count'],
  ],
  ['WorkingDirectory=-/srv', 'cwd = "/srv"', []],
  ['WorkingDirectory=%h/x', 'cwd = "/home/ann/x"', []],
  ['UMask=0022', 'umask = "022"', []],
  ['Nice=-5', 'nice = -5', []],
  ['KillSignal=SIGINT', 'stop_signal = "SIGINT"', []],
  ['TimeoutStopSec=infinity', 'stop_timeout = 2147483', []],
  ['TimeoutSec=20', 'stop_timeout = 20', []],
  ['MemoryMax=1.5G', 'max_memory = "1.5GiB"', []],
  ['MemoryMax=infinity', null, []],
  ['LimitNOFILE=64:128', 'limits = { nofile = 64 }', []],
  ['LimitNPROC=infinity', 'limits = { nproc = "unlimited" }', []],
  ['LimitCORE=0', 'limits = { core = 0 }', []],
  ['LimitCPU=1min', 'limits = { cpu = 60 }', []],
  ['KillMode=control-group', null, []],
  ['KillMode=process', null, ['3: KillMode=process: overseer ends the whole process group of a job']],
  ['Type=forking', null, ['3: Type=forking: have the program stay in the foreground']],
  ['StandardOutput=journal', null, []],
  ['StandardError=file:/x', null, ['3: what the job prints goes to its log, not to file:/x']],
  ['EnvironmentFile=-/not/there', null, [expect.stringContaining('3: /not/there is not there')]],
  ['PrivateTmp=yes', null, [expect.stringContaining('PrivateTmp is left out: overseer confines no job')]],
  ['MemoryDenyWriteExecute=1', null, [expect.stringContaining('overseer confines no job')]],
  ['CPUQuota=5%', null, ['3: CPUQuota is left out: overseer makes no control groups']],
  ['Foo=5', null, ['3: Foo is left out: overseer has nothing that is like it']],
  ['TimeoutStartSec=5', null, ['3: TimeoutStartSec=5 is left out: "ready" has "within"']],
  ['[Unit]\nStartLimitBurst=4\nDocumentation=x', 'max_restarts = 4', []],
  ['[Unit]\nConditionPathExists=/a b', 'test_command = { exe = "test", args = ["-e", "/a b"] }', []],
  [
    '[Unit]\nConditionPathExists=!/a b',
    `test_command = { exe = "sh", args = ["-c", "test ! -e '/a b'"] }`,
    [],
  ],
  ['[Unit]\nAfter=network.target a.slice', null, []],
  ['[Unit]\nWants=a.target.service', null, [expect.stringContaining('4: a.target is no job of this import')]],
])('a line of a unit is carried over or told: %j', (lines, line, told) => {
  const { toml, remarks } = service(lines);
  if (line !== null) expect(toml.split('\n')).toContain(line);
  else expect(toml.split('\n').slice(1)).toEqual(service('').toml.split('\n').slice(1));
  expect(remarks).toEqual(told);
});

test.each([
  ['-/bin/x', '/bin/x', ['2: the "-" before the program is left out: a failure counts']],
  ['@/bin/x', '/bin/x', ['2: the "@" before the program is left out']],
  [':/bin/x $A', { args: ['$A'] }, []],
  ['/bin/x $$A', { args: ['$A'] }, []],
])('the signs before a program of systemd are read: %s', (start, command, told) => {
  const { toml, remarks } = importOf({ 'web.service': `[Service]\nExecStart=${start}\n` });
  expect(toml).toContain(typeof command === 'string' ? `job_command = "${command}"` : '"$A"');
  expect(remarks.filter((each) => !each.startsWith('-: '))).toEqual(told);
});

test('several programs of a oneshot run one after the other', () => {
  const { toml } = importOf({
    'web.service': "[Service]\nType=oneshot\nExecStart=/bin/a 'b c'\nExecStart=/bin/d $E\n",
  });
  expect(toml).toContain(`"/bin/a 'b c' && (exec /bin/d $E)"`);
});

test('the specifiers of a unit are filled in, and others are told', () => {
  const lines = 'Environment="A=%h %n %N %p %t %s %T %%" B=%E:%S:%C\nEnvironment=C=%i D=%m';
  const { toml, remarks } = service(lines, { SHELL: '/bin/zsh', XDG_RUNTIME_DIR: '/run/7' });
  expect(toml).toContain('A = "/home/ann web.service web web /run/7 /bin/zsh /tmp %"');
  expect(toml).toContain('B = "/home/ann/.config:/home/ann/.config:/home/ann/.cache"');
  expect(remarks).toEqual([
    expect.stringContaining('4: %i is the name of an instance, of which a template has none'),
    '4: %m is no specifier that overseer fills in, so it stays as it is',
  ]);
  expect(service('Environment=A=%i-%p', {}, 'web@one.service').toml).toContain('A = "one-web"');
  expect(service('Environment=A=%s:%t').toml).toContain('A = "/bin/sh:/run"');
});

test('a second condition of a unit is told', () => {
  expect(service('ExecCondition=/bin/test x\n[Unit]\nConditionPathExists=/a').remarks).toEqual([
    '5: a job has one test_command: put both conditions into it',
  ]);
});

test.each([
  [
    '"until timeout 3 look; do sleep 2s; done"',
    'ready = { command = "look", interval = 2, timeout = 3, within = 90 }',
  ],
  ['"until look a; do sleep 1; done"', 'ready = { command = "look a", interval = 1, within = 90 }'],
])('a loop after the start says when a unit is ready: %s', (loop, line) => {
  const { toml, remarks } = service(`ExecStartPost=/bin/sh -c ${loop}`);
  expect(toml).toContain(line);
  expect(remarks).toEqual([]);
  expect(service(`ExecStartPost=/bin/sh -c ${loop}\nTimeoutStartSec=infinity`).toml).not.toContain('within');
});

test('any other command after the start of a unit is told', () => {
  const left = (line: number): string =>
    `${line}: ExecStartPost is left out: let "ready" or a job that comes "after" do it`;
  expect(service('ExecStartPost=/bin/look').remarks).toEqual([left(3)]);
  expect(
    service('ExecStartPost=/bin/sh -c "until a; do sleep 1; done"\nExecStartPost=/bin/b').remarks,
  ).toEqual([left(4)]);
});

test.each(['on-failure', 'on-abnormal', 'on-abort', 'on-watchdog'])(
  'a unit that is restarted after some failures is restarted after any: %s',
  (restart) => {
    expect(service(`Restart=${restart}`).toml).toContain('restart = "on-failure"');
  },
);
