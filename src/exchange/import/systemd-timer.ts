import type { JobDraft, Import, ImportSpot } from '../draft.ts';
import { cronOfCalendar } from '../syntax/calendar.ts';
import { everyText, secondsIn } from '../syntax/durations.ts';
import type { IniEntry, IniSection } from '../syntax/ini.ts';
import { mergedCron } from '../syntax/merged-cron.ts';

/** A unit of systemd as it stands in its file. */
export interface Unit {
  readonly file: string;
  /** Its name without the ending. */
  readonly name: string;
  readonly sections: readonly IniSection[];
}

/** A timer and its service are one job with a schedule. */
export function importTimer(draft: JobDraft, timer: Unit, into: Import): void {
  const entries = timer.sections.filter(({ name }) => name === 'Timer').flatMap((section) => section.entries);
  const spot = (line: number): ImportSpot => ({ file: timer.file, line });
  for (const { key, value, line } of entries) {
    if (/^(RandomizedDelaySec|AccuracySec|FixedRandomDelay|RandomizedOffsetSec|WakeSystem)$/.test(key)) {
      // What an export writes.
      if (key !== 'AccuracySec' || value !== '1s')
        into.remark(spot(line), `${key} is left out: a job runs at its time`);
    } else if (key === 'Persistent' && value !== 'true' && value !== 'yes')
      into.remark(spot(line), 'a time that was missed is made up for once');
    else if (!/^(OnCalendar|Unit|Persistent|On\w+Sec)$/.test(key))
      into.remark(spot(line), `${key} is left out: overseer has nothing that is like it`);
  }
  readIntervals(draft, entries, { into, spot });
  if (!readCalendars(draft, entries, { into, spot })) return into.drop(draft);
  if (!draft.keys.has('schedule')) {
    if (!draft.keys.has('run_at_start'))
      return into.remark({ file: timer.file, line: null }, 'this timer has no time, so it is left out');
    draft.keys.delete('run_at_start');
  }
  if (draft.keys.get('restart') === 'never') draft.keys.delete('restart');
}

interface Told {
  readonly into: Import;
  readonly spot: (line: number) => ImportSpot;
}

function readIntervals(draft: JobDraft, entries: readonly IniEntry[], { into, spot }: Told): void {
  const every = entries.findLast(({ key }) => /^On(UnitActive|UnitInactive)Sec$/.test(key));
  const seconds = every === undefined ? null : secondsIn(every.value);
  if (every !== undefined && seconds === null)
    into.remark(spot(every.line), `this is no time: ${every.value}`);
  if (seconds !== null) draft.set('schedule', everyText(seconds));
  for (const { key, value, line } of entries) {
    if (!/^On(Boot|Startup|Active)Sec$/.test(key)) continue;
    const first = secondsIn(value);
    // The first run comes as late as all others: so it is here.
    if (first !== null && first === seconds) continue;
    draft.set('run_at_start', true);
    if (first !== 0)
      into.remark(spot(line), `${key}=${value}: it runs as soon as the daemon starts, not ${value} later`);
  }
}

/** Whether overseer's schedules can express these calendars. */
function readCalendars(draft: JobDraft, entries: readonly IniEntry[], { into, spot }: Told): boolean {
  const found = entries
    .filter(({ key }) => key === 'OnCalendar')
    .map(({ value, line }) => ({ value, line, cron: cronOfCalendar(value) }));
  const wrong = found.find(({ cron }) => cron === null);
  if (wrong !== undefined) {
    into.remark(
      spot(wrong.line),
      `OnCalendar=${wrong.value} is nothing that cron can say, so ${draft.name} is left out: ` +
        'write its "schedule" by hand',
    );
    return false;
  }
  const [first, ...others] = found;
  if (first === undefined) return true;
  if (draft.keys.has('schedule'))
    into.remark(spot(first.line), 'a job has one schedule, so the intervals of this timer are left out');
  const merged = mergedCron(found.map(({ cron }) => cron ?? ''));
  draft.set('schedule', merged ?? first.cron ?? '');
  for (const { line, value } of merged === null ? others : [])
    into.remark(
      spot(line),
      `OnCalendar=${value} is left out: a job has one schedule; write a second job for it`,
    );
  return true;
}
