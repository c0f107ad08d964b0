import { FleetStage } from '../support/fleet-stage.ts';

test('as long as no run has ended, each daemon searches for left-overs by all signs', async () => {
  const stage = new FleetStage();
  stage.unlaunchable.set('web', { detail: 'no room', lasting: false });
  await stage.apply({ web: {} });
  await stage.settle(1_000);
  expect(stage.fleet.get('web')?.snapshot.context).toMatchObject({ lastExit: null });
  expect(stage.fleet.get('web')?.snapshot.context.run).toBeGreaterThan(1);
  stage.crash();
  stage.unlaunchable.clear();
  stage.fleet.resume();
  await stage.settle(1_000);
  expect(stage.searches.map(({ log }) => log)).toEqual(['/logs/web', '/logs/web']);
  stage.exit('web');
  await stage.settle(1_000);
  stage.crash();
  stage.exit('web');
  stage.fleet.resume();
  await stage.settle(1_000);
  // A record names the processes of a run that has ended.
  expect(stage.searches.map(({ log }) => log)).toEqual(['/logs/web', '/logs/web', undefined]);
});
