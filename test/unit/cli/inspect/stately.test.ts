import { createMachine } from 'xstate';
import { jobMachine } from '../../../../machines/job.ts';
import { graphOf } from '../../../../src/chart/graph.ts';
import { toJson } from '../../../../src/chart/json.ts';
import { toText } from '../../../../src/chart/text.ts';
import { InspectedCharts } from '../../../../src/cli/inspect/inspected-charts.ts';
import { statelyMessages } from '../../../../src/cli/inspect/stately.ts';
import type { Inspection } from '../../../../src/wire/messages.ts';

const AT = Date.UTC(2026, 0, 2);
const definitions = { daemon: '{"id":"daemon"}', job: toJson(jobMachine as never) };

const inspection = (type: string | null): Inspection => ({
  at: new Date(AT).toISOString(),
  machine: 'job',
  id: 'web',
  event: type === null ? null : { type },
  snapshot: {
    status: 'active',
    value: { child: { AtRest: 'Down' }, want: 'Unknown', test: { Idle: 'Quiet' } },
    context: { child: null, lastExit: null, ending: null, policy: { successCodes: [0] } },
  },
});

const charts = new InspectedCharts();
const [first, next] = [charts.take(inspection(null)), charts.take(inspection('Start'))];
const base = { _version: '0.7.2', createdAt: String(AT), rootId: 'job:web', sessionId: 'job:web' };

test('Stately is told who a new chart is, and its present snapshot right after that', () => {
  expect(statelyMessages(first, definitions)).toMatchObject([
    { ...base, type: '@xstate.actor', name: 'web', snapshot: { status: 'active' } },
    { ...base, type: '@xstate.snapshot', event: { type: 'xstate.init' }, snapshot: { status: 'active' } },
  ]);
});

test('Stately gets the event of each step and then its snapshot', () => {
  expect(statelyMessages(next, definitions)).toMatchObject([
    { ...base, type: '@xstate.event', event: { type: 'Start' } },
    { ...base, type: '@xstate.snapshot', event: { type: 'Start' }, snapshot: inspection(null).snapshot },
  ]);
});

test('the definition that Stately gets makes the same chart', () => {
  const [actor] = statelyMessages(first, definitions);
  const copy = createMachine(
    JSON.parse(actor.type === '@xstate.actor' ? (actor.definition ?? '') : '') as never,
    jobMachine.implementations as never,
  );
  expect(toText(graphOf(copy))).toBe(toText(graphOf(jobMachine as never)));
});

test('the daemon has a definition of its own', () => {
  const daemon = new InspectedCharts().take({ ...inspection(null), machine: 'daemon', id: '42' });
  expect(statelyMessages(daemon, definitions)[0]).toMatchObject({
    name: 'overseerd',
    definition: definitions.daemon,
  });
});
