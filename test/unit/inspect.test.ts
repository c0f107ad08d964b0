import { InspectedCharts } from '../../src/cli/inspect/stately.ts';
import { type InspectedChart, Inspections } from '../../src/daemon/feeds/inspections.ts';
import type { JobStep } from '../../src/fleet/job-instance.ts';
import type { Inspection } from '../../src/wire/messages.ts';
import type { Peer } from '../../src/wire/peer.ts';

const AT = Date.UTC(2026, 0, 2);
const at = new Date(AT).toISOString();
const chart = (id: string, child: string): InspectedChart => ({
  machine: 'job',
  id,
  job: id.replace(/@.*/, ''),
  tags: [],
  snapshot: { status: 'active', value: { child }, context: {} },
});
const step = (type: string, child: string, effects: readonly string[] = []): JobStep =>
  ({
    event: { type },
    before: null,
    after: { status: 'active', value: { child }, context: {} },
    effects,
  }) as unknown as JobStep;

const WEB = { job: 'web', tags: ['front'] };

/** Somebody who inspects, with what came; `leave` is their end of the connection. */
function viewer(): {
  readonly got: readonly string[];
  readonly peer: Pick<Peer, 'reply' | 'onGone'>;
  readonly leave: () => void;
} {
  const got: string[] = [];
  let gone = (): void => undefined;
  const told = ({ machine, id, event, snapshot }: Inspection): string =>
    `${machine} ${id} ${event?.type ?? '-'} ${snapshot.status}`;
  return {
    got,
    peer: {
      reply: (reply) =>
        void got.push(reply.kind === 'inspection' ? told(reply.inspection) : JSON.stringify(reply)),
      onGone: (callback) => (gone = callback),
    },
    leave: () => gone(),
  };
}

describe('the steps that the daemon sends', () => {
  test('are those of the charts that are asked for, after how each of these was at first, until the viewer leaves', async () => {
    const inspections = new Inspections({ wall: () => AT });
    inspections.note('job', 'web@1', step('Start', 'Down'), WEB);
    const { got, peer, leave } = viewer();
    const answer = inspections.follow([chart('web@1', 'Down')], ['web'], peer);
    inspections.note('job', 'web@2', step('Spawned', 'Running'), WEB);
    inspections.note('job', 'worker', step('Spawned', 'Running'));
    inspections.note('daemon', '42', step('Other', 'Running'));
    inspections.note('job', 'web@1', step('Remove', 'Gone', ['forgetJob']), WEB);
    leave();
    inspections.note('job', 'web@2', step('Stop', 'Down'), WEB);
    expect(got).toEqual([
      'job web@1 - active',
      'job web@2 Spawned active',
      'daemon 42 Other active',
      'job web@1 Remove stopped',
    ]);
    expect(await answer).toEqual({ charts: 1 });
  });

  test('cost nothing while nobody inspects: not even the clock is asked', () => {
    const inspections = new Inspections({
      wall: () => {
        throw new Error('the clock was asked');
      },
    });
    expect(() => inspections.note('job', 'web', step('Start', 'Down'))).not.toThrow();
  });

  test('end with an answer when the daemon does', async () => {
    const inspections = new Inspections({ wall: () => AT });
    const { got, peer } = viewer();
    const answer = inspections.follow([], [], peer);
    inspections.end();
    inspections.note('job', 'web', step('Start', 'Down'));
    expect(got).toEqual(['{"kind":"answer","answer":{"charts":0}}']);
    expect(await answer).toEqual({ charts: 0 });
  });
});

describe('the messages for the inspector', () => {
  const definitions = { daemon: '{"id":"daemon"}', job: '{"id":"job"}' };
  const base = { _version: '0.7.2', createdAt: String(AT), id: null };
  const inspection = (id: string, type: string | null, status = 'active'): Inspection => {
    const event = type === null ? null : { type };
    return { at, machine: 'job', id, event, snapshot: { status, value: { child: 'Down' }, context: {} } };
  };

  test('are an actor for a chart that is new, and an event and a snapshot for each step of one that is known', () => {
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
