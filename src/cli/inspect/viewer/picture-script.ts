/** Of the viewer's script: the picture of the chosen chart, as large as one likes, with its present states lit. */
export const PICTURE_SCRIPT = String.raw`
const SHOWN_MS = 1500;
/** A picture that fits is not made smaller than one can read, nor larger than it needs; the whole chart of a job is to be scrolled. */
const FIT = { least: 0.62, leastWhole: 0.9, most: 1.15 };
const STEP = 1.25;
let shown = '';
let isWhole = false;
/** How large the picture is, or null: as large as there is room. */
let zoom = null;
let lastLit = '';

const templateOf = (name) => document.querySelector('template[data-picture="' + name + '"]');

function drawPicture({ id, machine, snapshot }) {
  const hasSimple = templateOf(machine + ' simple') !== null;
  byId('whole').hidden = !hasSimple;
  byId('whole').setAttribute('aria-pressed', String(isWhole));
  const picture = hasSimple && !isWhole ? machine + ' simple' : machine;
  const isNew = picture !== shown;
  if (isNew) {
    shown = picture;
    byId('picture').replaceChildren(templateOf(picture).content.cloneNode(true));
    resize();
  }
  const lit = new Set(idsIn(snapshot.value, machine));
  for (const group of document.querySelectorAll('#picture g.node, #picture g.cluster'))
    group.classList.toggle('on', lit.has(group.querySelector('title')?.textContent));
  const nowLit = id + ' ' + [...lit].join(' ');
  if (isNew || nowLit !== lastLit) bringIntoView(isNew ? 'center' : 'nearest');
  lastLit = nowLit;
}

/** What just began stays in sight where the picture is larger than its place. */
function bringIntoView(where) {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches || where === 'center';
  const place = byId('picture');
  const state = [...place.querySelectorAll('.node.on')].at(-1);
  if (state === undefined) return;
  const [inner, outer] = [state.getBoundingClientRect(), place.getBoundingClientRect()];
  const isSeen = inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom;
  if (isSeen && where !== 'center') return;
  place.scrollBy({
    left: inner.left + inner.width / 2 - outer.left - outer.width / 2,
    top: inner.top + inner.height / 2 - outer.top - outer.height / 2,
    behavior: isCalm ? 'instant' : 'smooth',
  });
}

function resize() {
  const svg = byId('picture').firstElementChild;
  if (svg === null) return;
  const { width, height } = svg.viewBox.baseVal;
  const scale = zoom ?? scaleToFit(width, height);
  svg.style.width = Math.floor(width * scale) + 'px';
  svg.style.height = Math.floor(height * scale) + 'px';
}

function scaleToFit(width, height) {
  const { clientWidth, clientHeight } = byId('picture');
  return Math.min(FIT.most, Math.max(isWhole ? FIT.leastWhole : FIT.least, Math.min(clientWidth / width, clientHeight / height)));
}

function zoomTo(scale) {
  zoom = scale;
  resize();
  bringIntoView('center');
}

const presentScale = () => byId('picture').firstElementChild.clientWidth / byId('picture').firstElementChild.viewBox.baseVal.width;

byId('in').addEventListener('click', () => zoomTo(Math.min(3, presentScale() * STEP)));
byId('out').addEventListener('click', () => zoomTo(Math.max(0.2, presentScale() / STEP)));
byId('fit').addEventListener('click', () => zoomTo(null));
byId('whole').addEventListener('click', () => {
  isWhole = !isWhole;
  zoom = null;
  draw();
});
new ResizeObserver(() => {
  resize();
  bringIntoView('nearest');
}).observe(byId('picture'));

/** Lights up for a moment the arrows from what was left to what was entered. */
function showTaken(left, entered) {
  for (const from of left)
    for (const to of entered) {
      const arrow = byId(from + '..' + to);
      if (arrow === null) continue;
      arrow.classList.add('taken');
      setTimeout(() => arrow.classList.remove('taken'), SHOWN_MS);
    }
}
`;
