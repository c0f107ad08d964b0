import { parse } from 'plist';
import { exportOf, HERE, saidOf } from '../../../support/exchange/export-of.ts';

type Jobs = Parameters<typeof exportOf>[1];
const agentsOf = (keys: Jobs[string]): readonly unknown[] =>
  exportOf('launchd', { web: keys }).files.map(({ text }) => parse(text) as unknown);

test.each<[Jobs[string], object]>([
  [{}, { RunAtLoad: true, KeepAlive: true, ExitTimeOut: 10, Label: 'web', ProgramArguments: ['x'] }],
  [{ restart: 'on-failure' }, { RunAtLoad: true, KeepAlive: { SuccessfulExit: false } }],
  [{ schedule: 'every 90s' }, { StartInterval: 90 }],
  [{ schedule: 'every 100ms' }, { StartInterval: 1 }],
  [
    { schedule: '5 4 * * *', run_at_start: true },
    { StartCalendarInterval: [{ Minute: 5, Hour: 4 }], RunAtLoad: true },
  ],
  [
    { schedule: '0 3 1 * 5' },
    {
      StartCalendarInterval: [
        { Minute: 0, Hour: 3, Day: 1 },
        { Minute: 0, Hour: 3, Weekday: 5 },
      ],
    },
  ],
  [{ schedule: '0 3 1 * *' }, { StartCalendarInterval: [{ Minute: 0, Hour: 3, Day: 1 }] }],
  [{ umask: '022' }, { Umask: 18 }],
  [{ backoff: { min: 2.5 } }, { ThrottleInterval: 3 }],
  [{ backoff: { min: 1 } }, { ThrottleInterval: 1 }],
  [{ nice: 5 }, { Nice: 5 }],
  [{ limits: { nofile: 64, as: 5, core: 'unlimited' } }, { SoftResourceLimits: { NumberOfFiles: 64 } }],
  [{ enabled: false }, { Disabled: true }],
  [{ stop_timeout: 0 }, { ExitTimeOut: 1 }],
  [{ stop_timeout: 2.2 }, { ExitTimeOut: 3 }],
  [{ cwd: '/srv' }, { WorkingDirectory: '/srv', StandardOutPath: '/home/ann/Library/Logs/web.log' }],
])('a key of a job is in its agent: %j', (keys, agent) => {
  expect(agentsOf(keys)).toMatchObject([agent]);
});

test.each<[Jobs[string], readonly string[]]>([
  [{ restart: 'never' }, ['KeepAlive']],
  [{ schedule: '5 4 * * *' }, ['KeepAlive', 'RunAtLoad', 'StartInterval']],
  [{}, ['Umask', 'ThrottleInterval', 'Nice', 'SoftResourceLimits', 'Disabled', 'StartCalendarInterval']],
  [{ backoff: { min: 0.5 } }, ['ThrottleInterval']],
  [{ limits: { as: 5 } }, ['SoftResourceLimits']],
])('what a job has not is not in its agent: %j', (keys, missing) => {
  const [agent] = agentsOf(keys);
  for (const key of missing) expect(agent).not.toHaveProperty(key);
});

test('each copy of a job is an agent that knows its number', () => {
  const env = { PORT: '80${OVERSEER_INSTANCE}' };
  expect(agentsOf({ instances: 2, env })).toMatchObject([
    { Label: 'web@1', EnvironmentVariables: { PORT: '801', OVERSEER_JOB: 'web', OVERSEER_INSTANCE: '1' } },
    { Label: 'web@2', EnvironmentVariables: { PORT: '802', OVERSEER_JOB: 'web', OVERSEER_INSTANCE: '2' } },
  ]);
  expect(exportOf('launchd', { web: { instances: 2 } }).files.map(({ name }) => name)).toEqual([
    'web@1.plist',
    'web@2.plist',
  ]);
});

test.each([
  ['*/4 0-12 * * *', 195, true],
  ['0-19 0-9 * * *', 200, true],
  ['0-59 0-9 * * *', 600, false],
  ['0-19,21 0-9 * * *', 210, false],
])('a schedule of at most 200 times is written for launchd: %s', (schedule, count, isWritten) => {
  const { files, remarks } = exportOf('launchd', { web: { schedule } });
  if (isWritten)
    expect(
      (parse(files[0]?.text ?? '') as { StartCalendarInterval: unknown }).StartCalendarInterval,
    ).toHaveLength(count);
  else
    expect([files, remarks.at(-1)?.message]).toEqual([
      [],
      'left out: launchd would need more than 200 times for its schedule',
    ]);
});

test.each<[Jobs[string], string, boolean]>([
  [{ job_command: 'npm start' }, 'job_command', true],
  [{ job_command: '/bin/npm start' }, 'job_command', false],
  [{ schedule: '5 4 * * *', restart: 'never' }, 'restart', true],
  [{ restart: 'never' }, 'restart', false],
  [{ stop_timeout: 0 }, 'stop_timeout', true],
  [{ stop_timeout: 0.5 }, 'stop_timeout', true],
  [{ stop_timeout: 5 }, 'stop_timeout', false],
  [{ schedule: 'every 1500ms' }, 'schedule', true],
  [{ schedule: 'every 2s' }, 'schedule', false],
  [{ schedule: '5 4 * * *' }, 'schedule', false],
  [{ limits: { as: 5 } }, 'limits', true],
  [{ limits: { core: 'unlimited' } }, 'limits', true],
  [{ limits: { core: 0 } }, 'limits', false],
])('what is not the same in launchd is told, and nothing else: %j', (keys, key, isTold) => {
  expect(saidOf(exportOf('launchd', { web: keys }, HERE), 'web', key)).toHaveLength(isTold ? 1 : 0);
});
