import { importOf } from '../../../support/exchange/import-of.ts';

const service = (lines: string): ReturnType<typeof importOf> =>
  importOf({ 'web.service': `[Service]\nExecStart=/bin/web\n${lines}` });
const timer = (lines: string): ReturnType<typeof importOf> =>
  importOf({ 'web.timer': `[Timer]\n${lines}` }, {}, { 'web.service': '[Service]\nExecStart=/bin/web\n' });
const scheduleOf = (lines: string): string | null =>
  timer(lines).toml.match(/^schedule = "(.*)"$/m)?.[1] ?? null;

test('an empty value of a unit takes back what the same key has said before', () => {
  const { toml, remarks } = service(
    'ExecStart=\nExecStart=/bin/other\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\nSuccessExitStatus=\n',
  );
  expect(toml).toContain('job_command = "/bin/other"');
  expect(toml).toContain('env = { B = "2" }');
  expect(remarks.filter((each) => !each.startsWith('-: '))).toEqual([]);
});

test('an empty time of a timer takes back all of its earlier times', () => {
  expect(scheduleOf('OnCalendar=daily\nOnCalendar=\nOnCalendar=hourly\n')).toBe('0 * * * *');
  expect(scheduleOf('OnUnitActiveSec=1h\nOnCalendar=\nOnCalendar=weekly\n')).toBe('0 0 * * 1');
  expect(timer('OnUnitActiveSec=1h\nOnCalendar=\nOnCalendar=weekly\n').remarks).toEqual([]);
  expect(timer('OnCalendar=daily\nOnCalendar=\n').remarks).toContain(
    '-: this timer has no time, so it is left out',
  );
});

test.each([
  ['OnUnitActiveSec=90', 'every 90s'],
  ['OnUnitActiveSec=1h 30min', 'every 90m'],
  ['OnUnitInactiveSec=2d', 'every 2d'],
  ['OnUnitActiveSec=1w', 'every 7d'],
  ['OnUnitActiveSec=1m', 'every 1m'],
  ['OnUnitActiveSec=60000msec', 'every 1m'],
])('the interval of a timer is that of the schedule: %s', (line, schedule) => {
  expect(scheduleOf(`${line}\n`)).toBe(schedule);
});

test.each(['1M', '2 months', '1y'])('an interval of systemd that no schedule has is told: %s', (time) => {
  expect(timer(`OnUnitActiveSec=${time}\n`)).toMatchObject({
    toml: 'there is nothing in it that could be a job',
    remarks: [expect.stringContaining('expected a time from 1s to 24d after "every"')],
  });
});

test('a first run that comes at another time than all others is one at the start', () => {
  const [same, at0, later] = [
    'OnBootSec=1h\nOnUnitActiveSec=1h\n',
    'OnActiveSec=0\nOnUnitActiveSec=1h\n',
    'OnStartupSec=5min\nOnUnitActiveSec=1h\n',
  ].map(timer);
  expect([same, at0, later].map((each) => each?.toml.includes('run_at_start = true'))).toEqual([
    false,
    true,
    true,
  ]);
  expect([same?.remarks, at0?.remarks, later?.remarks]).toEqual([
    [],
    [],
    ['2: OnStartupSec=5min: it runs as soon as the daemon starts, not 5min later'],
  ]);
});

test.each([
  ['OnCalendar=2030-01-01 00:00', '2: OnCalendar=2030-01-01 00:00 is nothing that cron can say'],
  ['OnCalendar=daily\nOnUnitActiveSec=1h', '2: a job has one schedule, so the intervals of this timer'],
  ['OnCalendar=10:00\nOnCalendar=11:30', '3: OnCalendar=11:30 is left out: a job has one schedule'],
  ['OnUnitActiveSec=soon', '2: this is no time: soon'],
  ['OnCalendar=daily\nAccuracySec=1min', '3: AccuracySec is left out: a job runs at its time'],
  ['OnCalendar=daily\nRandomizedDelaySec=1s', '3: RandomizedDelaySec is left out: a job runs at its time'],
  ['OnCalendar=daily\nPersistent=false', '3: a time that was missed is made up for once'],
  ['OnCalendar=daily\nOnClockChange=true', '3: OnClockChange is left out: overseer has nothing'],
])('what a timer says and a schedule cannot is told: %j', (lines, remark) => {
  expect(timer(`${lines}\n`).remarks[0]).toContain(remark);
});

test('what a timer says and is so anyway is not told', () => {
  expect(timer('OnCalendar=daily\nPersistent=yes\nAccuracySec=1s\nUnit=web.service\n').remarks).toEqual([]);
  expect(timer('OnCalendar=10:00\nOnCalendar=11:00\n').toml).toContain('schedule = "0 10,11 * * *"');
});
