import { charts, choose } from './charts.ts';
import { drawNow } from './redraw.ts';

/** The chart that the address names, percent-encoded or not; it is chosen as soon as it appears. */
const named = (): string => location.hash.slice(1);

export const namesChart = (): boolean => named() !== '';

export const isNamed = (id: string): boolean => [id, encodeURIComponent(id)].includes(named());

export const nameChart = (id: string): void => history.replaceState(null, '', `#${encodeURIComponent(id)}`);

/** Chooses the chart that a changed address names: what `nameChart` writes causes no such event. */
export function listenToAddress(): void {
  addEventListener('hashchange', () => {
    const id = [...charts.keys()].find(isNamed);
    if (id === undefined) return;
    choose(id);
    drawNow();
  });
}
