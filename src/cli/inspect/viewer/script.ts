import { EVENTS_SCRIPT } from './events-script.ts';
import { LIST_SCRIPT } from './list-script.ts';
import { PICTURE_SCRIPT } from './picture-script.ts';
import { STREAM_SCRIPT } from './stream-script.ts';

/** Runs in the page: follows the stream of inspection messages, lists the charts and lights up where the chosen one is. */
export const SCRIPT = [
  String.raw`
'use strict';
const byId = (id) => document.getElementById(id);
const charts = new Map();
let chosen = null;

/** Ids of the states that a value is in, the outer ones too. */
const idsIn = (value, path) =>
  typeof value === 'string'
    ? [path + '.' + value]
    : Object.entries(value ?? {}).flatMap(([key, inner]) => [path + '.' + key, ...idsIn(inner, path + '.' + key)]);

const inWords = (value) => (typeof value === 'string' ? value : Object.entries(value).map(([key, inner]) => key + '.' + inWords(inner)).join(' '));

/** The word for how a chart is: of a job the one that status shows, of the daemon its state. */
const wordOf = ({ machine, snapshot, word }) => (machine === 'job' && snapshot.status !== 'active' ? 'removed' : (word ?? inWords(snapshot.value)));

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
  const word = wordOf(chart);
  setText(byId('name'), chart.name);
  byId('name').title = chart.name;
  setText(byId('state').lastElementChild, word);
  document.body.dataset.state = chart.machine === 'job' ? word : '';
  document.title = chart.name + ' ' + word + ' · overseer';
  drawFacts(chart);
  drawPicture(chart);
  drawEvents(chart);
  setText(byId('context'), JSON.stringify(chart.snapshot.context, null, 2));
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function textIn(tag, text, className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function choose(id) {
  chosen = id;
  history.replaceState(null, '', '#' + encodeURIComponent(id));
  draw();
}
`,
  LIST_SCRIPT,
  PICTURE_SCRIPT,
  EVENTS_SCRIPT,
  STREAM_SCRIPT,
].join('');
