import { countsOf } from '../../../plan/state-order.ts';
import { nameChart } from './address.ts';
import { charts, choose, chosen, type ShownChart, stateWords, toneOfChart } from './charts.ts';
import { byId, setText, textIn } from './dom.ts';
import { drawNow, drawSoon } from './redraw.ts';

/** A list of up to this many rows has no search field. */
const AT_A_GLANCE = 8;

/** A row is made once and then only updated, so that nothing jumps and the focus stays. */
const rows = new Map<string, HTMLLIElement>();

const search = (): HTMLInputElement => byId<HTMLInputElement>('search');

export function drawList(): void {
  const sorted = [...charts.values()].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const jobs = sorted.filter(({ machine }) => machine === 'job');
  search().hidden = jobs.length <= AT_A_GLANCE;
  for (const [id, row] of rows) {
    if (charts.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  const list = byId('charts');
  for (const [index, chart] of sorted.entries()) {
    const row = rows.get(chart.id) ?? newRow(chart);
    const present = list.children[index] ?? null;
    if (present !== row) list.insertBefore(row, present);
    drawRow(row, chart);
  }
  drawSummary(jobs);
  const shown = shownButtons();
  // The list is one stop for Tab; the arrows go on from there.
  const stop = shown.find(isChosen) ?? shown[0];
  for (const row of rows.values()) (row.firstElementChild as HTMLButtonElement).tabIndex = -1;
  if (stop !== undefined) stop.tabIndex = 0;
}

const shownButtons = (): readonly HTMLButtonElement[] => [
  ...byId('charts').querySelectorAll<HTMLButtonElement>('li:not([hidden]) > button'),
];

const isChosen = ({ dataset }: HTMLButtonElement): boolean => dataset['chart'] === chosen();

/** The daemon first, then the jobs by their names. */
const rank = ({ machine, name }: ShownChart): string => (machine === 'daemon' ? '0' : '1') + name;

function drawSummary(jobs: readonly ShownChart[]): void {
  setText(byId('counts'), countsText(jobs));
  const isNoneFound = charts.size > 0 && [...rows.values()].every(({ hidden }) => hidden);
  const none = byId('none');
  none.hidden = !isNoneFound && (jobs.length > 0 || charts.size === 0);
  setText(
    none,
    isNoneFound
      ? 'No job has these words in its name or state.'
      : 'No jobs. Name some in the config and run overseer; they appear here.',
  );
}

function newRow({ id, name, machine }: ShownChart): HTMLLIElement {
  const button = document.createElement('button');
  const label = textIn('b', name);
  label.title = name;
  button.append(textIn('i', '', 'dot'), label, textIn('small', ''));
  button.dataset['chart'] = id;
  const row = document.createElement('li');
  row.className = machine;
  row.append(button);
  rows.set(id, row);
  return row;
}

function drawRow(row: HTMLLIElement, chart: ShownChart): void {
  const button = row.firstElementChild as HTMLButtonElement;
  const word = stateWords(chart);
  setText(button.lastElementChild, word);
  button.dataset['tone'] = toneOfChart(chart);
  if (chart.id === chosen()) button.setAttribute('aria-current', 'true');
  else button.removeAttribute('aria-current');
  const wanted = search().value.toLowerCase().split(/\s+/);
  const text = `${chart.name} ${word}`.toLowerCase();
  row.hidden = !search().hidden && !wanted.every((part) => text.includes(part));
}

/** `3 jobs: 1 failed, 2 running`, trouble first; jobs that were removed count no more. */
function countsText(charts: readonly ShownChart[]): string {
  const jobs = charts.flatMap(({ snapshot, look }) =>
    look === null || snapshot.status !== 'active' ? [] : [look],
  );
  if (jobs.length === 0) return '';
  const parts = countsOf(jobs).map(({ state, count }) => `${count}\u00a0${state}`);
  return `${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`}: ${parts.join(', ')}`;
}

function show(id: string): void {
  choose(id);
  nameChart(id);
  drawNow();
}

/** `Infinity` goes to the last one. */
function showNext(step: number): void {
  const shown = shownButtons();
  const next = shown[Math.min(shown.length - 1, Math.max(0, shown.findIndex(isChosen) + step))];
  if (next === undefined) return;
  show(next.dataset['chart'] ?? '');
  next.scrollIntoView({ block: 'nearest' });
  if (document.activeElement !== search()) next.focus({ preventScroll: true });
}

const KEYS: Readonly<Record<string, () => void>> = {
  ArrowDown: () => showNext(1),
  ArrowUp: () => showNext(-1),
  j: () => showNext(1),
  k: () => showNext(-1),
  Home: () => showNext(-Infinity),
  End: () => showNext(Infinity),
  '/': () => search().focus(),
  w: () => byId('whole').click(),
  '+': () => byId('in').click(),
  '=': () => byId('in').click(),
  '-': () => byId('out').click(),
  0: () => byId('fit').click(),
};

export function listenToList(): void {
  byId('charts').addEventListener('click', ({ target }) => {
    const id = (target as Element).closest('button')?.dataset['chart'];
    if (id !== undefined) show(id);
  });
  search().addEventListener('input', drawSoon);
  addEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target === search();
  if (isTyping && event.key === 'Escape') {
    search().value = '';
    search().blur();
    return drawSoon();
  }
  const isArrow = /^(?:Arrow|Home$|End$)/.test(event.key);
  // Arrows scroll the picture and the events; elsewhere they choose a chart.
  if (isArrow && (event.target as Element).closest('#picture, aside') !== null) return;
  const action = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
  if (action === undefined || (isTyping && !event.key.startsWith('Arrow'))) return;
  event.preventDefault();
  action();
}
