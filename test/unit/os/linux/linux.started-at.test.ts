import { uptime } from 'node:os';
import { linuxOs } from '../../../../src/os/linux/linux.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('Linux tells when a process was started by the time since the machine was', () => {
  const os = linuxOs();
  const start = os.identify(process.pid)?.start ?? '';
  const age = uptime() * 1000 - (os.startedAt(start) ?? NaN);
  expect(Math.abs(age - process.uptime() * 1000)).toBeLessThan(2_000);
});

test('what is no number of ticks is no moment', () => {
  for (const start of ['', 'Sat Nov 28 18:00:00 2026', '-1', '1.5'])
    expect(linuxOs().startedAt(start)).toBeNull();
});
