import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { transformSync } from 'esbuild';
import type { AnyStateMachine } from 'xstate';
import * as xstate from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { hookMachine } from '../../machines/hook.ts';
import { jobMachine } from '../../machines/job.ts';
import type { Graph } from '../../src/chart/graph.ts';
import { graphOf, transitionsOf } from '../../src/chart/graph.ts';
import { toJson } from '../../src/chart/json.ts';
import { toMermaid } from '../../src/chart/mermaid.ts';
import { toText } from '../../src/chart/text.ts';
import { circleIn, lostImports, ROOT, sourcesIn } from '../support/sources.ts';

const CHARTS = [
  { name: 'daemon', machine: daemonMachine as AnyStateMachine, effectType: 'DaemonEffect' },
  { name: 'client', machine: clientMachine as AnyStateMachine, effectType: 'ClientEffect' },
  { name: 'job', machine: jobMachine as AnyStateMachine, effectType: 'JobEffect' },
  { name: 'hook', machine: hookMachine as AnyStateMachine, effectType: 'HookEffect' },
] as const;

describe.each(CHARTS)('machines/$name.ts', ({ name, machine, effectType }) => {
  const source = readFileSync(join(ROOT, `machines/${name}.ts`), 'utf8');
  const graph = graphOf(machine);

  test('a chart without its types, with the names of xstate, draws the same picture', () => {
    expect(pictureOf(graphOf(openedAlone(source, `${name}Machine`)))).toEqual(pictureOf(graph));
  });

  test('a chart draws the same picture from its JSON', () => {
    const { implementations } = machine;
    const copy = xstate.createMachine(JSON.parse(toJson(machine)) as never, implementations as never);
    expect(pictureOf(graphOf(copy))).toEqual(pictureOf(graph));
  });

  test('a chart is one literal: its own id, no computed keys, spreads or inline functions', () => {
    const literal = source.slice(source.indexOf('.createMachine({')).split('\n});')[0] ?? '';
    expect(literal).toMatch(new RegExp(`^\\.createMachine\\(\\{\\s+id: '${name}',`));
    const states = literal.slice(literal.indexOf('initial:'));
    expect(states.match(/=>|\bfunction\b|\.\.\.|\n\s*\[/g)).toBeNull();
    expect(functionsIn(machine.config).filter((path) => path !== 'context')).toEqual([]);
  });

  test('each action, guard and delay of a chart is implemented, and nothing else is', () => {
    const { actions, guards, delays } = machine.implementations;
    const named = {
      actions: unique([
        ...graph.nodes.flatMap(({ entry, exit }) => [...entry, ...exit]),
        ...graph.edges.flatMap((edge) => edge.actions),
      ]),
      delays: unique(graph.edges.filter(({ trigger }) => trigger === 'after').map((edge) => edge.name)),
    };
    expect(Object.keys(actions).toSorted()).toEqual(named.actions);
    expect(Object.keys(delays).toSorted()).toEqual(named.delays);
    const missing = graph.edges
      .map(({ guard }) => guard)
      .filter((guard) => guard !== null && !(guard in guards));
    expect(missing).toEqual([]);
    const unused = Object.keys(guards).filter(
      (guard) => (source.match(new RegExp(`\\b${guard}\\b`, 'g'))?.length ?? 0) < 2,
    );
    expect(unused).toEqual([]);
  });

  test('each state with states has an initial one, and each can be entered', () => {
    const lost = graph.nodes.filter(
      ({ kind, initial }) => kind === 'compound' && !graph.nodes.some(({ id }) => id === initial),
    );
    expect(lost).toEqual([]);
    const entered = new Set([
      ...graph.edges.map(({ to }) => to),
      ...graph.nodes.map(({ initial }) => initial),
    ]);
    const regions = new Set(graph.nodes.filter(({ kind }) => kind === 'parallel').map(({ id }) => id));
    const isEntered = (id: string, parent: string | null): boolean =>
      parent === null ||
      regions.has(parent) ||
      [...entered].some((to) => to === id || to?.startsWith(`${id}.`));
    expect(graph.nodes.filter(({ id, parent }) => !isEntered(id, parent))).toEqual([]);
  });

  test('the effects that the type of a chart lists are its empty actions', () => {
    const listed = new RegExp(`export type ${effectType} =([^;]+);`).exec(source)?.[1] ?? '';
    const empty = Object.entries(machine.implementations.actions).filter(
      ([, action]) => !isAssignment(action),
    );
    expect(unique([...listed.matchAll(/'(\w+)'/g)].map(([, effect = '']) => effect))).toEqual(
      unique(empty.map(([effect]) => effect)),
    );
    expect(empty.filter(([, action]) => !/^\(\) => \{\s*\}$/.test(String(action)))).toEqual([]);
  });

  test('the picture of a chart has each state and each transition once', () => {
    const mermaid = toMermaid(graph);
    expect(mermaid.match(/^ *state "/gm)).toHaveLength(
      graph.nodes.length - (machine.root.type === 'parallel' ? 0 : 1),
    );
    expect(mermaid.match(/^ {2}\w+ --> \w+ : /gm)).toHaveLength(transitionsOf(machine).length);
    const words = toText(graph).split('\n');
    expect(words.filter((line) => /^ +\S.*( [DCJH]-\d+| refined)$/.test(line))).toHaveLength(
      transitionsOf(machine).length,
    );
  });
});

describe('the rooms of the repository', () => {
  const machines = sourcesIn('machines');
  const src = sourcesIn('src');

  test('every import of the repository leads to a file that is there', () => {
    expect(src.length).toBeGreaterThan(50);
    expect(lostImports([...machines, ...src])).toEqual([]);
  });

  test('no imports go in a circle', () => {
    expect(circleIn([...machines, ...src])).toBeNull();
  });

  test('only bin/ ends the process', () => {
    expect(
      src
        .filter(({ text }) => /\bprocess\s*\.\s*(exit|abort|reallyExit)\b(?!\w)/.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  test('only test/support/model.ts imports the graph package', () => {
    const importers = sourcesIn('test', 'src', 'machines').filter(({ imports }) =>
      imports.some((name) => /^(@xstate|xstate)\/graph$/.test(name)),
    );
    expect(importers.map(({ path }) => path)).toEqual(['test/support/model.ts']);
  });
});

/** What an editor does that knows nothing but xstate: it strips types and imports, and evaluates the rest. */
function openedAlone(source: string, name: string): AnyStateMachine {
  const { code } = transformSync(source, { loader: 'ts', format: 'esm', target: 'node20' });
  const bare = code
    .replace(/^import \{[^}]*\} from "xstate";$/m, '')
    .replace(/^export \{[^}]*\};$/gm, '')
    .replace(/^export /gm, '');
  return runInNewContext(`${bare}\n${name}`, { ...xstate }) as AnyStateMachine;
}

function pictureOf(graph: Graph): readonly string[] {
  return [toMermaid(graph), toText(graph)];
}

/** Paths of the functions in a config, however deep. */
function functionsIn(value: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof value === 'function') return [path.join('.')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => functionsIn(inner, [...path, key]));
}

function isAssignment(action: unknown): boolean {
  return (action as { readonly type?: string }).type === 'xstate.assign';
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
