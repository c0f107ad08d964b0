import { Requests } from '../../../../src/daemon/requests/requests.ts';
import { RequestsStage } from '../../../support/requests-stage.ts';

const peer = { client: null, reply: () => undefined, onGone: () => undefined };

test('a config that is read in another thread counts as being read until it is there', async () => {
  const stage = new RequestsStage();
  const given = stage.requestContext();
  let finish: () => void = () => undefined;
  const reading = new Promise<never>((resolve) => {
    finish = () => resolve({ ok: false, files: [], problems: [] } as never);
  });
  const requests = new Requests({ ...given, readConfig: () => reading });
  expect(requests.isReading).toBe(false);
  const trigger = { name: 'apply', configDir: '/c', wait: true, allowEmpty: false } as const;
  const answers = [
    requests.handle(trigger, peer),
    requests.handle({ ...trigger, name: 'plan' } as never, peer),
  ];
  expect(requests.isReading).toBe(true);
  finish();
  await Promise.all(answers);
  expect(requests.isReading).toBe(false);
});

test('what speaks against the login of the daemon is in the report of a trigger', async () => {
  const stage = new RequestsStage();
  stage.configs.set('/c', {});
  const given = stage.requestContext();
  const trigger = { name: 'apply', configDir: '/c', wait: true, allowEmpty: true } as const;
  const login = { kind: 'lingering' } as never;
  const told = await new Requests({ ...given, loginTrouble: () => Promise.resolve(login) }).handle(
    trigger,
    peer,
  );
  const none = await new Requests({ ...given, loginTrouble: () => Promise.resolve(null) }).handle(
    trigger,
    peer,
  );
  expect([told, none]).toMatchObject([{ answer: { ok: true, login } }, { answer: { ok: true } }]);
  expect(none).not.toHaveProperty('answer.login');
});

test('a job that several words mean is meant once', async () => {
  const stage = new RequestsStage();
  await stage.apply({ web: { tags: ['x'], stdin: true } });
  const jobs = ['web', 'w*', 'tag:x'];
  const answers = [
    (await stage.ask({ name: 'status', jobs })).answer as object,
    (await stage.ask({ name: 'signal', jobs, signal: 'HUP' })).answer as object,
    (await stage.ask({ name: 'stdin', jobs })).answer as object,
    (await stage.ask({ name: 'wait', jobs, state: 'running' })).answer as object,
    (await stage.ask({ name: 'stop', jobs, all: false })).answer as object,
  ];
  const counts = answers.map((answer) =>
    Object.values(answer)
      .filter((each) => Array.isArray(each) && each.length > 0)
      .map((each: readonly unknown[]) => each.length),
  );
  expect(counts).toEqual([[1], [1], [1], [1], [1]]);
  expect(stage.story.filter((each) => each.includes('HUP'))).toEqual(['web gets SIGHUP']);
});

test('a request that has its answer waits for no time any more', async () => {
  const stage = new RequestsStage();
  stage.configs.set('/c', { web: {}, db: { startMs: 2_000 } });
  await stage.ask({ name: 'apply', configDir: '/c', allowEmpty: false, wait: true }, 5_000);
  await stage.settle(60_000);
  const before = stage.clock.pending;
  stage.stubborn.add('web');
  const stopping = stage.asking({ name: 'stop', jobs: ['web', 'db'], all: false });
  await stage.settle();
  stage.exit('web');
  await stage.settle();
  expect(await stopping.answer).toMatchObject({ ok: true });
  expect(stage.clock.pending).toBeLessThanOrEqual(before);
});
