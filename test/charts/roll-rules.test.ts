import { apply, applyInTurn, exited, gone, passed, runningJob } from '../support/job-script.ts';

const TESTED = { hasTest: true } as const;

test('J-52 A copy that is replaced in its turn keeps its child until then; another child has the new config', () => {
  const job = runningJob().post(applyInTurn({}, 'b'));
  expect([job.value.child, job.effects()]).toEqual([{ Up: 'Running' }, []]);
  expect(job.context).toMatchObject({ spec: 'b', runSpec: 'a', awaitsTurn: true });
  job.post(apply({}, 'b'));
  expect(job.value.child).toEqual({ Ending: 'Stopping' });
  expect(job.post(gone(1)).context).toMatchObject({ run: 2, runSpec: 'b', awaitsTurn: false });
});

test('J-52 a copy that ends before its turn starts with the config that it has now', () => {
  const job = runningJob().post(applyInTurn({}, 'b'), exited(1, 1), gone(1));
  expect(job.context).toMatchObject({ run: 2, runSpec: 'b', awaitsTurn: false });
});

test('J-52 a test that passes does not make it the turn of a copy, and one that fails stops it', () => {
  const job = runningJob(TESTED).post(applyInTurn(TESTED, 'b'), passed(2));
  expect([job.value.test, job.value.child]).toEqual([{ Idle: 'Quiet' }, { Up: 'Running' }]);
  job.post(apply(TESTED, 'b'), passed(3));
  expect(job.value.child).toEqual({ Ending: 'Stopping' });
});

test('J-52 a config that is taken back leaves a copy that has not had its turn as it is', () => {
  const job = runningJob().post(applyInTurn({}, 'b'), apply({}, 'a'));
  expect([job.value.child, job.effects()]).toEqual([{ Up: 'Running' }, []]);
  expect(job.context).toMatchObject({ spec: 'a', runSpec: 'a', awaitsTurn: false });
});

test('J-52 a restart by hand ends the wait of a copy', () => {
  const job = runningJob().post(applyInTurn({}, 'b'), { type: 'Restart' }, gone(1));
  expect(job.context).toMatchObject({ run: 2, runSpec: 'b', awaitsTurn: false });
});
