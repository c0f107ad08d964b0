/** Of the viewer's script: the list of charts, found by words or by keys. A row is made once and then only told what is new, so that nothing jumps and the focus stays. */
export const LIST_SCRIPT = String.raw`
/** So many rows are taken in at a glance; beyond them one wants to search. */
const AT_A_GLANCE = 8;
const rows = new Map();

const rank = ({ machine, name }) => (machine === 'daemon' ? '0' : '1') + name;

function drawList() {
  const sorted = [...charts.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  for (const [id, row] of rows) {
    if (charts.has(id)) continue;
    row.remove();
    rows.delete(id);
  }
  sorted.forEach((chart, index) => {
    const row = rows.get(chart.id) ?? newRow(chart);
    if (byId('charts').children[index] !== row) byId('charts').insertBefore(row, byId('charts').children[index] ?? null);
    drawRow(row, chart);
  });
  const jobs = sorted.filter(({ machine }) => machine === 'job');
  byId('search').hidden = jobs.length <= AT_A_GLANCE;
  setText(byId('counts'), inCounts(jobs));
  const isNoneFound = sorted.length > 0 && [...rows.values()].every(({ hidden }) => hidden);
  byId('none').hidden = !isNoneFound && (jobs.length > 0 || sorted.length === 0);
  setText(byId('none'), isNoneFound ? 'No job has these words in its name or state.' : 'No jobs. Name some in the config and run overseer; they appear here.');
}

function newRow({ id, name, machine }) {
  const button = document.createElement('button');
  const label = textIn('b', name);
  label.title = name;
  button.append(textIn('i', '', 'dot'), label, textIn('small', ''));
  button.dataset.chart = id;
  const row = document.createElement('li');
  row.className = machine;
  row.append(button);
  rows.set(id, row);
  return row;
}

function drawRow(row, chart) {
  const button = row.firstElementChild;
  const word = wordOf(chart);
  setText(button.lastElementChild, word);
  button.dataset.state = chart.machine === 'job' ? word : '';
  button.setAttribute('aria-current', String(chart.id === chosen));
  const wanted = byId('search').value.toLowerCase().split(/\s+/);
  row.hidden = !byId('search').hidden && !wanted.every((part) => (chart.name + ' ' + word).toLowerCase().includes(part));
}

/** How many jobs there are, and how many of them are how, the most first. */
function inCounts(jobs) {
  if (jobs.length === 0) return '';
  const counts = new Map();
  for (const job of jobs) counts.set(wordOf(job), (counts.get(wordOf(job)) ?? 0) + 1);
  const parts = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word, count]) => count + '\u00a0' + word);
  return (jobs.length === 1 ? '1 job' : jobs.length + ' jobs') + ': ' + parts.join(', ');
}

function chooseNext(step) {
  const shown = [...byId('charts').children].filter(({ hidden }) => !hidden).map(({ firstElementChild }) => firstElementChild);
  const at = shown.findIndex(({ dataset }) => dataset.chart === chosen);
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + step))];
  if (next === undefined) return;
  choose(next.dataset.chart);
  next.scrollIntoView({ block: 'nearest' });
  if (document.activeElement !== byId('search')) next.focus({ preventScroll: true });
}

byId('charts').addEventListener('click', ({ target }) => {
  const button = target.closest('button');
  if (button !== null) choose(button.dataset.chart);
});
byId('search').addEventListener('input', drawSoon);

const KEYS = {
  ArrowDown: () => chooseNext(1),
  ArrowUp: () => chooseNext(-1),
  j: () => chooseNext(1),
  k: () => chooseNext(-1),
  '/': () => byId('search').focus(),
  w: () => byId('whole').click(),
  '+': () => byId('in').click(),
  '=': () => byId('in').click(),
  '-': () => byId('out').click(),
  0: () => byId('fit').click(),
};
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target === byId('search');
  if (isTyping && event.key === 'Escape') {
    byId('search').value = '';
    byId('search').blur();
    return drawSoon();
  }
  // The arrows scroll what they are in, unless that is the list.
  if (event.key.startsWith('Arrow') && event.target.closest('#picture, aside') !== null) return;
  if (!Object.hasOwn(KEYS, event.key) || (isTyping && !event.key.startsWith('Arrow'))) return;
  event.preventDefault();
  KEYS[event.key]();
});
`;
