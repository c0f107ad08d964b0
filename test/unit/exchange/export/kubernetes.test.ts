import { parseAllDocuments } from 'yaml';
import { exportOf, HERE, saidOf } from '../../../support/exchange/export-of.ts';

const objects = (jobs: Parameters<typeof exportOf>[1], here = HERE): readonly unknown[] =>
  parseAllDocuments(exportOf('kubernetes', jobs, here).files[0]?.text ?? '').map(
    (each) => each.toJS() as unknown,
  );

test('there are never two copies of a job at once, unless its copies are rolled', () => {
  const jobs = { db: {}, web: { instances: 3, rolling: true } };
  expect(objects(jobs)).toMatchObject([
    { spec: { strategy: { type: 'Recreate' } } },
    { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } },
  ]);
  expect(saidOf(exportOf('kubernetes', jobs), 'web', 'rolling')).toEqual([]);
});

test('a container is asked whether it is alive only once it is ready, which may take "within"', () => {
  const http = 'http://127.0.0.1:80/up';
  const jobs = { web: { ready: { http, interval: 2, within: 90 }, alive: { http, failures: 4 } } };
  expect(objects(jobs)[0]).toMatchObject({
    spec: {
      template: {
        spec: {
          containers: [
            {
              startupProbe: { httpGet: { path: '/up' }, periodSeconds: 2, failureThreshold: 45 },
              readinessProbe: { httpGet: { path: '/up' }, periodSeconds: 2 },
              livenessProbe: { failureThreshold: 4 },
            },
          ],
        },
      },
    },
  });
});

test('a schedule keeps its time zone', () => {
  const jobs = { tick: { schedule: '30 2 * * *' } };
  expect(objects(jobs)).toMatchObject([{ spec: { schedule: '30 2 * * *', timeZone: 'Europe/Berlin' } }]);
  expect(objects(jobs, { ...HERE, timeZone: null })[0]).not.toHaveProperty('spec.timeZone');
});

test.each(['kubernetes', 'compose'] as const)('%s says that every job has a network of its own', (format) => {
  expect(exportOf(format, { db: {} }).remarks).toContainEqual({
    job: null,
    key: null,
    message: 'localhost is each container’s own there: jobs reach each other by their names',
  });
});
