import { uptime } from 'node:os';
import { linuxOs } from '../../../../src/os/linux/linux.ts';
import { start } from '../../../support/own-processes.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('Linux tells when a process was started by the time since the machine was', () => {
  const os = linuxOs();
  const before = uptime() * 1000;
  const { pid } = start('sleep', ['1000']);
  const startedAt = os.startedAt(os.identify(pid)?.start ?? '') ?? NaN;
  // Both times are in hundredths of a second.
  expect(startedAt).toBeGreaterThan(before - 20);
  expect(startedAt).toBeLessThan(uptime() * 1000 + 20);
});

test('a start that is no number of ticks is no moment', () => {
  for (const text of ['', 'Sat Nov 28 18:00:00 2026', '-1', '1.5'])
    expect(linuxOs().startedAt(text)).toBeNull();
});
