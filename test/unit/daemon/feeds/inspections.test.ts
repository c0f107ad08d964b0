import { type InspectedChart, Inspections } from '../../../../src/daemon/feeds/inspections.ts';
import type { JobStep } from '../../../../src/fleet/job-instance.ts';
import type { Inspection } from '../../../../src/wire/messages.ts';
import type { Peer } from '../../../../src/wire/peer.ts';

const AT = Date.UTC(2026, 0, 2);

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

test('the inspected steps are those of the charts asked for, from their first snapshot on', async () => {
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

test('inspections cost nothing while nobody inspects: not even the clock is asked', () => {
  const inspections = new Inspections({
    wall: () => {
      throw new Error('the clock was asked');
    },
  });
  expect(() => inspections.note('job', 'web', step('Start', 'Down'))).not.toThrow();
});

test('inspections end with an answer when the daemon does', async () => {
  const inspections = new Inspections({ wall: () => AT });
  const { got, peer } = viewer();
  const answer = inspections.follow([], [], peer);
  inspections.end();
  inspections.note('job', 'web', step('Start', 'Down'));
  expect(got).toEqual(['{"kind":"answer","answer":{"charts":0}}']);
  expect(await answer).toEqual({ charts: 0 });
});
