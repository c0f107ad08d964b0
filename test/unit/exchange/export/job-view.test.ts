import { parse as parsePlist } from 'plist';
import { parseAllDocuments } from 'yaml';
import { exportOf, HERE, linesOf, saidOf } from '../../../support/exchange/export-of.ts';

const COPIES = { instances: 2, env: { PORT: '300${OVERSEER_INSTANCE}' } };

test('a file of variables below the home folder is named by its whole path, whatever the cwd', () => {
  const jobs = { web: { cwd: '~/shop', env_file: ['~/a.env', '$HOME/b.env', 'c.env', '/d.env'] } };
  expect(linesOf(exportOf('systemd', jobs), 'web.service', 'EnvironmentFile')).toEqual([
    'EnvironmentFile=/home/ann/a.env',
    'EnvironmentFile=/home/ann/b.env',
    'EnvironmentFile=/home/ann/shop/c.env',
    'EnvironmentFile=/d.env',
  ]);
});

test('a value of env may refer to the variables of env_file', () => {
  const exported = exportOf(
    'systemd',
    { web: { env_file: '/a.env', env: { URL: 'http://${HOST}/' } } },
    { ...HERE, fromFiles: { web: { HOST: 'example.org' } } },
  );
  expect(linesOf(exported, 'web.service', 'Environment')[0]).toBe('Environment="URL=http://example.org/"');
});

test('systemd and launchd give each copy its number where env refers to it', () => {
  const [systemd, launchd] = [exportOf('systemd', { web: COPIES }), exportOf('launchd', { web: COPIES })];
  expect(linesOf(systemd, 'web@.service', 'Environment')[0]).toBe('Environment="PORT=300%i"');
  expect(launchd.files.map(({ text }) => parsePlist(text))).toMatchObject([
    { EnvironmentVariables: { PORT: '3001' } },
    { EnvironmentVariables: { PORT: '3002' } },
  ]);
  expect([saidOf(systemd, 'web', 'env'), saidOf(launchd, 'web', 'env')]).toEqual([[], []]);
});

test.each(['compose', 'kubernetes', 'nomad', 'procfile'] as const)(
  'where copies have no numbers, as in %s, what refers to one is written as for the first',
  (format) => {
    const exported = exportOf(format, { web: COPIES });
    expect(exported.files[0]?.text).toMatch(/3001/);
    expect(saidOf(exported, 'web', 'env')).toEqual([
      'PORT is written as the first copy has it: the copies do not know their numbers there',
    ]);
  },
);

test('a probe may refer to a variable', () => {
  const jobs = {
    web: {
      env: { PORT: '3000', HOST: '${NAME:-127.0.0.1}' },
      ready: { http: 'http://${HOST}:${PORT}/up' },
      alive: { tcp: '127.0.0.1:${PORT}' },
    },
  };
  const [deployment] = parseAllDocuments(exportOf('kubernetes', jobs).files[0]?.text ?? '').map(
    (each) => each.toJS() as unknown,
  );
  expect(deployment).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              readinessProbe: { httpGet: { path: '/up', port: 3000 } },
              livenessProbe: { tcpSocket: { port: 3000 } },
            },
          ],
        },
      },
    },
  });
  expect(saidOf(exportOf('kubernetes', jobs), 'web', 'env')).toEqual([
    'HOST is written as it is in this shell now',
  ]);
});

test('a probe of each copy has its number in systemd, which knows it', () => {
  const jobs = { web: { instances: 2, ready: { tcp: '127.0.0.1:300${OVERSEER_INSTANCE}' } } };
  expect(linesOf(exportOf('systemd', jobs), 'web@.service', 'ExecStartPost')[0]).toContain(
    '/dev/tcp/127.0.0.1/300%i',
  );
});

test('an address of IPv6 has its brackets only where its port comes after it', () => {
  const jobs = { web: { ready: { tcp: '[::1]:80' } } };
  expect(linesOf(exportOf('systemd', jobs), 'web.service', 'ExecStartPost')[0]).toContain('/dev/tcp/::1/80');
  expect(JSON.parse(exportOf('nomad-json', jobs).files[0]?.text ?? '')).toMatchObject({
    Job: { TaskGroups: [{ Services: [{ Address: '::1', PortLabel: 'port80' }] }] },
  });
});

test('a size in memory is told in the greatest unit that divides it', () => {
  const memoryOf = (size: string | number): readonly string[] =>
    linesOf(exportOf('systemd', { web: { max_memory: size } }), 'web.service', 'MemoryMax');
  expect(['2GiB', '1536MiB', '3KiB', 1025].map(memoryOf).flat()).toEqual([
    'MemoryMax=2G',
    'MemoryMax=1536M',
    'MemoryMax=3K',
    'MemoryMax=1025',
  ]);
});

test('what a probe refers to is looked up in env first, and then in this shell, which is told', () => {
  const said = (env: Readonly<Record<string, string>>): readonly string[] =>
    saidOf(
      exportOf(
        'systemd',
        { web: { env, ready: { tcp: 'h:${PORT}' } } },
        { ...HERE, base: { HOME: '/home/ann', PORT: '1' } },
      ),
      'web',
      'ready',
    );
  expect(said({}).at(-1)).toBe('is written as it is in this shell now');
  expect(said({ PORT: '2' })).toHaveLength(1);
});
