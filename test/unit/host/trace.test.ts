import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { daemonMachine } from '../../../machines/daemon.ts';
import type { Step } from '../../../src/host/chart-host.ts';
import { ChartHost } from '../../../src/host/chart-host.ts';
import { traceRecord } from '../../../src/host/trace.ts';
import { openTrace } from '../../../src/host/open-trace.ts';
import { conforms } from '../../e2e/support/conforms.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'overseer-trace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the daemon chart to its loop, writing a trace of what `told` makes of each step. */
function run(told: (step: Step<typeof daemonMachine>) => Step<typeof daemonMachine>): string {
  const path = join(folder, 'trace');
  const trace = openTrace(path);
  const keep = (step: Step<typeof daemonMachine>): void => trace(traceRecord('daemon', '1', told(step)));
  const host = new ChartHost({
    machine: daemonMachine,
    clock: new FakeClock(),
    keep,
    perform: () => undefined,
  });
  host.begin(undefined);
  host.post({ type: 'Success' });
  host.post({ type: 'Success' });
  return path;
}

test('a trace of what ran is accepted by the chart that is drawn', () => {
  expect(conforms(run((step) => step))).toEqual({ client: 0, daemon: 3, job: 0 });
});

test('a step that the chart would not take is found', () => {
  const path = run((step) =>
    step.before === null ? step : { ...step, after: { ...step.after, value: 'Done' } as never },
  );
  expect(() => conforms(path)).toThrow('is drawn {"value":"OpenSocket"');
});

test('an effect that the chart did not ask for is found', () => {
  const path = run((step) => ({ ...step, effects: [...step.effects, 'shutDown'] }));
  expect(() => conforms(path)).toThrow('is drawn {"value":"InitHomes"');
});
