import { exportOf, saidOf } from '../../../support/exchange/export-of.ts';

interface Api {
  readonly Job: { readonly TaskGroups: readonly { readonly Services?: readonly unknown[] }[] };
}
const api = (jobs: Parameters<typeof exportOf>[1]): Api['Job'] =>
  (JSON.parse(exportOf('nomad-json', jobs).files[0]?.text ?? '') as Api).Job;

test('Nomad asks a port both ways in one service, since a service is there once', () => {
  const tcp = '127.0.0.1:5432';
  expect(api({ db: { ready: { tcp }, alive: { tcp } } }).TaskGroups[0]?.Services).toMatchObject([
    { Name: 'db', PortLabel: 'port5432', Checks: [{ Name: 'ready' }, { Name: 'alive' }] },
  ]);
});

test('Nomad restarts nothing that is unhealthy before its start may have ended', () => {
  const graces = (jobs: Parameters<typeof exportOf>[1]): unknown =>
    api(jobs).TaskGroups[0]?.Services?.flatMap((each) =>
      (each as { Checks: { CheckRestart?: { Grace: number } }[] }).Checks.map(
        ({ CheckRestart: restart }) => restart?.Grace,
      ),
    );
  const [tcp, command] = ['127.0.0.1:5432', 'look'];
  expect(graces({ db: { alive: { tcp } } })).toEqual([1e9]);
  expect(graces({ db: { alive: { tcp }, ready: { tcp, within: 20 } } })).toEqual([undefined, 20e9]);
  expect(graces({ db: { alive: { tcp }, ready: { command } } })).toEqual([60e9]);
});

test('a schedule keeps its time zone in both forms', () => {
  const jobs = { tick: { schedule: '30 2 * * *' } };
  expect(api(jobs)).toMatchObject({ Periodic: { Specs: ['30 2 * * *'], TimeZone: 'Europe/Berlin' } });
  expect(exportOf('nomad', jobs).files[0]?.text).toContain('time_zone        = "Europe/Berlin"');
});

test('Nomad is said to need the path of a program, and a node for each copy that has a port', () => {
  const exported = exportOf('nomad', { web: { instances: 2, job_command: 'npm ${start}' }, a: {} });
  expect(saidOf(exported, 'web', 'job_command')).toEqual([
    'is not quite the same: the program must be in the PATH of Nomad, or named by its whole path, ' +
      'and Nomad itself fills in ${…} where it knows the name',
  ]);
  expect(saidOf(exported, 'a', 'job_command')).toEqual([
    'is not quite the same: the program must be in the PATH of Nomad, or named by its whole path',
  ]);
});

test('attributes are lined up where no block is between them', () => {
  expect(exportOf('nomad', { web: { stop_signal: 'SIGINT' } }).files[0]?.text).toContain(
    '    task "main" {\n      driver = "raw_exec"\n\n',
  );
});
