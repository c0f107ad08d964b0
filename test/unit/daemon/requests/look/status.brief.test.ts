import { renderStatus, shownJobs } from '../../../../../src/cli/render/status.ts';
import type { BriefStatus, Status } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';
import { plain } from '../../../../support/sample-replies.ts';

/** What a client is sent. */
async function status<Answer>(stage: RequestsStage, request: { readonly brief?: true }): Promise<Answer> {
  const { answer } = await stage.ask({ name: 'status', jobs: [], ...request });
  return JSON.parse(JSON.stringify(answer)) as Answer;
}

test('T-1705 the table of a brief status is that of a whole one, of jobs in every state', async () => {
  const stage = new RequestsStage();
  const test = { exe: 'true', args: [] };
  const backoff = { minMs: 60_000, maxMs: 60_000, factor: 1 };
  stage.verdicts.set('held', 1);
  stage.stubborn.add('stopping');
  await stage.apply({
    running: { test, description: 'the site', tags: ['x', 'y'] },
    held: { test },
    waiting: { after: ['held'] },
    later: { schedule: '0 0 1 1 *' },
    copies: { instances: 2 },
    backoff: { backoff },
    failed: { restart: 'never' },
    finished: { restart: 'never' },
    stopping: {},
    stopped: {},
  });
  for (const name of ['backoff', 'failed']) stage.exit(name, { code: 3, signal: null });
  await stage.settle();
  stage.exit('backoff', { code: 3, signal: null });
  stage.exit('finished');
  await stage.settle(5_000);
  void stage.asking({ name: 'stop', jobs: ['stopping'], all: false });
  await stage.ask({ name: 'stop', jobs: ['stopped'], all: false });
  const [whole, brief] = [await status<Status>(stage, {}), await status<BriefStatus>(stage, { brief: true })];
  const states = new Set(whole.jobs.map(({ state }) => state));
  expect([...states].toSorted()).toEqual([
    'backoff',
    'failed',
    'finished',
    'held',
    'running',
    'stopped',
    'stopping',
    'waiting',
  ]);
  expect(renderStatus({ jobs: shownJobs(brief) }, plain(200))).toBe(renderStatus(whole, plain(200)));
  expect(brief.daemon).toEqual(whole.daemon);
});

test('T-1706 a brief status leaves out what says nothing', async () => {
  const stage = new RequestsStage();
  await stage.apply({ web: {} });
  await stage.settle(5_000);
  const { jobs } = await status<BriefStatus>(stage, { brief: true });
  expect(jobs).toEqual([
    { name: 'web', state: 'running', pid: expect.any(Number), ages: { up: expect.any(Number) } },
  ]);
});
