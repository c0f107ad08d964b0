import { importOf } from '../../../support/exchange/import-of.ts';

const processCompose = (text: string): ReturnType<typeof importOf> => {
  const { toml, remarks } = importOf({ 'process-compose.yaml': `processes:\n${text}` });
  return { toml, remarks: remarks.filter((each) => !each.startsWith('-: ')) };
};

test('a dependency that is no process is told, and the others are kept', () => {
  const { toml, remarks } = processCompose(
    '  db: { command: pg }\n  web:\n    command: serve\n' +
      '    depends_on: { db: { condition: process_started }, gone: { condition: process_started } }\n',
  );
  expect(toml).toContain('after = [{ job = "db", is = "running" }]');
  expect(remarks).toEqual(['5: gone is left out, so web does not wait for it']);
});

test('a process with a ready_log_line is not said to count as running by time alone', () => {
  const probe = 'liveness_probe: { exec: { command: look } }';
  expect(processCompose(`  web: { command: x, ready_log_line: up, ${probe} }\n`).remarks).toEqual([]);
  expect(processCompose(`  web: { command: x, ${probe} }\n`).remarks).toEqual([
    '2: without a readiness_probe the job counts as running after start_seconds',
  ]);
});

test('each part of a schedule is carried over or told', () => {
  const schedule = (keys: string): readonly string[] =>
    processCompose(`  web: { command: x, schedule: { cron: '* * * * *', ${keys} } }\n`).remarks;
  expect(schedule('max_concurrent: 1')).toEqual([]);
  expect(schedule('max_concurrent: 2')).toEqual([
    '2: max_concurrent is left out: there are never two runs of a job at once',
  ]);
  expect(schedule('jitter: 1')).toEqual([
    '2: jitter of schedule is left out: overseer has nothing that is like it',
  ]);
});
