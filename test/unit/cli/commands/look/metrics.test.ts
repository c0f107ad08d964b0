import { AskedDaemon } from '../../../../support/asked-daemon.ts';
import { run, type Outcome } from '../../../../support/fake-cli.ts';
import { job, refusal, statusOf } from '../../../../support/sample-replies.ts';

const metrics = (daemon: AskedDaemon, words = ''): Promise<Outcome> =>
  run(`metrics ${words}`, daemon.world, { ports: daemon.target.ports });

test('metrics are printed as text for Prometheus, and as JSON with the same facts', async () => {
  const daemon = new AskedDaemon().on('status', [statusOf(job({ name: 'web', restarts: 3 }))]);
  const { code, out } = await metrics(daemon);
  expect([code, out]).toEqual([0, expect.stringMatching(/^overseer_job_restarts_total\{name="web"\} 3$/m)]);
  expect(daemon.asked[0]).toEqual({ name: 'status', jobs: [], counts: true });
  const json = JSON.parse((await metrics(daemon, '--json')).out) as { readonly metrics: readonly unknown[] };
  expect(json.metrics).toContainEqual(
    expect.objectContaining({
      name: 'overseer_job_restarts_total',
      samples: [expect.objectContaining({ value: 3 })],
    }),
  );
});

test('metrics of an older daemon, which counts nothing, are those that it knows', async () => {
  const daemon = new AskedDaemon().on('status', [refusal('bad-request')], [statusOf(job({ name: 'web' }))]);
  expect(await metrics(daemon)).toMatchObject({
    code: 0,
    out: expect.stringContaining('name="web"'),
    err: '',
  });
  expect(daemon.asked.at(-1)).toEqual({ name: 'status', jobs: [] });
});

test('metrics without a daemon are refused with exit code 3', async () => {
  expect(await metrics(new AskedDaemon().gone())).toMatchObject({ code: 3, out: '' });
});

test('what the daemon has counted stands beside the rest', async () => {
  const counts = { starts: 5, exits: {}, tests: {}, aliveFailures: 0, started: 4, startingMs: 2_500 };
  const daemon = new AskedDaemon().on(
    'status',
    [statusOf(job({ name: 'web', counts } as never))],
    [statusOf(job({ name: 'web' }))],
  );
  const { out } = await metrics(daemon);
  expect(out).toMatch(/^overseer_job_starts_total\{name="web"\} 5$/m);
  expect(out).toMatch(/^overseer_job_start_duration_seconds_sum\{name="web"\} 2\.5$/m);
  expect(out).toMatch(/^overseer_job_start_duration_seconds_count\{name="web"\} 4$/m);
});
