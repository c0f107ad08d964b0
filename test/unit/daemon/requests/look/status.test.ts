import type { Status } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

async function staged(): Promise<RequestsStage> {
  const stage = new RequestsStage();
  await stage.apply({ db: {}, web: { after: ['db'], tags: ['x'] } });
  return stage;
}

test('a status is of all jobs or of those that are named, with counts if asked for', async () => {
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
