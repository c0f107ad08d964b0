// The made part of docs/evidence/benchmarks.md, and its pictures, from the results of a run.
import { dotPlot, linePlot } from './plot.mjs';
import { GROWING } from './rows.mjs';
import { median, rounded } from './statistics.mjs';
import { counted, goalsTable, growthTable, peersTable, restartsOf } from './tables.mjs';

export const PAGE = 'docs/evidence/benchmarks.md';
const BEGIN = '<!-- figures: written by `npm run bench -- --docs FILE…` -->';
const END = '<!-- end of figures -->';

/** The page with these results in it, and its pictures: paths and texts. */
export function benchmarkPages(page, results) {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before === -1 || after === -1) throw new Error(`${PAGE}: ${BEGIN} or ${END} is missing`);
  const growth = GROWING.filter(({ isDrawn = true }) => isDrawn)
    .map((growing) => ({ ...growing, series: seriesOf(results, growing.row) }))
    .filter(({ series }) => series.length > 0)
    .map(growthPicture);
  const restarts = restartPicture(results);
  const figures = figuresOf(results, { growth, restarts });
  return new Map([
    [PAGE, `${page.slice(0, before + BEGIN.length)}\n\n${figures}\n\n${page.slice(after)}`],
    ...[...growth, restarts].map(({ path, svg }) => [`docs/${path}`, svg]),
  ]);
}

function figuresOf(results, { growth, restarts }) {
  const image = ({ path, about }) => `![${about}](../${path})`;
  // What the other ones were measured with, the largest number first.
  const beside = [1_000, 100].filter((count) => counted(results).includes(count));
  return [
    conditions(results),
    '### Goals',
    goalsTable(results),
    ...beside.flatMap((count, index) => [
      `### Beside other process managers: ${count.toLocaleString('en')} jobs`,
      peersTable(results, count, { isAll: index === 0 }),
    ]),
    ...notes(results),
    '### Growth',
    growth.map(image).join('\n'),
    growthTable(results),
    '### Restarts',
    image(restarts),
  ].join('\n\n');
}

function conditions({ date, minutes, commit, cores, kernel, node, load, rounds, peers, missing, mib }) {
  const versions = peers.map(({ name, version, notes }) => `- ${name}: ${version}; ${notes}`);
  const lost = missing.length === 0 ? [] : [`Not installed: ${missing.join(', ')}.`];
  const day = date.slice(0, 10);
  const machine = `${cores} cores, Linux ${kernel}, Node ${node}`;
  const busy = `load average ${rounded(load[0])} before and ${rounded(load[1])} after it`;
  const log = mib === 1_024 ? '1 GiB' : `${mib} MiB`;
  return [
    `One run of ${Math.round(minutes)} minutes on ${day}, commit \`${commit}\`; ${machine}; ${busy}. ` +
      `Rounds with 1,000 jobs: ${rounds}, with other numbers 1; ${log} of log. Medians.`,
    versions.join('\n'),
    ...lost,
  ].join('\n\n');
}

/** What a reader of the tables has to know about single cells. */
function notes({ rows, peers }) {
  const limited = peers.filter(({ most }) => most !== null && most < 1_000);
  const lines = [
    ...limited.map(({ name, most }) => `- ${name} was measured with ${most} jobs at most.`),
    ...rows
      .filter(({ row }) => row === 'restarted by a trigger')
      .map(({ peer, count, samples }) => {
        const most = rounded(Math.max(...samples));
        return `- ${peer}: a trigger without a change restarted ${most} of ${rounded(count)} jobs.`;
      }),
    ...rows
      .filter(({ row }) => row === 'failed')
      .map(({ peer, count, note }) => `- ${peer}, ${rounded(count)} jobs: ${note.split('\n')[0]}.`),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** The medians of each peer that was measured with more than one number of jobs. */
function seriesOf({ peers, rows }, row) {
  return peers.flatMap(({ name }) => {
    const points = rows
      .filter((each) => each.peer === name && each.row === row && each.count >= 10 && each.samples.length > 0)
      .map(({ count, samples }) => [count, median(samples)])
      .toSorted(([a], [b]) => a - b);
    return points.length < 2 ? [] : [{ name, points }];
  });
}

function growthPicture({ row, about, unit, series }) {
  return {
    path: `images/bench-${row}.svg`,
    about: `${about}: ${unit} over the number of jobs, a line for each process manager`,
    svg: linePlot({ title: about, unit, series }),
  };
}

function restartPicture(results) {
  const rows = restartsOf(results).map(({ peer, samples }) => {
    const middle = median(samples);
    return { name: peer, samples, middle, label: `${rounded(middle)} ms` };
  });
  return {
    path: 'images/bench-restarts.svg',
    about: 'Time from `kill -9` to the restarted program: a dot for each restart, and the median',
    svg: dotPlot({
      title: 'From kill -9 until the program runs again, 100 jobs',
      unit: 'ms',
      rows: rows.toSorted((a, b) => a.middle - b.middle),
    }),
  };
}
