import { activeStates } from '../../../plan/active-states.ts';
import { arrowsTaken, type DrawnArrows } from '../../../plan/taken-arrows.ts';
import type { ShownChart } from './charts.ts';
import { byId } from './dom.ts';
import { flashArrows } from './flash-arrows.ts';
import { drawNow } from './redraw.ts';

/**
 * Scales of a picture that is fitted into its place: never too small to read, never larger than it needs. The
 * whole chart of a job does not fit and is scrolled.
 */
const FIT = { least: 0.62, leastWhole: 0.9, most: 1.15 };
const ZOOM = { least: 0.2, most: 3, step: 1.25 };

let shown = '';
let shownId = '';
let isWhole = false;
/** The scale that was chosen, or null: as large as there is room. */
let zoom: number | null = null;
let lastLit = '';

const templateOf = (name: string): HTMLTemplateElement | null =>
  document.querySelector(`template[data-picture="${name}"]`);

export function drawPicture({ id, machine, snapshot }: ShownChart): void {
  const hasSimple = templateOf(`${machine} simple`) !== null;
  byId('whole').hidden = !hasSimple;
  byId('whole').setAttribute('aria-pressed', String(isWhole));
  const picture = hasSimple && !isWhole ? `${machine} simple` : machine;
  // Each chart has a picture of its own, where no arrow of another one is lit.
  const isNew = picture !== shown || id !== shownId;
  if (isNew) {
    shown = picture;
    shownId = id;
    const content = templateOf(picture)?.content.cloneNode(true);
    if (content !== undefined) byId('picture').replaceChildren(content);
    resize();
  }
  const lit = new Set(activeStates(snapshot.value, machine));
  for (const group of document.querySelectorAll('#picture g.node, #picture g.cluster'))
    group.classList.toggle('on', lit.has(group.querySelector('title')?.textContent ?? ''));
  const nowLit = `${id} ${[...lit].join(' ')}`;
  if (isNew || nowLit !== lastLit) bringIntoView(isNew ? 'center' : 'nearest');
  lastLit = nowLit;
}

/** Scrolls to the state that was just entered, where the picture is larger than its place. */
function bringIntoView(where: 'center' | 'nearest'): void {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches || where === 'center';
  const place = byId('picture');
  const state = [...place.querySelectorAll('.node.on')].at(-1);
  if (state === undefined) return;
  const [inner, outer] = [state.getBoundingClientRect(), place.getBoundingClientRect()];
  if (where !== 'center' && isInside(inner, outer)) return;
  place.scrollBy({
    left: inner.left + inner.width / 2 - outer.left - outer.width / 2,
    top: inner.top + inner.height / 2 - outer.top - outer.height / 2,
    behavior: isCalm ? 'instant' : 'smooth',
  });
}

const isInside = (inner: DOMRect, outer: DOMRect): boolean =>
  inner.left >= outer.left &&
  inner.right <= outer.right &&
  inner.top >= outer.top &&
  inner.bottom <= outer.bottom;

const presentSvg = (): SVGSVGElement | null => byId('picture').querySelector(':scope > svg');

function resize(): void {
  const svg = presentSvg();
  if (svg === null) return;
  const { width, height } = svg.viewBox.baseVal;
  const scale = zoom ?? scaleToFit(width, height);
  // A picture that stands alone fits itself to its page.
  svg.style.maxWidth = 'none';
  svg.style.width = `${Math.floor(width * scale)}px`;
  svg.style.height = `${Math.floor(height * scale)}px`;
}

function scaleToFit(width: number, height: number): number {
  const { clientWidth, clientHeight } = byId('picture');
  const fitting = Math.min(clientWidth / width, clientHeight / height);
  return Math.min(FIT.most, Math.max(isWhole ? FIT.leastWhole : FIT.least, fitting));
}

function zoomTo(scale: number | null): void {
  zoom = scale;
  resize();
  bringIntoView('center');
}

function zoomBy(factor: number): void {
  const svg = presentSvg();
  if (svg === null) return;
  const scale = (svg.clientWidth / svg.viewBox.baseVal.width) * factor;
  zoomTo(Math.min(ZOOM.most, Math.max(ZOOM.least, scale)));
}

export function listenToPicture(): void {
  byId('in').addEventListener('click', () => zoomBy(ZOOM.step));
  byId('out').addEventListener('click', () => zoomBy(1 / ZOOM.step));
  byId('fit').addEventListener('click', () => zoomTo(null));
  byId('whole').addEventListener('click', () => {
    isWhole = !isWhole;
    zoom = null;
    drawNow();
  });
  new ResizeObserver(() => {
    resize();
    bringIntoView('nearest');
  }).observe(byId('picture'));
}

/**
 * Lights up the arrows that a step of the chosen chart took. `before` are the states in which the chart was,
 * `taken` the transitions.
 */
export function showTaken(chart: ShownChart, before: readonly string[], taken: readonly string[]): void {
  // One that was chosen in this frame has no picture yet.
  if (chart.id !== shownId) drawPicture(chart);
  const svg = presentSvg();
  if (svg !== null) flashArrows(svg, arrowsTaken(arrows()[shown] ?? {}, before, taken));
}

let known: Readonly<Record<string, DrawnArrows>> | null = null;

const arrows = (): Readonly<Record<string, DrawnArrows>> =>
  (known ??= JSON.parse(byId('arrows').textContent) as Readonly<Record<string, DrawnArrows>>);
