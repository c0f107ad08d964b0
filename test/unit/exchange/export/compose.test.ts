import { parse } from 'yaml';
import { exportOf, HERE, saidOf } from '../../../support/exchange/export-of.ts';

type Jobs = Parameters<typeof exportOf>[1];
const servicesOf = (jobs: Jobs): Readonly<Record<string, object>> =>
  (parse(exportOf('compose', jobs).files[0]?.text ?? '') as { services: Record<string, object> }).services;
const serviceOf = (keys: Jobs[string]): object => servicesOf({ web: keys })['web'] ?? {};

test.each<[Jobs[string], object]>([
  [{}, { image: 'app:1', restart: 'always', stop_grace_period: '10s', command: ['x'] }],
  [{ restart: 'never' }, { restart: 'no' }],
  [{ restart: 'on-failure' }, { restart: 'on-failure' }],
  [{ restart: 'on-failure', max_restarts: 1 }, { restart: 'no' }],
  [{ restart: 'on-failure', max_restarts: 3 }, { restart: 'on-failure:2' }],
  [{ max_restarts: 3 }, { restart: 'always' }],
  [{ job_command: { exe: 'x', args: ['$A'] } }, { command: ['x', '$$A'] }],
  [{ env: { A: '$$b' } }, { environment: { A: '$$b', OVERSEER_JOB: 'web' } }],
  [
    { env_file: 'vars', cwd: '/srv' },
    { env_file: ['/srv/vars'], working_dir: '/srv' },
  ],
  [
    { stop_signal: 'SIGINT', stop_timeout: 2.5 },
    { stop_signal: 'SIGINT', stop_grace_period: '2.5s' },
  ],
  [{ instances: 3 }, { deploy: { replicas: 3 } }],
  [{ enabled: false }, { profiles: ['disabled'] }],
  [{ limits: { nofile: 64, as: 5, core: 'unlimited' } }, { ulimits: { nofile: 64, core: -1 } }],
  [{ max_memory: '300MiB' }, { mem_limit: '300m' }],
  [{ max_memory: '2GiB' }, { mem_limit: '2g' }],
  [{ max_memory: 1000 }, { mem_limit: '1000b' }],
  [{ stdin: true }, { stdin_open: true }],
  [{ ready: { command: 'look $$A' } }, { healthcheck: { interval: '1s', timeout: '5s', retries: 60 } }],
  [
    { ready: { tcp: 'localhost:8', interval: 2, timeout: 3, within: 5 } },
    {
      healthcheck: {
        test: ['CMD', 'bash', '-c', ': < /dev/tcp/localhost/8'],
        interval: '2s',
        timeout: '3s',
        retries: 3,
      },
    },
  ],
])('a key of a job is in its service: %j', (keys, service) => {
  expect(serviceOf(keys)).toMatchObject(service);
});

test('what a job has not is not in its service', () => {
  const plain = ['image', 'command', 'working_dir', 'environment', 'restart', 'stop_grace_period'];
  expect(Object.keys(serviceOf({}))).toEqual(plain);
  expect(Object.keys(serviceOf({ ready: { log: 'up' }, limits: { as: 5 }, stdin: false }))).toEqual(plain);
});

test('a service waits for what the config says, by the condition that Docker has for it', () => {
  const jobs = {
    once: { restart: 'never' },
    web: {},
    db: { ready: { tcp: 'localhost:1' } },
    slow: { ready: { log: 'up' } },
    off: { enabled: false },
    'a:b': {
      after: [
        'once',
        'web',
        'db',
        'slow',
        'off',
        { job: 'once', is: 'running' },
        { job: 'web', is: 'finished' },
      ],
    },
  };
  expect(
    servicesOf({ ...jobs, 'a:b': { after: ['once', 'web', 'db', 'slow', 'off'] } })['a-b'],
  ).toMatchObject({
    depends_on: {
      once: { condition: 'service_completed_successfully' },
      web: { condition: 'service_started' },
      db: { condition: 'service_healthy' },
      slow: { condition: 'service_started' },
      off: { condition: 'service_started', required: false },
    },
  });
  expect(servicesOf({ ...jobs, 'a:b': { after: jobs['a:b'].after.slice(5) } })['a-b']).toMatchObject({
    depends_on: {
      once: { condition: 'service_started' },
      web: { condition: 'service_completed_successfully' },
    },
  });
});

test.each<[Jobs[string], string, boolean]>([
  [{ restart: 'on-failure', max_restarts: 1 }, 'restart', true],
  [{ restart: 'on-failure', max_restarts: 2 }, 'restart', false],
  [{ restart: 'always', max_restarts: 1 }, 'restart', false],
  [{ restart: 'on-failure', max_restarts: 2 }, 'max_restarts', false],
  [{ restart: 'on-failure', max_restarts: 1 }, 'max_restarts', true],
  [{ max_restarts: 2 }, 'max_restarts', true],
  [{ limits: { as: 5 } }, 'limits', true],
  [{ limits: { core: 5 } }, 'limits', false],
  [{ enabled: true }, 'enabled', false],
  [{ enabled: false }, 'enabled', true],
])('what is not the same in compose is told, and nothing else: %j', (keys, key, isTold) => {
  expect(saidOf(exportOf('compose', { web: keys }), 'web', key)).toHaveLength(isTold ? 1 : 0);
});

test('a job with a schedule is left out of a compose file, and what waited for it says so', () => {
  const exported = exportOf('compose', { tick: { schedule: '@daily' }, 'a:b': { after: ['tick'] } }, HERE);
  expect(exported.remarks.filter(({ job }) => job !== null)).toEqual([
    {
      job: 'tick',
      key: null,
      message: 'left out: compose has no schedules; let cron run `docker compose run`',
    },
    { job: 'a:b', key: 'name', message: 'is not quite the same: colons and the like become hyphens' },
    { job: 'a:b', key: 'job_command', message: 'is not quite the same: the program must be in the image' },
    { job: 'a:b', key: 'after', message: 'tick is left out, so nothing waits for it' },
  ]);
});

test('a tag in "after" means each other job that has it, and a copy its job', () => {
  const [db, cache] = [{ tags: ['t'] }, { tags: ['s', 't'], instances: 2 }];
  const after = (names: readonly string[]): unknown =>
    Object.keys(
      (
        servicesOf({ db, cache, 'x@1': {}, web: { after: names, tags: ['t'] } })['web'] as {
          depends_on: object;
        }
      ).depends_on,
    );
  expect(after(['tag:t'])).toEqual(['db', 'cache']);
  expect(after(['tag:s'])).toEqual(['cache']);
  expect(after(['cache@2'])).toEqual(['cache']);
  expect(after(['x@1'])).toEqual(['x-1']);
});
