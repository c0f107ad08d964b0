import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { jobMachine } from '../../machines/job.ts';
import { toDot, type DotOptions } from '../chart/picture/dot.ts';
import { drawnArrows, drawnArrowsOfSome } from '../chart/drawn-arrows.ts';
import { graphOf, type Graph } from '../chart/graph.ts';
import { toJson } from '../chart/json.ts';
import { toMermaid } from '../chart/mermaid.ts';
import { simpleView } from '../chart/simple-view.ts';
import { toSvg, toSvgColumn } from '../chart/picture/svg.ts';
import { toText } from '../chart/text.ts';
import type { DrawnArrows } from '../plan/taken-arrows.ts';
export { graphSvg } from './graph/graph-svg.ts';
import { CHART_NAMES, type ChartFormat, type ChartName } from './chart-names.ts';

const MACHINES: Readonly<Record<ChartName, unknown>> = {
  daemon: daemonMachine,
  client: clientMachine,
  job: jobMachine,
};

/** Draws one chart. A simple drawing has few words; for the job it shows only the life of the child. */
export async function drawChart(
  name: ChartName,
  format: ChartFormat,
  { simple }: { readonly simple: boolean },
): Promise<string> {
  const [graph, view] = pictured(name, simple);
  switch (format) {
    case 'text':
      return toText(graph);
    case 'json':
      return toJson(MACHINES[name] as AnyStateMachine);
    case 'mermaid':
      return toMermaid(graph, view);
    case 'dot':
      return toDot(graph, view);
    case 'svg':
      return toSvg(graph, view);
    default:
      return format satisfies never;
  }
}

/** The arrows in the simple or in the full picture of a chart. */
export function arrowsOf(name: ChartName, { simple }: { readonly simple: boolean }): DrawnArrows {
  const chart = graphOf(MACHINES[name] as AnyStateMachine);
  const { graph } = simpleView(chart);
  return simple && graph !== chart ? drawnArrowsOfSome(chart, graph) : drawnArrows(chart);
}

const byName = (charts: readonly (readonly [ChartName, string])[]): unknown =>
  Object.fromEntries(charts.map(([name, text]) => [name, JSON.parse(text)]));

/** All charts in one text, one object, one picture, or one after the other with a comment before each. */
export async function drawAll(
  format: ChartFormat,
  { simple }: { readonly simple: boolean },
): Promise<string> {
  if (format === 'svg') return toSvgColumn(CHART_NAMES.map((name) => pictured(name, simple)));
  const charts = await Promise.all(
    CHART_NAMES.map(async (name) => [name, await drawChart(name, format, { simple })] as const),
  );
  switch (format) {
    case 'text':
      return charts.map(([, text]) => text).join('\n');
    case 'json':
      return `${JSON.stringify(byName(charts), null, 2)}\n`;
    case 'mermaid':
      return charts.map(([name, text]) => `%% ${name}\n${text}`).join('\n');
    case 'dot':
      return charts.map(([name, text]) => `// ${name}\n${text}`).join('\n');
    default:
      return format satisfies never;
  }
}

function pictured(name: ChartName, simple: boolean): readonly [Graph, DotOptions] {
  const graph = graphOf(MACHINES[name] as AnyStateMachine);
  if (!simple) return [graph, {}];
  const picture = simpleView(graph);
  return [picture.graph, picture.view];
}
