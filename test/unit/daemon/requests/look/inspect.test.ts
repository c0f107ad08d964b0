import { inspect } from '../../../../../src/daemon/requests/look/inspect.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

async function staged(): Promise<RequestsStage> {
  const stage = new RequestsStage();
  await stage.apply({ db: {}, web: { after: ['db'], tags: ['x'] } });
  return stage;
}

test('an inspection begins with the charts as they are, and tells each of their steps', async () => {
  const stage = await staged();
  const { replies, answer } = stage.asking({ name: 'inspect', jobs: ['web'] });
  await stage.ask({ name: 'stop', jobs: ['db', 'web'], all: false });
  const seen = replies.map((reply) =>
    reply.kind === 'inspection' ? [reply.inspection.id, reply.inspection.event?.type ?? null] : reply.kind,
  );
  expect(seen.slice(0, 3)).toEqual([
    ['4242', null],
    ['web', null],
    ['web', 'Stop'],
  ]);
  expect(new Set(seen.map(([id]) => id))).toEqual(new Set(['4242', 'web']));
  stage.inspections.end();
  expect(await answer).toEqual({ charts: 2 });
});

test('without a name all jobs are inspected, but not more than a reader can take', async () => {
  const stage = await staged();
  const all = stage.asking({ name: 'inspect', jobs: [] });
  await stage.settle();
  all.leave();
  expect(await all.answer).toEqual({ charts: 3 });
  const refused = inspect(
    { fleet: { all: Array(1_001).fill({}), resume: () => undefined } } as never,
    { name: 'inspect', jobs: [] },
    { client: null, reply: () => undefined, onGone: () => undefined },
  );
  expect(refused).toEqual({
    refusal: {
      code: 'bad-request',
      message: '1001 jobs are more than the 1000 that can be inspected at once; name some',
    },
  });
});
