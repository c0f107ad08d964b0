import { importOf } from '../../../support/exchange/import-of.ts';

/** An agent that runs `/bin/x`, with these keys as they stand in the XML. */
const agent = (keys: string): ReturnType<typeof importOf> =>
  importOf({
    'a.plist': `<plist version="1.0"><dict>
<key>Label</key><string>a</string>
<key>ProgramArguments</key><array><string>/bin/x</string></array>
${keys}
</dict></plist>
`,
  });
const keyed = (key: string, value: string): string => `<key>${key}</key>${value}`;
const ALWAYS = keyed('KeepAlive', '<true/>');
const dict = (...entries: readonly string[]): string => `<dict>${entries.join('')}</dict>`;
const number = (value: number): string => `<integer>${value}</integer>`;

test.each([
  ['<true/>', null],
  ['<false/>', 'restart = "never"'],
  [dict(keyed('SuccessfulExit', '<false/>')), 'restart = "on-failure"'],
  [dict(keyed('Crashed', '<true/>')), 'restart = "on-failure"'],
  [dict(keyed('SuccessfulExit', '<true/>')), null],
])('KeepAlive of launchd is a restart policy: %s', (value, line) => {
  expect(agent(keyed('KeepAlive', value)).toml.match(/^restart = .*$/m)?.[0] ?? null).toBe(line);
});

test('what KeepAlive says and a job cannot is told with its line', () => {
  expect(agent(keyed('KeepAlive', dict(keyed('Crashed', '<true/>')))).remarks).toEqual([
    '4: KeepAlive Crashed is taken for restart = "on-failure": any failure counts, not only a signal',
  ]);
  expect(agent(keyed('KeepAlive', dict(keyed('SuccessfulExit', '<true/>')))).remarks).toEqual([
    '4: KeepAlive SuccessfulExit true is taken for restart = "always": ' +
      'overseer has no restart after success alone',
  ]);
  expect(agent(keyed('KeepAlive', dict(keyed('NetworkState', '<true/>')))).remarks).toEqual([
    '4: KeepAlive NetworkState is left out: write it as a test_command',
  ]);
});

test.each([
  [[keyed('/a b', '<true/>')], 'test_command = { exe = "test", args = ["-e", "/a b"] }'],
  [[keyed('/a', '<false/>')], `test_command = { exe = "sh", args = ["-c", "test ! -e /a"] }`],
  [
    [keyed('/a', '<true/>'), keyed('/b c', '<false/>')],
    `test_command = { exe = "sh", args = ["-c", "test -e /a || test ! -e '/b c'"] }`,
  ],
])('the paths that KeepAlive names are tested, any of them: %j', (paths, line) => {
  const { toml, remarks } = agent(keyed('KeepAlive', dict(keyed('PathState', dict(...paths)))));
  expect(toml.split('\n')).toEqual(expect.arrayContaining([line, 'test_interval = 10']));
  expect(remarks).toEqual([]);
});

test('an agent that nothing starts is disabled, and one that runs once says so', () => {
  expect(agent('')).toMatchObject({ toml: expect.stringContaining('enabled = false'), remarks: [] });
  const once = agent(keyed('RunAtLoad', '<true/>'));
  expect(once.toml).not.toContain('enabled');
  expect(once.remarks).toEqual([expect.stringContaining('runs once and is finished from then on')]);
  expect(agent(keyed('Disabled', '<true/>') + ALWAYS).toml).toContain('enabled = false');
  expect(agent(keyed('Disabled', '<false/>') + ALWAYS).toml).not.toContain('enabled');
});

test('an agent with a schedule may run at load as well, but is not kept alive', () => {
  const hourly = keyed('StartInterval', number(3600));
  expect(agent(hourly).toml).toContain('schedule = "every 1h"');
  expect(agent(hourly).toml).not.toMatch(/restart|run_at_start|enabled/);
  expect(agent(hourly + keyed('RunAtLoad', '<true/>')).toml).toContain('run_at_start = true');
  expect(agent(hourly + ALWAYS).remarks).toEqual([
    '2: KeepAlive beside a schedule is left out: a job runs always or at its times',
  ]);
});

const at = (hour: number, minute: number): string =>
  dict(keyed('Hour', number(hour)), keyed('Minute', number(minute)));

test.each([
  [at(5, 10), '10 5 * * *', []],
  [`<array>${at(5, 10)}${at(6, 10)}</array>`, '10 5,6 * * *', []],
  [
    `<array>${at(5, 10)}${at(6, 20)}</array>`,
    '10 5 * * *',
    ['4: a job has one schedule: write further jobs for 20 6 * * *'],
  ],
  [dict(keyed('Weekday', number(1)), keyed('Month', number(2))), '* * * 2 1', []],
])('the times of an agent become one schedule, and others are told: %s', (times, cron, told) => {
  const { toml, remarks } = agent(keyed('StartCalendarInterval', times));
  expect(toml).toContain(`schedule = "${cron}"`);
  expect(remarks).toEqual(told);
});

test.each([
  ['WorkingDirectory', '<string>/srv</string>', 'cwd = "/srv"'],
  ['ExitTimeOut', number(7), 'stop_timeout = 7'],
  ['ThrottleInterval', number(5), 'backoff = { min = 5, max = 30, factor = 2 }'],
  ['ThrottleInterval', number(60), 'backoff = { min = 60, max = 60, factor = 2 }'],
  ['Umask', number(18), 'umask = "022"'],
  ['Umask', '<string>077</string>', 'umask = "077"'],
  ['Nice', number(5), 'nice = 5'],
  ['EnvironmentVariables', dict(keyed('A', '<string>b</string>')), 'env = { A = "b" }'],
  ['SoftResourceLimits', dict(keyed('NumberOfFiles', number(64))), 'limits = { nofile = 64 }'],
])('a key of launchd is carried over: %s %s', (key, value, line) => {
  const { toml, remarks } = agent(keyed(key, value) + ALWAYS);
  expect(toml.split('\n')).toContain(line);
  expect(remarks).toEqual([]);
});

test.each([
  ['SoftResourceLimits', dict(keyed('ResidentSetSize', number(1))), 'the limit ResidentSetSize is left out'],
  ['StandardOutPath', '<string>/x.log</string>', 'what the job prints goes to its log, not to /x.log'],
  ['AbandonProcessGroup', '<true/>', 'overseer ends the whole process group of a job, always'],
  [
    'UserName',
    '<string>nobody-here</string>',
    'overseer runs every job as you, not as nobody-here: run an overseer as that user',
  ],
  ['Program', '<string>/bin/y</string>', 'the program gets its real name as argv[0], not /bin/x'],
])('a key of launchd that means nothing here is told: %s', (key, value, remark) => {
  expect(agent(keyed(key, value) + ALWAYS).remarks).toEqual([`4: ${remark}`]);
});

test('what changes nothing is not told', () => {
  const quiet = [
    keyed('StandardErrorPath', '<string>/dev/null</string>'),
    keyed('AbandonProcessGroup', '<false/>'),
  ];
  expect(agent(quiet.join('\n') + ALWAYS).remarks).toEqual([]);
});
