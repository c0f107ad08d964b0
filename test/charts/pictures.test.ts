import type { AnyStateMachine } from 'xstate';
import { createMachine } from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { jobMachine } from '../../machines/job.ts';
import { toDot } from '../../src/chart/picture/dot.ts';
import { graphOf, transitionsOf } from '../../src/chart/graph.ts';
import { DARK, LIGHT } from '../../src/chart/picture/colors.ts';
import { simpleView } from '../../src/chart/simple-view.ts';
import { toSvg } from '../../src/chart/picture/svg.ts';
import { toText } from '../../src/chart/text.ts';
import { answering, run, type Outcome } from '../support/fake-cli.ts';

const CHARTS = [
  { name: 'daemon', machine: daemonMachine as AnyStateMachine },
  { name: 'client', machine: clientMachine as AnyStateMachine },
  { name: 'job', machine: jobMachine as AnyStateMachine },
] as const;

const sorted = (words: readonly string[]): readonly string[] => words.toSorted();
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, word = '']) => word);

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function areaOf(rectangle: string): Area {
  const [x = 0, y = 0, width = 0, height = 0] = ['x', 'y', 'width', 'height'].map((name) =>
    Number(new RegExp(` ${name}="([\\d.]+)"`).exec(rectangle)?.[1]),
  );
  return { x, y, width, height };
}

const isOver = (one: Area, other: Area): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

describe.each(CHARTS)('the picture of the $name chart', ({ machine }) => {
  const graph = graphOf(machine);
  const inner = graph.nodes.filter(({ id }) => id !== graph.id);
  const crossing = graph.edges.filter(({ isInternal }) => !isInternal);
  const ends = sorted([...new Set(crossing.map(({ from, to }) => `${from}..${to}`))]);

  test('the DOT picture has each state once, and one arrow between two states', () => {
    const dot = toDot(graph);
    const leaves = found(dot, /^ +"([\w.]+)" \[label=/gm);
    const clusters = found(dot, /subgraph "cluster_([\w.]+)"/g);
    expect(sorted([...leaves, ...clusters])).toEqual(sorted(inner.map(({ id }) => id)));
    expect(sorted(found(dot, /id="([\w.]+)"/g))).toEqual(ends);
  });

  test('the DOT picture says each event, guard, action and delay', () => {
    const words = new Set(toDot(graph).match(/\w+/g));
    const said = graph.edges.flatMap(({ name, guard, actions }) => [name, guard ?? '', ...actions]);
    const deeds = graph.nodes.flatMap(({ entry, exit }) => [...entry, ...exit]);
    expect([...said, ...deeds].filter((word) => word !== '' && !words.has(word))).toEqual([]);
  });

  test('the SVG names the group of each state and arrow, so that a page can light them up', async () => {
    const svg = await toSvg(graph);
    expect(sorted(found(svg, /<title>([^<]+)<\/title>/g))).toEqual(sorted(inner.map(({ id }) => id)));
    expect(sorted(found(svg, /<g id="([\w.]+)" class="edge arrow">/g))).toEqual(ends);
  });

  test('the SVG needs no other file, and each of its colours has one for dark pages', async () => {
    const svg = await toSvg(graph);
    expect(svg.match(/href|url\(|<script|<image|<!/g)).toBeNull();
    const known: readonly string[] = Object.values(LIGHT);
    const used = found(svg, / (?:fill|stroke)="(#[^"]+)"/g);
    expect(used.filter((colour) => !known.includes(colour))).toEqual([]);
    expect(known.map((colour) => svg.includes(`[fill="${colour}"]{fill:`))).toEqual(known.map(() => true));
  });

  test.each([{ graph, view: {} }, simpleView(graph)])(
    'the SVG has no words over a state or over other words: $view',
    async (picture) => {
      const svg = await toSvg(picture.graph, picture.view);
      const states = found(svg, /<g class="node state">\n<title>[^<]+<\/title>\n(<rect [^>]+>)/g);
      const tags = found(svg, /(<rect [^>]+ stroke-width="0.7"\/>)/g);
      expect(tags.length).toBeGreaterThan(8);
      const areas = [...states, ...tags].map(areaOf);
      const collisions = areas.flatMap((area, index) =>
        areas.slice(index + 1).filter((other) => isOver(area, other)),
      );
      expect(collisions).toEqual([]);
    },
  );

  test('the picture of a chart is the same each time', async () => {
    expect(await toSvg(graph)).toBe(await toSvg(graphOf(machine)));
  });
});

test('no two colours of a picture are the same, on a light page or on a dark one', () => {
  for (const palette of [LIGHT, DARK])
    expect(new Set(Object.values(palette)).size).toBe(Object.keys(LIGHT).length);
});

test('a final state has two borders, a region a dashed one', async () => {
  const daemon = await toSvg(graphOf(daemonMachine as unknown as AnyStateMachine));
  const done = daemon.slice(daemon.indexOf('<title>daemon.Done</title>')).split('</g>')[0];
  expect(done?.match(/<rect /g)).toHaveLength(2);
  const job = await toSvg(graphOf(jobMachine as unknown as AnyStateMachine));
  expect(
    job.match(/class="cluster region">\n<title>[^<]+<\/title>\n<rect [^>]*stroke-dasharray/g),
  ).toHaveLength(3);
});

describe('the life of a job in one simple picture', () => {
  const { graph, view } = simpleView(graphOf(jobMachine as unknown as AnyStateMachine));

  test('the simple picture has nine states and thirteen arrows, and fits a page', async () => {
    expect(graph.nodes.slice(1).map(({ key }) => key)).toEqual([
      'Down',
      'Waiting',
      'Starting',
      'Running',
      'Ending',
      'Finished',
      'Backoff',
      'Failed',
      'GivenUp',
    ]);
    const svg = await toSvg(graph, view);
    expect(graph.edges).toHaveLength(13);
    expect(Number(/width="(\d+)"/.exec(svg)?.[1])).toBeLessThan(720);
  });

  test('each arrow of the simple picture is a transition of the chart', () => {
    const transitions = new Set(transitionsOf(jobMachine as unknown as AnyStateMachine).map(({ id }) => id));
    expect(graph.edges.filter(({ id }) => !transitions.has(id))).toEqual([]);
  });

  test('the simple picture of a chart that lacks a transition has no arrow for it', () => {
    const whole = graphOf(jobMachine as unknown as AnyStateMachine);
    const edges = whole.edges.filter(({ meta }) => meta.spec !== 'J-40');
    expect(simpleView({ ...whole, edges }).graph.edges).toHaveLength(12);
  });
});

describe('overseer machines', () => {
  const machines = (words: string): Promise<Outcome> => run(`machines ${words}`, answering(null));

  test('machines prints all charts as text, needs no daemon, and takes a name', async () => {
    const texts = CHARTS.map(({ machine }) => toText(graphOf(machine)));
    expect(await machines('')).toEqual({ code: 0, out: texts.join('\n'), err: '' });
    expect(await machines('client')).toEqual({ code: 0, out: texts[1], err: '' });
  });

  test.each(CHARTS)(
    'machines prints $name as JSON that createMachine takes for the same chart',
    async ({ name, machine }) => {
      const { out } = await machines(`${name} --format json`);
      const copy = createMachine(JSON.parse(out) as never, machine.implementations as never);
      expect(toText(graphOf(copy))).toBe(toText(graphOf(machine)));
      expect(JSON.parse((await machines('--json')).out)).toMatchObject({ [name]: JSON.parse(out) as object });
    },
  );

  test('machines draws one chart, in few words when asked', async () => {
    const job = graphOf(jobMachine as unknown as AnyStateMachine);
    const simple = simpleView(job);
    expect((await machines('job --format dot --simple')).out).toBe(toDot(simple.graph, simple.view));
    expect((await machines('job --format svg')).out).toBe(await toSvg(job));
    expect((await machines('daemon --format mermaid')).out).toMatch(/^stateDiagram-v2\n/);
  });

  test('machines refuses what it does not know, with the nearest word', async () => {
    const refusals = ['jib', 'job --format svgg', 'job --simple'].map(async (words) => {
      const { code, err } = await machines(words);
      return `${code} ${err.split('\n')[0]}`;
    });
    expect(await Promise.all(refusals)).toEqual([
      '64 overseer: there is no chart jib: did you mean "job"?; there are daemon, client, job',
      '64 overseer: there is no format svgg: did you mean "svg"?; there are text, json, mermaid, dot, svg',
      '64 overseer: --simple is for --format mermaid, dot and svg',
    ]);
  });
});
