import { settingOf } from '../../../../src/daemon/feeds/job-setting.ts';
import { FleetStage } from '../../../support/fleet-stage.ts';

let stage: FleetStage;
beforeEach(() => (stage = new FleetStage()));
const setting = (name: string): unknown => settingOf(stage.fleet, name);

test('a job that is gone has no surroundings, and one that runs waits for nothing', async () => {
  await stage.apply({ db: {}, web: { after: ['db'] } });
  const nothing = { unmet: [], nextStartAt: null };
  expect([setting('none'), setting('web')]).toEqual([nothing, nothing]);
});

test('a job that waits has the states of its dependencies, and which of them are stopping', async () => {
  stage.stubborn.add('last');
  stage.verdicts.set('held', 1);
  const test = { exe: 'check', args: [] };
  const jobs = { db: {}, held: { test }, last: { after: ['db'] }, web: { after: ['db', 'held'] } };
  await stage.apply(jobs);
  expect(setting('web')).toEqual({ unmet: [{ name: 'held', state: 'held' }], nextStartAt: null });
  stage.fleet.takeDown(['db', 'last'], 'Stop');
  await stage.settle();
  expect(setting('web')).toEqual({
    unmet: [
      { name: 'held', state: 'held' },
      { name: 'db', state: 'about to stop' },
    ],
    nextStartAt: null,
  });
  await stage.settle(10_000);
  await stage.settle();
  expect(setting('web')).toEqual({
    unmet: [
      { name: 'db', state: 'stopped' },
      { name: 'held', state: 'held' },
    ],
    nextStartAt: null,
  });
});

test('a job in backoff has the time of its next start', async () => {
  stage.unlaunchable.set('web', { detail: 'no such file', lasting: false });
  await stage.apply({ web: {} });
  expect(setting('web')).toEqual({ unmet: [], nextStartAt: expect.stringMatching(/^2026-01-01T00:00:00/) });
});
