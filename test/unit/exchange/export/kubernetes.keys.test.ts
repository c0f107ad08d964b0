import { parseAllDocuments } from 'yaml';
import { exportOf, HERE, saidOf } from '../../../support/exchange/export-of.ts';

type Jobs = Parameters<typeof exportOf>[1];
const objects = (jobs: Jobs): readonly unknown[] =>
  parseAllDocuments(exportOf('kubernetes', jobs).files[0]?.text ?? '').map((each) => each.toJS() as unknown);
/** The pod of the only job. */
const podOf = (keys: Jobs[string]): { readonly containers: readonly unknown[] } =>
  (objects({ web: keys })[0] as { spec: { template: { spec: { containers: unknown[] } } } }).spec.template
    .spec;
const containerOf = (keys: Jobs[string]): unknown => podOf(keys).containers[0];

test.each([
  ['web', 'web', false],
  ['Web_1', 'web-1', true],
  ['-_a-_', 'a', true],
  ['1a', 'job-1a', true],
  ['a.b', 'a-b', true],
  [`a${'b'.repeat(60)}`, `a${'b'.repeat(51)}`, true],
])(
  'the name of a job is one that Kubernetes takes, and is told where it differs: %s',
  (name, there, isTold) => {
    const exported = exportOf('kubernetes', { [name]: {} });
    expect(objects({ [name]: {} })[0]).toMatchObject({ metadata: { name: there } });
    expect(saidOf(exported, name, 'name')).toEqual(
      isTold ? ['is not quite the same: in lower case, with hyphens'] : [],
    );
  },
);

test.each<[Jobs[string], string, object]>([
  [{ restart: 'never' }, 'Job', { backoffLimit: 0 }],
  [{ restart: 'on-failure' }, 'Job', { backoffLimit: 2 ** 31 - 1 }],
  [{ restart: 'on-failure', max_restarts: 3 }, 'Job', { backoffLimit: 2 }],
  [{ restart: 'on-failure', instances: 4 }, 'Job', { parallelism: 4, completions: 4 }],
  [{ restart: 'never', enabled: false }, 'Job', { suspend: true }],
  [{ instances: 3 }, 'Deployment', { replicas: 3 }],
  [{ instances: 3, enabled: false }, 'Deployment', { replicas: 0 }],
  [{}, 'Deployment', { replicas: 1 }],
  [{ schedule: '5 * * * *' }, 'CronJob', { jobTemplate: { spec: { backoffLimit: 0 } } }],
  [{ schedule: '5 * * * *', enabled: false }, 'CronJob', { suspend: true, concurrencyPolicy: 'Forbid' }],
])('a job is what Kubernetes has for its restart: %j is a %s', (keys, kind, spec) => {
  expect(objects({ web: keys })).toMatchObject([{ kind, spec }]);
  if (keys['enabled'] !== false) expect(objects({ web: keys })[0]).not.toHaveProperty('spec.suspend');
});

test.each<[Jobs[string], object]>([
  [{ alive: { tcp: '127.0.0.1:8' } }, { livenessProbe: { tcpSocket: { port: 8 }, periodSeconds: 10 } }],
  [{ alive: { command: 'look up' } }, { livenessProbe: { exec: { command: ['look', 'up'] } } }],
  [
    { alive: { http: 'https://h/a?b', interval: 3, timeout: 2 } },
    {
      livenessProbe: {
        httpGet: { path: '/a?b', port: 443, scheme: 'HTTPS' },
        periodSeconds: 3,
        timeoutSeconds: 2,
      },
    },
  ],
  [{ alive: { http: 'http://h' } }, { livenessProbe: { httpGet: { path: '/', port: 80, scheme: 'HTTP' } } }],
  [
    { alive: { http: 'http://h', timeout: 0.1, interval: 0.1 } },
    { livenessProbe: { periodSeconds: 1, timeoutSeconds: 1 } },
  ],
  [
    { ready: { tcp: 'localhost:8' } },
    { startupProbe: { failureThreshold: 60, periodSeconds: 1, timeoutSeconds: 5 } },
  ],
  [{ max_memory: '300MiB' }, { resources: { limits: { memory: '300Mi' } } }],
  [{ max_memory: 1000 }, { resources: { limits: { memory: '1000' } } }],
  [{ stdin: true }, { stdin: true }],
  [{ job_command: { exe: 'x', args: ['$(a)'] } }, { command: ['x', '$$(a)'] }],
  [
    { env: { A: '$(b)' }, cwd: '~/x' },
    {
      env: [
        { name: 'A', value: '$$(b)' },
        { name: 'OVERSEER_JOB', value: 'web' },
      ],
      workingDir: '/home/ann/x',
    },
  ],
])('a key of a job is in its container: %j', (keys, container) => {
  expect(containerOf(keys)).toMatchObject(container);
});

test('what a job has not is not in its container', () => {
  const keys = Object.keys(containerOf({ ready: { log: 'up' }, stdin: false }) as object);
  expect(keys).toEqual(['name', 'image', 'command', 'workingDir', 'env']);
  expect(podOf({ stop_timeout: 2.5 })).toMatchObject({
    terminationGracePeriodSeconds: 3,
    restartPolicy: 'Always',
  });
});

test('an init container waits for the port of the job before it, at its service', () => {
  const [db, service, web] = objects({
    DB: { ready: { http: 'https://127.0.0.1/up' } },
    web: { after: ['DB'], description: 'the site' },
  });
  expect(db).toMatchObject({ kind: 'Deployment' });
  expect(service).toMatchObject({
    kind: 'Service',
    spec: { selector: { app: 'db' }, ports: [{ port: 443 }] },
  });
  expect(web).toMatchObject({
    metadata: { annotations: { description: 'the site' }, labels: { app: 'web' } },
    spec: {
      template: {
        spec: {
          initContainers: [
            {
              name: 'wait-for-db',
              image: 'app:1',
              command: [
                'bash',
                '-c',
                'until "$0" "$@"; do sleep 1; done',
                'curl',
                '-fsS',
                '-o',
                '/dev/null',
                'https://db/up',
              ],
            },
          ],
        },
      },
    },
  });
  const tcp = JSON.stringify(objects({ db: { ready: { tcp: '127.0.0.1:5432' } }, web: { after: ['db'] } }));
  expect(tcp).toContain(': < /dev/tcp/db/5432');
  expect(tcp).toContain('"ports":[{"port":5432}]');
  const silent = JSON.stringify(objects({ db: { ready: { command: 'look' } }, web: { after: ['db'] } }));
  expect(silent).not.toMatch(/initContainers|Service/);
});

test.each<[Jobs[string], string, boolean]>([
  [{ stop_timeout: 1.5 }, 'stop_timeout', true],
  [{ stop_timeout: 2 }, 'stop_timeout', false],
  [{ alive: { tcp: 'localhost:1', interval: 1.5 } }, 'alive', true],
  [{ alive: { tcp: 'localhost:1', interval: 2 } }, 'alive', false],
  [{ schedule: 'every 10m' }, 'schedule', true],
  [{ schedule: '5 * * * *' }, 'schedule', false],
  [{ rolling: true, restart: 'never' }, 'rolling', true],
  [{ rolling: true }, 'rolling', false],
  [{ restart: 'never' }, 'restart', true],
  [{ restart: 'always' }, 'restart', false],
])('what is not the same in Kubernetes is told, and nothing else: %j', (keys, key, isTold) => {
  expect(saidOf(exportOf('kubernetes', { web: keys }), 'web', key)).toHaveLength(isTold ? 1 : 0);
});

test('two jobs of one name there, and schedules that cron cannot say, are left out', () => {
  const said = ({ remarks }: ReturnType<typeof exportOf>): readonly string[] =>
    remarks.filter(({ job, key }) => job !== null && key === null).map(({ message }) => message);
  expect(said(exportOf('kubernetes', { a_b: {}, 'a-b': {} }))).toEqual([
    'left out: there it would have the same name as a_b',
  ]);
  expect(said(exportOf('kubernetes', { a: { schedule: 'every 7m' } }, HERE))).toEqual([
    'left out: cron cannot say "every 7m"',
  ]);
});
