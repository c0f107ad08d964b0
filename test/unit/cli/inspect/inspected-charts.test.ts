import { InspectedCharts, type ShownStep } from '../../../../src/cli/inspect/inspected-charts.ts';
import type { Inspection } from '../../../../src/wire/messages.ts';

const inspection = (id: string, type: string | null, status = 'active'): Inspection => ({
  at: '2026-01-02T00:00:00.000Z',
  machine: 'job',
  id,
  event: type === null ? null : { type },
  taken: type === null ? [] : ['job.want.No Start 0'],
  snapshot: {
    status,
    value: { child: { Up: 'Running' }, want: 'Yes', test: { Idle: 'Quiet' } },
    context: { child: { pid: 42 }, lastExit: null, ending: null, policy: { successCodes: [0] } },
  },
});

const shortly = ({ sessionId, event, taken }: ShownStep): unknown => [sessionId, event?.type ?? null, taken];

test('a new chart is shown in its state, a known one with its step and the transitions taken', () => {
  const charts = new InspectedCharts();
  expect(shortly(charts.take(inspection('web', 'xstate.init')))).toEqual(['job:web', null, []]);
  const step = charts.take(inspection('web', 'Start'));
  expect(shortly(step)).toEqual(['job:web', 'Start', ['job.want.No Start 0']]);
  expect(step.look).toEqual({ state: 'running', words: 'running', tone: 'up' });
  expect(charts.present().map(shortly)).toEqual([['job:web', null, []]]);
});

test('a job that is called daemon and the daemon itself are kept apart', () => {
  const charts = new InspectedCharts();
  charts.take({ ...inspection('daemon', null), machine: 'daemon', id: '42' });
  charts.take(inspection('daemon', null));
  expect(charts.present().map(({ sessionId, name, look }) => [sessionId, name, look === null])).toEqual([
    ['daemon:42', 'overseerd', true],
    ['job:daemon', 'daemon', false],
  ]);
});

test('viewers that connect later do not get a removed job', () => {
  const charts = new InspectedCharts();
  charts.take(inspection('web', null));
  expect(shortly(charts.take(inspection('web', 'Remove', 'stopped')))).toEqual([
    'job:web',
    'Remove',
    ['job.want.No Start 0'],
  ]);
  expect(charts.present()).toEqual([]);
});

/** How a job looks in this state of its child, after an exit with 3. */
function lookIn(child: object, context: object = {}): unknown {
  const { snapshot, ...rest } = inspection('web', null);
  const exit = { code: 3, signal: null, at: '2026-01-02T00:00:00.000Z' };
  const whole = { ...(snapshot.context as object), lastExit: exit, ending: 'itself', ...context };
  const value = { ...(snapshot.value as object), child };
  return new InspectedCharts().take({ ...rest, snapshot: { ...snapshot, value, context: whole } }).look;
}

test('a look at a job has its last exit where that explains its state, as status has it', () => {
  expect([
    lookIn({ AtRest: { Ended: 'Failed' } }),
    lookIn({ Waiting: 'ForTime' }),
    lookIn({ Waiting: 'ForTime' }, { policy: { successCodes: [3] } }),
    lookIn({ Ending: 'Stopping' }),
    lookIn({ Ending: 'Stopping' }, { ending: 'asked' }),
  ]).toEqual([
    { state: 'failed', words: 'failed (exit 3)', tone: 'bad' },
    { state: 'waiting', words: 'waiting (exit 3)', tone: 'wait' },
    { state: 'waiting', words: 'waiting', tone: 'wait' },
    { state: 'stopping', words: 'stopping (exit 3)', tone: 'bad' },
    { state: 'stopping', words: 'stopping', tone: 'busy' },
  ]);
});
