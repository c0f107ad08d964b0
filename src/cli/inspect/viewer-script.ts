/** Runs in the page: follows the stream of inspection messages, lists the charts and lights up where the chosen one is. */
export const VIEWER_SCRIPT = String.raw`
'use strict';
const KEPT_EVENTS = 100;
const SHOWN_MS = 1500;
const byId = (id) => document.getElementById(id);
const charts = new Map();
let chosen = null;
let shown = '';

/** Ids of the states that a value is in, the outer ones too. */
const idsIn = (value, path) =>
  typeof value === 'string'
    ? [path + '.' + value]
    : Object.entries(value ?? {}).flatMap(([key, inner]) => [path + '.' + key, ...idsIn(inner, path + '.' + key)]);

const inWords = (value) => (typeof value === 'string' ? value : Object.entries(value).map(([key, inner]) => key + '.' + inWords(inner)).join(' '));

/** The end of a delay, which XState calls by a longer name. */
const eventInWords = (type) => type.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');

/** In few words: of a job how its child is, and what is wanted where that is not plainly yes. */
function brief({ machine, snapshot }) {
  if (machine !== 'job') return inWords(snapshot.value);
  const { want, child } = snapshot.value;
  return inWords(child) + (want === 'Yes' ? '' : ' · want ' + inWords(want));
}

function take(message) {
  const { sessionId, type, snapshot } = message;
  if (type === '@xstate.actor') {
    const machine = JSON.parse(message.definition).id;
    charts.set(sessionId, { id: sessionId, name: message.name, machine, snapshot, events: charts.get(sessionId)?.events ?? [] });
    chosen ??= sessionId;
    // A job is what one comes for.
    if (charts.get(chosen).machine !== 'job' && machine === 'job' && !location.hash) chosen = sessionId;
    if (location.hash === '#' + encodeURIComponent(sessionId)) chosen = sessionId;
  }
  const chart = charts.get(sessionId);
  if (type !== '@xstate.snapshot' || chart === undefined) return drawSoon();
  const before = idsIn(chart.snapshot.value, chart.machine);
  const after = idsIn(snapshot.value, chart.machine);
  const left = before.filter((id) => !after.includes(id));
  const entered = after.filter((id) => !before.includes(id));
  chart.snapshot = snapshot;
  chart.events.unshift({ at: Number(message.createdAt), type: message.event.type, left, entered });
  chart.events.length = Math.min(chart.events.length, KEPT_EVENTS);
  if (sessionId === chosen) showTaken(left, entered);
  drawSoon();
}

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

let willDraw = false;
function drawSoon() {
  if (willDraw) return;
  willDraw = true;
  requestAnimationFrame(() => {
    willDraw = false;
    draw();
  });
}

function draw() {
  drawList();
  const chart = charts.get(chosen);
  if (chart === undefined) return;
  byId('name').textContent = chart.name;
  byId('state').textContent = inWords(chart.snapshot.value);
  document.title = chart.name + ' ' + brief(chart) + ' · overseer';
  drawPicture(chart);
  drawEvents(chart);
  byId('context').textContent = JSON.stringify(chart.snapshot.context, null, 2);
}

function drawList() {
  const rank = ({ machine, name }) => (machine === 'daemon' ? '0' : '1') + name;
  const rows = [...charts.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).map((chart) => {
    const button = document.createElement('button');
    button.append(textIn('b', chart.name), textIn('small', brief(chart)));
    button.dataset.chart = chart.id;
    button.setAttribute('aria-current', String(chart.id === chosen));
    button.classList.toggle('over', chart.snapshot.status !== 'active');
    const row = document.createElement('li');
    row.append(button);
    return row;
  });
  byId('charts').replaceChildren(...rows);
}

function drawPicture({ machine, snapshot }) {
  const simple = document.querySelector('template[data-picture="' + machine + ' simple"]');
  const isWhole = simple === null || byId('whole').firstElementChild.checked;
  const picture = isWhole ? machine : machine + ' simple';
  byId('whole').hidden = simple === null;
  if (picture !== shown) {
    shown = picture;
    const template = document.querySelector('template[data-picture="' + picture + '"]');
    byId('picture').replaceChildren(template.content.cloneNode(true));
    byId('picture').classList.toggle('whole', isWhole && simple !== null);
    requestAnimationFrame(() => [...document.querySelectorAll('#picture .node.on')].at(-1)?.scrollIntoView({ block: 'center', inline: 'center' }));
  }
  const lit = new Set(idsIn(snapshot.value, machine));
  for (const group of document.querySelectorAll('#picture g.node, #picture g.cluster'))
    group.classList.toggle('on', lit.has(group.querySelector('title')?.textContent));
}

function drawEvents({ machine, events }) {
  const within = (id) => id.slice(machine.length + 1);
  const innermost = (ids) => ids.filter((id) => !ids.some((other) => other.startsWith(id + '.'))).map(within).join(' ');
  const rows = events.map(({ at, type, left, entered }) => {
    const row = document.createElement('li');
    row.append(textIn('time', new Date(at).toLocaleTimeString()), textIn('b', eventInWords(type)));
    if (entered.length > 0) row.append(document.createElement('br'), textIn('span', innermost(left) + ' → ', 'from'), innermost(entered));
    return row;
  });
  byId('events').replaceChildren(...rows);
}

function textIn(tag, text, className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

byId('charts').addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (button === null) return;
  chosen = button.dataset.chart;
  history.replaceState(null, '', '#' + encodeURIComponent(chosen));
  draw();
});
byId('whole').addEventListener('change', draw);

const source = new EventSource('events');
source.onopen = () => {
  // The stream begins anew with what there is.
  charts.clear();
  byId('line').textContent = 'live';
};
source.onmessage = ({ data }) => take(JSON.parse(data));
source.onerror = () => (byId('line').textContent = 'the connection is lost; trying again …');
source.addEventListener('ended', () => {
  source.close();
  byId('line').textContent = 'ended: the daemon is gone, or nobody inspects it any more';
});
`;
