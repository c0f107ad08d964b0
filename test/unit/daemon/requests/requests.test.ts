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
