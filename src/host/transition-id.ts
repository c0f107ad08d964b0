/**
 * Names a transition of a chart: its state, its event (empty for one that needs none), and its place among
 * those of this event. Drawn arrows and taken steps go by it.
 */
export const transitionId = (state: string, event: string, index: number): string =>
  `${state} ${event || 'always'} ${index}`;
