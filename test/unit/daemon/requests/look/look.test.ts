import type { Status } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

async function staged(): Promise<RequestsStage> {
  const stage = new RequestsStage();
  await stage.apply({ db: {}, web: { after: ['db'], tags: ['x'] } });
  return stage;
}

test('a status is of all jobs or of those that are named, with the daemon, and counts if asked for', async () => {
  const stage = await staged();
  const status = async (jobs: readonly string[], counts?: boolean): Promise<Status> =>
    (await stage.ask({ name: 'status', jobs, ...(counts !== undefined && { counts }) })).answer as Status;
  const names = ({ jobs }: Status): readonly string[] => jobs.map(({ name }) => name);
  const all = await status([]);
  expect([all.daemon.pid, names(all), names(await status(['tag:x'])), all.jobs[0]?.counts]).toEqual([
    4242,
    ['db', 'web'],
    ['web'],
    undefined,
  ]);
  const { jobs } = await status(['web'], true);
  expect(jobs.map(({ name, counts }) => [name, counts?.starts])).toEqual([['web', 1]]);
  expect((await stage.ask({ name: 'status', jobs: ['db', 'no'] })).answer).toMatchObject({
    code: 'no-such-job',
    jobs: ['no'],
  });
});

test('an inspection begins with the charts as they are, and tells each step of those that are named', async () => {
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
  const many = new RequestsStage();
  await many.apply({ job: { instances: 1_001 } });
  expect((await many.ask({ name: 'inspect', jobs: [] })).answer).toEqual({
    code: 'bad-request',
    message: '1001 jobs are more than the 1000 that can be inspected at once; name some',
  });
});

test('events are those that are remembered, or each new one', async () => {
  const stage = await staged();
  const { answer } = await stage.ask({ name: 'events', jobs: ['web'], follow: false, verbose: false });
  const { events } = answer as { readonly events: readonly { id: string; state: string }[] };
  expect(events.map(({ id, state }) => [id, state])).toEqual([
    ['web', 'waiting'],
    ['web', 'starting'],
    ['web', 'running'],
  ]);
});
