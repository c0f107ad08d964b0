import { runInThisContext } from 'node:vm';
import { build } from 'esbuild';
import { clientMachine } from '../../machines/client.ts';
import * as steps from '../../src/host/chart-step.ts';
import { ROOT } from '../support/sources.ts';

interface Chart {
  readonly clientMachine: typeof clientMachine;
  readonly firstStep: typeof steps.firstStep;
  readonly nextStep: typeof steps.nextStep;
}

/** The client chart as the bundle of `status` has it: without XState. */
async function flatChart(): Promise<Chart> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from './machines/client.ts'; export * from './src/host/chart-step.ts';`,
      resolveDir: ROOT,
    },
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'chart',
    alias: { xstate: './src/host/flat-chart.ts' },
  });
  return runInThisContext(`${outputFiles[0]?.text ?? ''}; chart;`) as Chart;
}

const EVENTS = [
  { type: 'Success' },
  { type: 'Failure', detail: 'the reason' },
  { type: 'Progress' },
  { type: 'Unheard' },
] as never[];

type Taken = steps.StepResult<typeof clientMachine>;

/** Everything of a step that a host sees. */
const seen = ({ after, asked }: Taken): unknown => {
  const { status, value, context } = after;
  return { status, value, context, asked: asked.map(({ type }) => type) };
};

test.each([true, false])(
  'T-1402 without XState the client chart takes the same steps, whatever happens (mayLaunch: %p)',
  async (mayLaunch) => {
    const flat = await flatChart();
    const charts: readonly Chart[] = [{ clientMachine, ...steps }, flat];
    const begun = charts.map((chart) => chart.firstStep(chart.clientMachine, { mayLaunch }));
    const known = new Set<string>();
    const open = [begun];
    for (let both = open.pop(); both !== undefined; both = open.pop()) {
      const [one, other] = both.map(seen);
      expect(other).toEqual(one);
      const key = JSON.stringify(one);
      if (known.has(key)) continue;
      known.add(key);
      for (const event of EVENTS)
        open.push(
          charts.map((chart, at) => chart.nextStep(chart.clientMachine, (both[at] as Taken).after, event)),
        );
    }
    // Another number means that the walk ends too early, or that the chart has changed.
    expect(known.size).toBe(mayLaunch ? 162 : 29);
  },
);
