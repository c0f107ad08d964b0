import { exportOf } from '../../../support/exchange/export-of.ts';
import { importOf } from '../../../support/exchange/import-of.ts';

const after = (unit: string): string =>
  importOf({
    'web.service': '[Unit]\nAfter=other.service\n[Service]\nExecStart=/bin/web\nRestart=always\n',
    'other.service': `[Service]\nExecStart=/bin/other\n${unit}`,
  }).toml.match(/^after.*$/m)?.[0] ?? '';

test.each([
  ['', 'after = [{ job = "other", is = "running" }]'],
  ['Type=notify\nRestart=no\n', 'after = [{ job = "other", is = "running" }]'],
  ['Restart=on-failure\n', 'after = ["other"]'],
  ['Type=oneshot\n', 'after = ["other"]'],
  ['Type=oneshot\nRestart=on-failure\n', 'after = [{ job = "other", is = "finished" }]'],
])('a unit waits for the end of a oneshot, and for the start of any other: %j', (unit, line) => {
  expect(after(unit)).toBe(line);
});

test('systemd fills in a variable in a longer word only where it is in braces', () => {
  const { toml } = importOf({ 'web.service': "[Service]\nExecStart=/bin/web $A 'b $C' d${E}\n" });
  expect(toml).toContain(String.raw`'exec /bin/web $A "b \$C" "d${'${E}'}"'`);
  expect(importOf({ 'web.service': "[Service]\nExecStart=/bin/web 'b $C'\n" }).toml).toContain(
    'job_command = { exe = "/bin/web", args = ["b $C"] }',
  );
});

test('a unit whose signal is for its main process alone is told that the group gets it', () => {
  const { remarks } = importOf({ 'web.service': '[Service]\nExecStart=/bin/web\nKillMode=mixed\n' });
  expect(remarks).toEqual([
    '3: KillMode=mixed: overseer sends its signals to the whole process group of a job',
  ]);
});

test('a loop after the start is the probe that it was exported from', () => {
  const ready = { command: 'look around', timeout: 0.5, interval: 2, within: 20 };
  const [file] = exportOf('systemd', { web: { ready } }).files;
  expect(importOf({ 'web.service': file?.text ?? '' }).toml).toContain(
    'ready = { command = "look around", interval = 2, timeout = 0.5, within = 20 }',
  );
});
