import { execFileSync } from 'node:child_process';
import { changesIn, offsetIn, parsePosixZone } from '../../../src/text/posix-zone.ts';

const ZONES = [
  'EST5EDT,M3.2.0,M11.1.0',
  'CET-1CEST,M3.5.0,M10.5.0/3',
  '<-03>3',
  '<+0530>-5:30',
  'AEST-10AEDT,M10.1.0,M4.1.0/3',
  '<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45',
  'IST-1GMT0,M10.5.0,M3.5.0/1',
  'XYZ-1ABC,J60,J300/4',
  'XYZ-1ABC,59/0,299',
  '<-02>2<-01>,M3.5.0/-1,M10.5.0/0',
  ':JST-9',
  'EST5EDT',
  'NZST-12:00:00NZDT-13:00:00,M10.1.0,M3.3.0',
  'XYZ+3ABC+2,J59,J364/20',
  'XYZ3ABC,0/0,364/1:30:30',
  '<+12>-12',
];

/** What the C library says, in minutes. */
function systemOffsets(zone: string, times: readonly number[]): readonly number[] {
  if (times.length === 0) return [];
  const dates = times.map((at) => `@${at / 1000}\n`).join('');
  const out = execFileSync('date', ['-f', '-', '+%z'], {
    input: dates,
    env: { TZ: zone, PATH: process.env['PATH'] },
  });
  return String(out)
    .trim()
    .split('\n')
    .map(
      (text) => (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) * 60 + Number(text.slice(3, 5))),
    );
}

describe('a time zone as POSIX writes it', () => {
  const days = Array.from(
    { length: 4 * 366 },
    (_, day) => Date.UTC(2026, 0, 1) + day * 86_400_000 + 5_400_000,
  );

  it.each(ZONES)('the time zone %s has the clocks that the C library gives it', (text) => {
    const zone = parsePosixZone(text);
    if (zone === null) throw new Error('no zone');
    expect(days.map((at) => offsetIn(zone, at))).toEqual(systemOffsets(text, days));
  });

  it.each(ZONES)('the clocks of %s change at the same second as in the C library', (text) => {
    const zone = parsePosixZone(text);
    if (zone === null) throw new Error('no zone');
    const changes = changesIn(zone, Date.UTC(2027, 5, 1));
    expect(changes.length).toBe(zone.summer === null ? 0 : 4);
    const around = changes.flatMap((at) => [at - 1000, at]);
    expect(around.map((at) => offsetIn(zone, at))).toEqual(systemOffsets(text, around));
    for (const at of changes) expect(offsetIn(zone, at)).not.toBe(offsetIn(zone, at - 1000));
    expect([...new Set(changes.map((at) => new Date(at).getUTCFullYear()))]).toEqual(
      zone.summer === null ? [] : [2027, 2028],
    );
  });

  it.each([
    'Europe/Berlin',
    'UTC',
    '',
    ':/etc/localtime',
    'EST',
    'X5',
    'CET-1CEST,M3.5.0',
    'nonsense,,',
    'x CET-1',
    'CET-1 x',
    'CET-1CEST,M3.5.0,M10.5.0x',
  ])('a time zone that is a name, or no rule, is left to the system: "%s"', (text) => {
    expect(parsePosixZone(text)).toBeNull();
  });
});
