import { InspectedCharts } from '../../../../src/cli/inspect/stately.ts';
import type { Inspection } from '../../../../src/wire/messages.ts';

const AT = Date.UTC(2026, 0, 2);

const at = new Date(AT).toISOString();

describe('the messages for the inspector', () => {
  const definitions = { daemon: '{"id":"daemon"}', job: '{"id":"job"}' };

  const base = { _version: '0.7.2', createdAt: String(AT), id: null };

  const inspection = (id: string, type: string | null, status = 'active'): Inspection => {
    const event = type === null ? null : { type };
    return { at, machine: 'job', id, event, snapshot: { status, value: { child: 'Down' }, context: {} } };
  };

  test('the messages are an actor for a new chart, and an event and a snapshot for each known step', () => {
    const charts = new InspectedCharts(definitions);
    const { snapshot } = inspection('web', null);
    const ids = { rootId: 'job:web', sessionId: 'job:web' };
    const actor = {
      ...base,
      ...ids,
      type: '@xstate.actor',
      name: 'web',
      definition: definitions.job,
      snapshot,
    };
    expect(charts.take(inspection('web', 'xstate.init'))).toEqual([actor]);
    expect(charts.take(inspection('web', 'Start'))).toEqual([
      { ...base, ...ids, type: '@xstate.event', event: { type: 'Start' } },
      { ...base, ...ids, type: '@xstate.snapshot', event: { type: 'Start' }, snapshot },
    ]);
    expect(charts.present()).toEqual([actor]);
  });

  test('keep a job that is called daemon and the daemon apart', () => {
    const charts = new InspectedCharts(definitions);
    charts.take({ ...inspection('daemon', null), machine: 'daemon', id: '42' });
    charts.take(inspection('daemon', null));
    expect(
      charts
        .present()
        .map((message) => [message.sessionId, message.type === '@xstate.actor' && message.name]),
    ).toEqual([
      ['daemon:42', 'overseerd'],
      ['job:daemon', 'daemon'],
    ]);
  });

  test('of a job that is gone are not sent to those who come later', () => {
    const charts = new InspectedCharts(definitions);
    charts.take(inspection('web', null));
    expect(charts.take(inspection('web', 'Remove', 'stopped')).map(({ type }) => type)).toEqual([
      '@xstate.event',
      '@xstate.snapshot',
    ]);
    expect(charts.present()).toEqual([]);
  });
});
