import type { HookCommands, Job } from '../../../../../src/config/config.ts';
import type { Why } from '../../../../../src/wire/messages.ts';
import { RequestsStage } from '../../../../support/requests-stage.ts';

let stage: RequestsStage;
beforeEach(() => (stage = new RequestsStage()));

async function because(job: string): Promise<unknown> {
  const { answer } = await stage.ask({ name: 'why', job });
  return (answer as { readonly jobs: readonly [Why] }).jobs[0].because;
}

const RUNNING = { kind: 'running', test: null };
const ROLLING: Partial<Job> = { rolling: true, instances: 2 };
const trigger = (jobs: Readonly<Record<string, Partial<Job>>>, ms = 1): Promise<unknown> => {
  stage.configs.set('/c', jobs);
  return stage.report({ name: 'apply', configDir: '/c', wait: false, allowEmpty: true }, ms);
};

test('a copy says that it waits for its turn, or which other one keeps it from being replaced', async () => {
  await trigger({ web: ROLLING });
  await trigger({ web: { ...ROLLING, env: { A: '1' }, startMs: 5_000 } });
  expect(await because('web@2')).toEqual([RUNNING, { kind: 'awaitsTurn', stoppedBy: null }]);
  stage.exit('web@1', { code: 1, signal: null });
  stage.unlaunchable.set('web@1', { detail: 'no such file', lasting: true });
  await stage.settle(10_000);
  expect(await because('web@2')).toEqual([
    RUNNING,
    { kind: 'awaitsTurn', stoppedBy: { name: 'web@1', state: 'failed' } },
  ]);
});

test('a trigger whose roll stops says which copy it was left for', async () => {
  await trigger({ web: ROLLING });
  stage.unlaunchable.set('web@1', { detail: 'no such file', lasting: true });
  const jobs = { web: { ...ROLLING, env: { A: '1' } } };
  stage.configs.set('/c', jobs);
  const changed = { kind: 'keysChanged', keys: ['env'] };
  expect(await stage.report({ name: 'apply', configDir: '/c', wait: true, allowEmpty: true })).toEqual([
    false,
    ['web@1', 'restart', 'changed', 'failed', changed, { kind: 'notStarted', why: 'no such file' }],
    ['web@2', 'none', 'changed', 'running', changed, { kind: 'rollStopped', by: 'web@1', state: 'failed' }],
  ]);
  expect(
    await stage.report({ name: 'restart', jobs: ['web@2'], all: false, wait: true, rolling: true }),
  ).toEqual([true, ['web@2', 'restart', 'by-hand', 'running']]);
});

test('a job says which hook of it failed last', async () => {
  const on: HookCommands = { running: { exe: 'tell', args: [] } };
  await trigger({ web: { on } });
  stage.hooks[0]?.end({ code: 2 });
  await stage.settle();
  expect(await because('web')).toEqual([
    RUNNING,
    { kind: 'hookFailed', state: 'running', at: '2026-01-01T00:00:00.001Z', detail: 'exited with 2' },
  ]);
});

test('a job that was restarted for a file says which, until it starts for another reason', async () => {
  await trigger({ web: { watch: ['*.js'] } });
  stage.watching.get('*.js')?.remarked(['*.js matches no file']);
  await stage.settle(60_000);
  stage.watching.get('*.js')?.changed('/home/me/a.js');
  await stage.settle(2_000);
  expect(stage.story).toEqual(['web runs', 'web gets SIGTERM', 'web runs']);
  const remark = { kind: 'watch', remark: '*.js matches no file' };
  expect(await because('web')).toEqual([
    RUNNING,
    { kind: 'restartedForFile', file: '/home/me/a.js' },
    remark,
  ]);
  await stage.ask({ name: 'restart', jobs: ['web'], all: false, wait: true });
  expect(await because('web')).toEqual([RUNNING, remark]);
  await stage.ask({ name: 'stop', jobs: ['web'], all: false });
  expect(await because('web')).toEqual([{ kind: 'stoppedByHand' }, remark]);
});
