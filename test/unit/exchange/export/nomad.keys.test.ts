import { exportOf, saidOf } from '../../../support/exchange/export-of.ts';

type Jobs = Parameters<typeof exportOf>[1];
interface Group {
  readonly Tasks: readonly [object];
}
/** The job of Nomad's API that a job with these keys becomes. */
const apiOf = (keys: Jobs[string]): { readonly TaskGroups: readonly [Group] } =>
  (JSON.parse(exportOf('nomad-json', { web: keys }).files[0]?.text ?? '') as { Job: never }).Job;
const second = 1_000_000_000;
const policy = (Attempts: number, seconds: number, delay: number, Mode: string): object => ({
  RestartPolicy: { Attempts, Interval: seconds * second, Delay: delay * second, Mode },
});

test.each<[Jobs[string], string, object]>([
  [{}, 'service', policy(1, 5, 1, 'delay')],
  [{ backoff: { min: 20 } }, 'service', policy(1, 20, 20, 'delay')],
  [{ backoff: { min: 0.1 } }, 'service', policy(1, 5, 1, 'delay')],
  [{ max_restarts: 4 }, 'service', policy(3, 3600, 1, 'fail')],
  [{ max_restarts: 101, backoff: { min: 60 } }, 'service', policy(100, 6000, 60, 'fail')],
  [{ restart: 'on-failure' }, 'batch', policy(1, 5, 1, 'delay')],
  [{ restart: 'never' }, 'batch', policy(0, 3600, 1, 'fail')],
  [{ schedule: '5 * * * *' }, 'batch', policy(0, 3600, 1, 'fail')],
])('a restart policy is that of Nomad: %j', (keys, type, group) => {
  const isLeftAlone =
    keys['max_restarts'] !== undefined || type === 'batch' ? keys['restart'] !== 'on-failure' : false;
  expect(apiOf(keys)).toMatchObject({ Type: type, TaskGroups: [group] });
  expect('ReschedulePolicy' in apiOf(keys).TaskGroups[0]).toBe(isLeftAlone);
});

test.each<[Jobs[string], object]>([
  [{ max_memory: '300MiB' }, { Resources: { MemoryMB: 300 } }],
  [{ max_memory: 300 * 2 ** 20 + 1 }, { Resources: { MemoryMB: 301 } }],
  [{ max_memory: '1MiB' }, { Resources: { MemoryMB: 10 } }],
  [{ stop_signal: 'SIGINT' }, { KillSignal: 'SIGINT' }],
  [{ stop_timeout: 2.5 }, { KillTimeout: 2.5 * second }],
  [
    { job_command: 'x a "b c"', cwd: '/srv' },
    { Config: { command: 'x', args: ['a', 'b c'], work_dir: '/srv' } },
  ],
  [{ env: { A: 'b' } }, { Env: { A: 'b', OVERSEER_JOB: 'web' } }],
])('a key of a job is in its task: %j', (keys, task) => {
  expect(apiOf(keys).TaskGroups[0].Tasks[0]).toMatchObject(task);
  expect(apiOf({}).TaskGroups[0].Tasks[0]).not.toHaveProperty(
    Object.keys(task)[0] === 'Resources' ? 'Resources' : 'None',
  );
});

test.each<[Jobs[string], readonly object[]]>([
  [
    { ready: { tcp: 'localhost:80' } },
    [{ Name: 'ready', Type: 'tcp', Interval: second, Timeout: 5 * second }],
  ],
  [
    { ready: { http: 'https://h/a?b', interval: 0.5, timeout: 0.5 } },
    [{ Type: 'http', Protocol: 'https', Path: '/a?b', Interval: second, Timeout: second }],
  ],
  [
    { alive: { http: 'http://h', interval: 3, timeout: 2, failures: 7 } },
    [
      {
        Name: 'alive',
        Protocol: 'http',
        Path: '/',
        Interval: 3 * second,
        Timeout: 2 * second,
        CheckRestart: { Limit: 7, Grace: second },
      },
    ],
  ],
  [
    { alive: { tcp: 'localhost:80' }, ready: { log: 'up' } },
    [{ Interval: 10 * second, CheckRestart: { Limit: 3, Grace: 60 * second } }],
  ],
])('a probe is a check of Nomad: %j', (keys, checks) => {
  expect(apiOf(keys)).toMatchObject({ TaskGroups: [{ Services: [{ Checks: checks }] }] });
});

test('each address is a service of its own, and each port is reserved once', () => {
  const job = apiOf({ ready: { tcp: 'localhost:90' }, alive: { http: 'https://127.0.0.1' } });
  expect(job).toMatchObject({
    TaskGroups: [
      {
        Networks: [
          {
            ReservedPorts: [
              { Label: 'port443', Value: 443 },
              { Label: 'port90', Value: 90 },
            ],
          },
        ],
        Services: [
          { Name: 'web', PortLabel: 'port90', Address: '127.0.0.1', Checks: [{ Name: 'ready' }] },
          { Name: 'web-alive', PortLabel: 'port443', Address: '127.0.0.1', Checks: [{ Name: 'alive' }] },
        ],
      },
    ],
  });
  const near = apiOf({ ready: { tcp: 'a:90' }, alive: { tcp: 'b:90' } });
  expect(near).toMatchObject({
    TaskGroups: [
      { Networks: [{ ReservedPorts: [{ Value: 90 }] }], Services: [{ Address: 'a' }, { Address: 'b' }] },
    ],
  });
  expect(apiOf({ ready: { command: 'x' }, alive: { command: 'x' } }).TaskGroups[0]).not.toHaveProperty(
    'Services',
  );
});

test.each([
  ['a_b', 'a-b'],
  ['_a_', 'a'],
  ['_', 'job'],
  ['x'.repeat(64), 'x'.repeat(63)],
  [`${'x'.repeat(62)}_y`, 'x'.repeat(62)],
])('the service of a job has a name that DNS takes: %s', (name, there) => {
  const [file] = exportOf('nomad-json', { [name]: { ready: { tcp: 'localhost:1' } } }).files;
  expect(JSON.parse(file?.text ?? '')).toMatchObject({
    Job: { TaskGroups: [{ Services: [{ Name: there }] }] },
  });
});

test.each([
  ['web', 'web-alive'],
  ['x'.repeat(64), `${'x'.repeat(57)}-alive`],
  [`${'x'.repeat(56)}_y`, `${'x'.repeat(56)}-alive`],
])('a second service has a name of its own, which DNS takes as well: %s', (name, there) => {
  const keys = { ready: { tcp: 'localhost:1' }, alive: { tcp: 'localhost:2' } };
  const [file] = exportOf('nomad-json', { [name]: keys }).files;
  expect(JSON.parse(file?.text ?? '')).toMatchObject({
    Job: { TaskGroups: [{ Services: [{}, { Name: there }] }] },
  });
});

test.each<[Jobs[string], string, readonly string[]]>([
  [
    { env: { A: 'b', C: '$${d}' } },
    'env',
    ['is not quite the same: Nomad itself fills in ${…} where it knows the name'],
  ],
  [{ env: { A: 'b' } }, 'env', []],
  [{ stop_timeout: 30 }, 'stop_timeout', []],
  [
    { stop_timeout: 31 },
    'stop_timeout',
    ['is not quite the same: above 30 s the client needs a greater max_kill_timeout'],
  ],
  [{ ready: { tcp: 'localhost:1' } }, 'ready', []],
  [
    { ready: { tcp: 'localhost:1', within: 5 } },
    'ready',
    ['is not quite the same: "within" is only how long a failed "alive" changes nothing after a start'],
  ],
  [{ ready: { command: 'x' } }, 'ready', ['is left out: Nomad asks only a port or a URL']],
  [{ alive: { command: 'x' } }, 'alive', ['is left out: Nomad asks only a port or a URL']],
  [{ alive: { http: 'http://h' } }, 'alive', []],
  [{ restart: 'never' }, 'restart', ['is not quite the same: it becomes a batch job']],
  [{ restart: 'always' }, 'restart', []],
  [{ job_command: '/bin/x' }, 'job_command', []],
  [{ schedule: '5 * * * *' }, 'schedule', []],
])('what is not the same in Nomad is told, and nothing else: %j', (keys, key, told) => {
  expect(saidOf(exportOf('nomad', { web: keys }), 'web', key)).toEqual(told);
});
