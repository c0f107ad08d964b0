import type { EarlierChange } from '../inspected-charts.ts';
import type { ShownChart } from './charts.ts';
import { drawSoon } from './redraw.ts';

/** The daemon and this page may note one event at slightly different times. */
const SAME_MS = 50;

/** Asks once for what the daemon remembers of this job. */
export function askEarlier(chart: ShownChart): void {
  if (chart.machine !== 'job' || chart.earlier !== null) return;
  chart.earlier = [];
  void fetch(`history/${encodeURIComponent(chart.name)}`)
    .then((response) => (response.ok ? response.json() : []))
    .then((changes: readonly EarlierChange[]) => {
      const last = changes.at(-1);
      if (last !== undefined && last.state === chart.look?.state) chart.since ??= Date.parse(last.at);
      chart.earlier = changes.filter((change) => !isSeen(change, chart)).toReversed();
      drawSoon();
    })
    // The stream says that the connection is lost.
    .catch(() => undefined);
}

function isSeen({ at, event }: EarlierChange, { events }: ShownChart): boolean {
  const time = Date.parse(at);
  return events.some((seen) => seen.type === event && Math.abs(seen.at - time) < SAME_MS);
}

/** States in words. */
export interface StateMove {
  readonly left: string;
  readonly entered: string;
}

/** The states that a change left and entered, as far as their names differ. */
export function movedBetween({ from, to }: EarlierChange): StateMove {
  const [before, after] = [from.split(' '), to.split(' ')];
  return {
    left: inWords(before.filter((state) => !after.includes(state))),
    entered: inWords(after.filter((state) => !before.includes(state))),
  };
}

const inWords = (states: readonly string[]): string =>
  states.map((state) => state.replace(/^child\./, '')).join(' ');
