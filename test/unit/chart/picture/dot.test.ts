import { toDot } from '../../../../src/chart/picture/dot.ts';
import { graphOf } from '../../../../src/chart/graph.ts';
import { SMALL_CHART } from '../../../support/small-chart.ts';

const graph = graphOf(SMALL_CHART);
const rows = (dot: string): readonly string[] => dot.split('\n').map((line) => line.trimStart());

/** A label as Graphviz takes it: blocks of lines. */
const label = (...blocks: readonly (readonly string[])[]): string =>
  `label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">${blocks
    .map(
      (lines) =>
        `<TR><TD ALIGN="LEFT">${lines.map((line) => `${line}<BR ALIGN="LEFT"/>`).join('')}</TD></TR>`,
    )
    .join('')}</TABLE>>`;
const named = (name: string, ...deeds: readonly string[]): string =>
  label(
    [`<B>${name}</B>`],
    ...(deeds.length === 0
      ? []
      : [deeds.map((deed) => `<FONT POINT-SIZE="10" COLOR="#334155">${deed}</FONT>`)]),
  );
const guard = (text: string): string => `<FONT COLOR="#64748b"> [${text}]</FONT>`;
const cluster = (name: string, look: string): string =>
  `graph [${named(name)}, labeljust="l", ${look}, margin="14", `;
const REGION = 'style="rounded,filled,dashed", fillcolor="#f8fafc", color="#cbd5e1"';
const COMPOSITE = 'style="rounded,filled", fillcolor="#eef2f7", color="#94a3b8"';
const start = (id: string): string =>
  `"${id} start" [shape=circle, style=filled, width=0.13, height=0.13, fixedsize=true, label="", ` +
  'fillcolor="#1e293b", color="#1e293b", class="start"];';

test('a chart for Graphviz has a cluster for each state with others inside it', () => {
  const [head, page, nodes, edges, ...rest] = rows(toDot(graph));
  expect(head).toBe('digraph "door" {');
  expect([page, nodes, edges].map((line) => line?.split(' ')[0])).toEqual(['graph', 'node', 'edge']);
  expect(rest).toEqual([
    'subgraph "cluster_door.lock" {',
    `${cluster('lock', REGION)}class="region"];`,
    start('door.lock'),
    '"door.lock start" -> "door.lock.Open" [class="start"];',
    `"door.lock.Open" [${named('Open', 'entry / greet', 'exit / leave', 'exit / note', 'Ring / note')}, class="state"];`,
    'subgraph "cluster_door.lock.Shut" {',
    `${cluster('Shut', COMPOSITE)}class="composite"];`,
    start('door.lock.Shut'),
    '"door.lock.Shut start" -> "door.lock.Shut.Loose" [class="start"];',
    `"door.lock.Shut.Loose" [${named('Loose')}, class="state"];`,
    `"door.lock.Shut.Tight" [${named('Tight')}, class="state"];`,
    '}',
    `"door.lock.Gone" [${named('Gone')}, class="state", peripheries="2"];`,
    '}',
    'subgraph "cluster_door.light" {',
    `${cluster('light', REGION)}class="region"];`,
    start('door.light'),
    '"door.light start" -> "door.light.Off" [class="start"];',
    `"door.light.Off" [${named('Off')}, class="state"];`,
    `"door.light.On" [${named('On')}, class="state"];`,
    '}',
    `"door.lock.Open" -> "door.lock.Shut.Loose" [${label([`Close${guard('isReady')} / note`])}, ` +
      'lhead="cluster_door.lock.Shut", id="door.lock.Open..door.lock.Shut", class="arrow"];',
    `"door.lock.Open" -> "door.lock.Gone" [${label(['Close'])}, ` +
      'id="door.lock.Open..door.lock.Gone", class="arrow"];',
    `"door.lock.Open" -> "door.lock.Shut.Loose" [${label(['after patience'])}, ` +
      'lhead="cluster_door.lock.Shut", dir="back", id="door.lock.Shut..door.lock.Open", class="arrow"];',
    `"door.lock.Shut.Loose" -> "door.lock.Shut.Tight" [${label([`Turn${guard('isCurrentRun')}`])}, ` +
      'id="door.lock.Shut.Loose..door.lock.Shut.Tight", class="arrow"];',
    `"door.light.Off" -> "door.light.On" [${label([`always${guard('isReady')}`])}, ` +
      'id="door.light.Off..door.light.On", class="arrow"];',
    '}',
    '',
  ]);
});

test('what is inside another is indented by two more', () => {
  const indents = toDot(graph)
    .split('\n')
    .filter((line) => /subgraph|\[label=<.*<B>|start" (\[|->)/.test(line))
    .map((line) => line.length - line.trimStart().length);
  expect(indents).toEqual([2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 4, 2, 4, 4, 4, 4, 4]);
});

test('a region in few words has no deeds, and as a box what is deeper than asked', () => {
  expect(rows(toDot(graph, { guards: false, actions: false, region: 'lock', depth: 1 })).slice(4)).toEqual([
    start('door.lock'),
    '"door.lock start" -> "door.lock.Open" [class="start"];',
    `"door.lock.Open" [${named('Open')}, class="state"];`,
    `"door.lock.Shut" [${named('Shut')}, class="state"];`,
    `"door.lock.Gone" [${named('Gone')}, class="state", peripheries="2"];`,
    `"door.lock.Open" -> "door.lock.Shut" [${label([`Close${guard('is ready')}`])}, ` +
      'id="door.lock.Open..door.lock.Shut", class="arrow"];',
    `"door.lock.Open" -> "door.lock.Gone" [${label(['Close'])}, ` +
      'id="door.lock.Open..door.lock.Gone", class="arrow"];',
    `"door.lock.Open" -> "door.lock.Shut" [${label(['after patience'])}, dir="back", ` +
      'id="door.lock.Shut..door.lock.Open", class="arrow"];',
    '}',
    '',
  ]);
});

test('arrows between two states share one, and those of the chart itself are left out', () => {
  const [close] = graph.edges;
  const more = [
    { ...close!, id: 'a', name: 'Slam', guard: null, actions: [] },
    { ...close!, id: 'b', name: 'Quit', from: 'door' },
  ];
  const arrows = rows(toDot({ ...graph, edges: [...graph.edges, ...more] })).filter((row) =>
    row.includes(' id='),
  );
  expect(arrows.length).toBe(5);
  expect(arrows[0]).toContain(label([`Close${guard('isReady')} / note`, 'Slam']));
  expect(arrows.join()).not.toContain('Quit');
});

test('an arrow out of a state, or from it to one inside, is cut only where it leaves', () => {
  const arrow = (from: string, to: string): string | undefined => {
    const [close] = graph.edges;
    const edges = [{ ...close!, from: `door.lock.${from}`, to: `door.lock.${to}` }];
    return rows(toDot({ ...graph, edges }))
      .find((row) => row.includes(' id='))
      ?.replace(/\[label=.*>>, /, '');
  };
  expect([arrow('Shut', 'Gone'), arrow('Shut', 'Shut.Tight'), arrow('Shut.Tight', 'Gone')]).toEqual([
    '"door.lock.Shut.Loose" -> "door.lock.Gone" ltail="cluster_door.lock.Shut", ' +
      'id="door.lock.Shut..door.lock.Gone", class="arrow"];',
    '"door.lock.Shut.Loose" -> "door.lock.Shut.Tight" id="door.lock.Shut..door.lock.Shut.Tight", class="arrow"];',
    '"door.lock.Shut.Tight" -> "door.lock.Gone" id="door.lock.Shut.Tight..door.lock.Gone", class="arrow"];',
  ]);
});
