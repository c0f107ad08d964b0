// Small pictures of the results, as SVG: the axes are logarithmic, every line has its name where it ends, and
// the colours follow the reader's light or dark mode.

const FONT = 'Helvetica,Arial,"Liberation Sans",sans-serif';

/** In light and in dark mode. */
const COLORS = {
  overseer: ['#1d4ed8', '#7aa7ff'],
  floor: ['#64748b', '#94a3b8'],
  runit: ['#047857', '#34d399'],
  s6: ['#b45309', '#fbbf24'],
  daemontools: ['#7c3aed', '#b79cff'],
  systemd: ['#be185d', '#f472b6'],
  supervisord: ['#b91c1c', '#f87171'],
  pm2: ['#0e7490', '#22d3ee'],
  monit: ['#854d0e', '#d6a756'],
};

const colorRules = (mode) =>
  Object.entries(COLORS)
    .map(([name, colors]) => `.${name}{--c:${colors[mode]}}`)
    .join('');

const STYLE =
  `svg{--back:#fdfdfe;--ink:#1e293b;--faint:#5f6f86;--grid:#e2e8f0;--c:#334155}` +
  colorRules(0) +
  `text{font-family:${FONT};font-size:12px;fill:var(--faint)}` +
  `.title{font-size:14px;font-weight:bold;fill:var(--ink)}` +
  `.back{fill:var(--back)}.grid{stroke:var(--grid)}.line{fill:none;stroke:var(--c);stroke-width:1.5}` +
  `.lead{stroke:var(--c);stroke-width:.7;opacity:.45}.dot{fill:var(--c)}.cloud{fill:var(--c);opacity:.35}` +
  `.name{fill:var(--c)}.overseer .line{stroke-width:3}.overseer .name{font-weight:bold}` +
  `.floor .line{stroke-dasharray:4 3}.middle{stroke:var(--c);stroke-width:3}` +
  `@media(prefers-color-scheme:dark){` +
  `svg{--back:#0d1117;--ink:#f1f5f9;--faint:#9aa9bd;--grid:#27313f;--c:#cbd5e1}` +
  `${colorRules(1)}}`;

/** Positions at least `gap` apart, in the same order, as near to the wanted ones as that allows. */
export function spread(wanted, gap, [least, most]) {
  const order = wanted.map((at, index) => ({ at, index })).toSorted((a, b) => a.at - b.at);
  for (let at = least, next = 0; next < order.length; next += 1, at += gap)
    order[next].at = at = Math.max(order[next].at, at);
  for (let at = most, next = order.length - 1; next >= 0; next -= 1, at -= gap)
    order[next].at = at = Math.min(order[next].at, at);
  return order.toSorted((a, b) => a.index - b.index).map(({ at }) => at);
}

/** Powers of ten in a range; where there are fewer than two, also twice and five times such a power. */
export function ticks([least, most]) {
  const inRange = (factors) => {
    const found = [];
    for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power += 1)
      for (const factor of factors) found.push(Number((factor * 10 ** power).toPrecision(1)));
    return found.filter((tick) => tick >= least && tick <= most);
  };
  return inRange([1]).length >= 2 ? inRange([1]) : inRange([1, 2, 5]);
}

/** The cost of each peer over the number of jobs. */
export function linePlot({ title, unit, series }) {
  const [width, height] = [430, 300];
  const area = { left: 56, right: width - 98, top: 44, bottom: height - 44 };
  const points = series.flatMap((each) => each.points);
  const x = axis(
    points.map(([count]) => count),
    [area.left, area.right],
    1.15,
  );
  const y = axis(
    points.map(([, value]) => value),
    [area.bottom, area.top],
    1.25,
  );
  const ends = spread(
    series.map((each) => y.at(each.points.at(-1)[1])),
    14,
    [area.top, area.bottom],
  );
  const parts = [
    ...y.ticks.map(
      (tick) => horizontal(y.at(tick), area) + text(area.left - 8, y.at(tick) + 4, number(tick), 'end'),
    ),
    ...x.ticks.map((tick) => text(x.at(tick), area.bottom + 18, number(tick), 'middle')),
    text((area.left + area.right) / 2, height - 8, 'jobs', 'middle'),
    ...series.map(({ name, points: its }, index) => {
      const [endX, endY] = [x.at(its.at(-1)[0]), y.at(its.at(-1)[1])];
      const dots = its.map(([count, value]) => [x.at(count), y.at(value)]);
      return group(name, [
        line(endX + 4, endY, area.right + 12, ends[index], 'lead'),
        `<polyline class="line" points="${dots.map((dot) => dot.map(short).join(',')).join(' ')}"/>`,
        ...dots.map(([cx, cy]) => circle(cx, cy, 2.5, 'dot')),
        text(area.right + 15, ends[index] + 4, name, 'start', 'name'),
      ]);
    }),
  ];
  return picture({ title, unit, width, height, parts });
}

/** Every sample of each peer as a dot, its median as a bar with its value. */
export function dotPlot({ title, unit, rows }) {
  const step = 34;
  const [width, height] = [870, 72 + rows.length * step];
  const area = { left: 110, right: width - 100, top: 42, bottom: height - 30 };
  const x = axis(
    rows.flatMap(({ samples }) => samples),
    [area.left, area.right],
    1.25,
  );
  const parts = [
    ...x.ticks.map(
      (tick) =>
        line(x.at(tick), area.top, x.at(tick), area.bottom, 'grid') +
        text(x.at(tick), area.bottom + 18, number(tick), 'middle'),
    ),
    ...rows.map(({ name, samples, middle, label }, index) => {
      const at = area.top + (index + 0.5) * step;
      // Spread in a way that is the same each time.
      const cloud = samples.map((sample, nth) => circle(x.at(sample), at + ((nth * 7) % 17) - 8, 2, 'cloud'));
      return group(name, [
        text(area.left - 12, at + 4, name, 'end', 'name'),
        ...cloud,
        line(x.at(middle), at - 11, x.at(middle), at + 11, 'middle'),
        text(width - 16, at + 4, label, 'end', 'name'),
      ]);
    }),
  ];
  return picture({ title, unit, width, height, parts });
}

function axis(values, [from, to], room) {
  const range = [Math.min(...values) / room, Math.max(...values) * room];
  const [least, most] = range.map(Math.log10);
  return {
    ticks: ticks(range),
    at: (value) => from + ((Math.log10(value) - least) / (most - least)) * (to - from),
  };
}

const picture = ({ title, unit, width, height, parts }) =>
  `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(title)}" width="${width}" ` +
  `height="${height}" viewBox="0 0 ${width} ${height}" style="max-width:100%;height:auto">\n` +
  `<style>${STYLE}</style>\n<rect class="back" width="100%" height="100%" rx="10"/>\n` +
  `<text x="16" y="25"><tspan class="title">${escaped(title)}</tspan>, ${unit}</text>\n` +
  `${parts.join('\n')}\n</svg>\n`;

const short = (value) => String(Math.round(value * 10) / 10);
const number = (value) => value.toLocaleString('en');
const group = (name, parts) => `<g class="${name}">\n${parts.join('\n')}\n</g>`;
const horizontal = (y, { left, right }) => line(left, y, right, y, 'grid');
const circle = (cx, cy, r, name) => `<circle class="${name}" cx="${short(cx)}" cy="${short(cy)}" r="${r}"/>`;
const line = (x1, y1, x2, y2, name) =>
  `<line class="${name}" x1="${short(x1)}" y1="${short(y1)}" x2="${short(x2)}" y2="${short(y2)}"/>`;
const text = (x, y, words, anchor, name) => {
  const named = name === undefined ? '' : ` class="${name}"`;
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}"${named}>${escaped(words)}</text>`;
};
const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
