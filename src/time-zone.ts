import { changesIn, offsetIn, parsePosixZone, type PosixZone } from './text/posix-zone.ts';

/** TZ as this process inherited it. */
const zoneAsGiven = process.env['TZ'];

/** The environment that this process inherited, which daemons and jobs inherit too. */
export function givenEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ...(zoneAsGiven !== undefined && { TZ: zoneAsGiven }) };
}

const HOUR_MS = 3_600_000;

/**
 * JavaScript treats a TZ rule such as `CET-1CEST,M3.5.0,M10.5.0/3` as UTC. Replaces it, for this process
 * alone, by a named zone whose clocks agree with the rule. Returns a message for the user if there is none,
 * else null.
 */
export function understandZone(now: number, given = zoneAsGiven): string | null {
  if (given === undefined) return null;
  const zone = parsePosixZone(given);
  if (zone === null) return isNoZone(given, now) ? notUnderstood(given) : null;
  const times = timesToTry(zone, now);
  if (times.every((at) => -new Date(at).getTimezoneOffset() === offsetIn(zone, at))) return null;
  const name = zoneNames(zone).find((each) => times.every((at) => offsetOf(each, at) === offsetIn(zone, at)));
  if (name === undefined) return notUnderstood(given);
  process.env['TZ'] = name;
  return null;
}

const notUnderstood = (given: string): string =>
  `the time zone TZ=${given} is not understood, so the times of schedules and those that ` +
  'are shown are wrong: set TZ to the name of a zone, such as Europe/Berlin';

/** Whether this is the name of no zone, which JavaScript takes for UTC. A path may be one that it knows. */
function isNoZone(given: string, now: number): boolean {
  const name = given.replace(/^:/, '');
  return (
    name !== '' &&
    !name.startsWith('/') &&
    offsetOf(name, now) === null &&
    new Date(now).getTimezoneOffset() === 0
  );
}

/** Half a year apart, and on both sides of each change of the clocks. */
function timesToTry(zone: PosixZone, now: number): readonly number[] {
  const changes = changesIn(zone, now).flatMap((at) => [at - HOUR_MS, at + HOUR_MS]);
  return [now, now + 4380 * HOUR_MS, ...changes];
}

function zoneNames({ standard, summer }: PosixZone): readonly string[] {
  const hours = -standard / 60;
  const fixed = summer === null && Number.isInteger(hours) ? [`Etc/GMT${hours >= 0 ? '+' : ''}${hours}`] : [];
  return [...fixed, ...Intl.supportedValuesOf('timeZone')];
}

function offsetOf(timeZone: string, at: number): number | null {
  const parts = formatOf(timeZone)?.formatToParts(at) ?? [];
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(text) ?? [];
  return text.startsWith('GMT') ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : null;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

/** Null for a zone that this system does not know. */
function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const made = newFormat(timeZone);
  formats.set(timeZone, made);
  return made;
}

function newFormat(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
