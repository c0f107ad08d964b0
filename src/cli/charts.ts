import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import { jobMachine } from '../../machines/job.ts';
import { toDot } from '../chart/dot.ts';
import { graphOf } from '../chart/graph.ts';
import { toJson } from '../chart/json.ts';
import { toMermaid } from '../chart/mermaid.ts';
import { simpleView } from '../chart/simple-view.ts';
import { toSvg } from '../chart/svg.ts';
import { toText } from '../chart/text.ts';
import { CHART_NAMES, type ChartFormat, type ChartName } from './chart-names.ts';

const MACHINES: Readonly<Record<ChartName, unknown>> = { daemon: daemonMachine, client: clientMachine, job: jobMachine };

/** One chart in one format. A simple one has few words and, of the job, only how its child lives. */
export async function drawChart(name: ChartName, format: ChartFormat, { simple }: { readonly simple: boolean }): Promise<string> {
  const graph = graphOf(MACHINES[name] as AnyStateMachine);
  const view = simple ? simpleView(graph) : {};
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

/** All charts in one text, or in one object. */
export async function drawAll(format: 'text' | 'json'): Promise<string> {
  const texts = await Promise.all(CHART_NAMES.map((name) => drawChart(name, format, { simple: false })));
  if (format === 'text') return texts.join('\n');
  return `${JSON.stringify(Object.fromEntries(CHART_NAMES.map((name, index) => [name, JSON.parse(texts[index] as string)])), null, 2)}\n`;
}
