// The results as tables in Markdown, which can be read on a terminal as well.
import { GOALS, GROWING, MANY, ROWS } from './rows.mjs';
import { growthBetween, median, percentile, rounded } from './statistics.mjs';

/** A percentile of fewer samples than this would be the largest one. */
const TAIL_SAMPLES = 100;

/** Not other process managers. */
const OURS = ['overseer', 'floor', 'least', 'overseer-file'];

const found = ({ rows }, peer, row, count) =>
  rows.find(
    (each) => each.peer === peer && each.row === row && each.count === count && each.samples.length > 0,
  );

/** All peers beside each other with this number of jobs; unless `isAll`, only what depends on it. */
export function peersTable(results, count, { isAll = true } = {}) {
  const asked = ROWS.filter((row) => row.count === MANY || (isAll && row.count !== count));
  const at = (peer, { row, count: fixed }) => found(results, peer, row, fixed ?? count);
  const shown = asked.filter((row) => at('overseer', row) !== undefined);
  const names = results.peers
    .map(({ name }) => name)
    .filter((name) => name !== 'overseer' && shown.some((row) => at(name, row) !== undefined));
  const body = shown.map((row) => {
    const [overseer, ...others] = ['overseer', ...names].map((name) => at(name, row));
    const ratio = row.unit === '' ? '' : ratioOf(overseer, at('floor', row));
    return [
      titleOf(row, results),
      cellOf(overseer, row),
      ratio,
      ...others.map((other) => cellOf(other, row)),
    ];
  });
  return markdown(['', 'overseer', '× floor', ...names], body);
}

/** Trials write smaller logs. */
function titleOf({ about, unit }, { mib }) {
  const title = mib === 1_024 ? about : about.replace('1 GiB', `${mib} MiB`);
  return unit === '' ? title : `${title}, ${unit}`;
}

function cellOf(row, { hasTail = false }) {
  if (row === undefined) return '';
  const middle = rounded(median(row.samples));
  if (!hasTail) return middle;
  const isMany = row.samples.length >= TAIL_SAMPLES;
  const tail = rounded(isMany ? percentile(row.samples, 99) : Math.max(...row.samples));
  return `${middle} (${isMany ? 'p99' : 'most'} ${tail})`;
}

function ratioOf(row, floor) {
  const least = floor === undefined ? 0 : median(floor.samples);
  return least === 0 ? '' : (median(row.samples) / least).toFixed(2);
}

/** overseer with each number of jobs, and how fast the cost grows from 100 jobs to the largest number. */
export function growthTable(results, peer = 'overseer') {
  const counts = results.rows.filter((row) => row.peer === peer && row.count > 1).map(({ count }) => count);
  const sorted = [...new Set(counts)].toSorted((a, b) => a - b);
  const body = GROWING.map(({ row, about, unit }) => {
    const at = (count) => found(results, peer, row, count);
    const cells = sorted.map((count) => cellOf(at(count), {}));
    return [`${about}, ${unit}`, ...cells, exponent([at(100), at(sorted.at(-1))])];
  });
  return markdown(['jobs', ...sorted.map((count) => count.toLocaleString('en')), 'exponent'], body);
}

const exponent = ([first, last]) =>
  first === undefined || last === undefined || first === last
    ? ''
    : growthBetween(...[first, last].map(({ count, samples }) => [count, median(samples)])).toFixed(2);

/** Every goal with what was measured, and whether it is reached. */
export function goalsTable(results) {
  const body = GOALS.flatMap((goal) => {
    const row = found(results, 'overseer', goal.row, goal.count);
    const floor = found(results, 'floor', goal.row, goal.count);
    if (row === undefined || (goal.timesFloor !== undefined && floor === undefined)) return [];
    const cells = goal.timesFloor === undefined ? limited(goal, row) : relative(goal, row, floor);
    return [[goal.about, ...cells, leastOf(goal, row, found(results, 'least', goal.row, goal.count))]];
  });
  const hasLeast = body.some((cells) => cells.at(-1) !== '');
  const head = ['what', 'goal', 'measured', 'reached', 'the least, × it'];
  return hasLeast
    ? markdown(head, body)
    : markdown(
        head.slice(0, -1),
        body.map((cells) => cells.slice(0, -1)),
      );
}

/** What the least program takes, and how many times that overseer does. */
function leastOf({ unit = 'ms' }, row, least) {
  if (least === undefined) return '';
  const ratio = ratioOf(row, least);
  return `${rounded(median(least.samples))} ${unit}${ratio === '' ? '' : `, ${ratio} ×`}`.trim();
}

function relative({ timesFloor }, row, floor) {
  const [ours, least] = [median(row.samples), median(floor.samples)];
  const measured = `${(ours / least).toFixed(2)} × (${rounded(ours)} and ${rounded(least)} ms)`;
  return [`${timesFloor} × the floor`, measured, ours / least <= timesFloor ? 'yes' : 'no'];
}

function limited({ unit, atMost, tailAtMost }, row) {
  const [middle, tail] = [median(row.samples), percentile(row.samples, 99)];
  const isReached = middle <= atMost && (tailAtMost === undefined || tail <= tailAtMost);
  const tails = tailAtMost === undefined ? ['', ''] : [`, p99 ${tailAtMost}`, `, p99 ${rounded(tail)}`];
  return [
    `${atMost}${tails[0]} ${unit}`,
    `${rounded(middle)}${tails[1]} ${unit}`,
    isReached ? 'yes' : 'no',
  ].map((cell) => cell.trim());
}

/** The numbers of jobs that other process managers were measured with. */
export const counted = ({ rows }) => [
  ...new Set(rows.flatMap(({ peer, count }) => (OURS.includes(peer) ? [] : [count]))),
];

/** The restarts of every peer with 100 jobs. */
export const restartsOf = ({ rows }) =>
  rows.filter(({ row, count, samples }) => row === 'restart' && count === 100 && samples.length > 0);

/** A table whose columns are as wide as their widest cell, numbers to the right. */
function markdown(head, body) {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...body].map((cells) => cells[column].length)),
  );
  const padded = (cell, column) => cell[column === 0 ? 'padEnd' : 'padStart'](widths[column]);
  const line = (cells) => `| ${cells.map(padded).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
