import type { EarlierChange } from '../inspected-charts.ts';
import type { ChartEvent, ShownChart } from './charts.ts';
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
      const last = changes.findLast(movesChild);
      if (last !== undefined && last.state === chart.look?.state) chart.since ??= Date.parse(last.at);
      chart.earlier = changes
        .filter((change) => !chart.events.some((event) => isSame(change, event)))
        .toReversed();
      drawSoon();
    })
    // The stream says that the connection is lost.
    .catch(() => undefined);
}

/** Drops an earlier change that has now come as an event: the answer may arrive before the event. */
export function leaveOut(event: ChartEvent, chart: ShownChart): void {
  const others = chart.earlier?.filter((change) => !isSame(change, event)) ?? [];
  if (others.length < (chart.earlier?.length ?? 0)) chart.earlier = others;
}

const isSame = ({ at, event }: EarlierChange, seen: ChartEvent): boolean =>
  seen.type === event && Math.abs(seen.at - Date.parse(at)) < SAME_MS;

/** Whether the process is concerned, and not only the test or what is wanted. */
const movesChild = ({ from, to }: EarlierChange): boolean => childIn(from) !== childIn(to);
const childIn = (states: string): string | undefined =>
  states.split(' ').find((state) => state.startsWith('child.'));

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
